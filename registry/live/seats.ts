/** Counts connections, in all and of each caller. */
export class Seats {
  readonly #limits: { readonly inAll: number; readonly each: number };
  readonly #taken = new Map<string, number>();
  #inAll = 0;

  constructor(limits: { readonly inAll: number; readonly each: number }) {
    this.#limits = limits;
  }

  get inAll(): number {
    return this.#inAll;
  }

  /** Whether somebody could still come, whoever it is. */
  get isFull(): boolean {
    return this.#inAll >= this.#limits.inAll;
  }

  /** @returns gives the seat back, once; undefined when there is none left for this caller */
  take(caller: string): (() => void) | undefined {
    const mine = this.#taken.get(caller) ?? 0;
    if (this.isFull || mine >= this.#limits.each) return undefined;
    this.#inAll += 1;
    this.#taken.set(caller, mine + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#inAll -= 1;
      const left = (this.#taken.get(caller) ?? 1) - 1;
      if (left === 0) this.#taken.delete(caller);
      else this.#taken.set(caller, left);
    };
  }
}
