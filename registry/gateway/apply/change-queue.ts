import type { GatewayOutcome } from '../gateway.js';

interface Waiter {
  readonly change: number;
  readonly settle: (outcome: GatewayOutcome) => void;
}

/** Counts the changes that nginx has to follow, and tells those who wait what became of them. */
export class ChangeQueue {
  #noted = 0;
  #settled = 0;
  #last: GatewayOutcome = { state: 'pending', generation: '' };
  #waiters: Waiter[] = [];

  /** The number of the newest change. */
  get newest(): number {
    return this.#noted;
  }

  get isSettled(): boolean {
    return this.#settled >= this.#noted;
  }

  note(): void {
    this.#noted += 1;
  }

  /** All changes up to and including number `upTo` have this outcome. */
  settle(upTo: number, outcome: GatewayOutcome): void {
    this.#settled = Math.max(this.#settled, upTo);
    this.#last = outcome;
    const waiters = this.#waiters;
    this.#waiters = waiters.filter(({ change }) => change > upTo);
    for (const waiter of waiters) if (waiter.change <= upTo) waiter.settle(outcome);
  }

  /** The outcome of everything noted so far, or `pending` after `withinMs`. */
  outcome(withinMs: number, pending: () => GatewayOutcome): Promise<GatewayOutcome> {
    if (this.isSettled) return Promise.resolve(this.#last);
    const change = this.#noted;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(pending()), withinMs);
      this.#waiters.push({
        change,
        settle(outcome) {
          clearTimeout(timer);
          resolve(outcome);
        },
      });
    });
  }
}
