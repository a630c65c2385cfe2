/** Reloads are counted over this time. */
const WINDOW_MS = 10_000;

/**
 * How long the next reload waits, by the number of reloads in the last ten seconds. A single change is live
 * at once; a hundred in a row are at most six reloads in ten seconds. Each reload resets some kept
 * connections and leaves old workers for as long as their streams last.
 */
const WAIT_MS = [0, 0, 200, 1000, 4500, 5500];

/** Decides when nginx may be reloaded next, and waits for it. */
export class ReloadPace {
  #reloads: number[] = [];
  #hurried = false;
  #next = 0;
  #wake: (() => void) | undefined;

  reloaded(now = Date.now()): void {
    this.#reloads = [...this.#reloads.filter((at) => now - at < WINDOW_MS), now];
    this.#hurried = false;
  }

  /** Milliseconds from `now` until a reload is welcome. */
  wait(now = Date.now()): number {
    const recent = this.#reloads.filter((at) => now - at < WINDOW_MS);
    const last = recent.at(-1);
    if (last === undefined) return 0;
    const gap = WAIT_MS[Math.min(recent.length, WAIT_MS.length - 1)] ?? 0;
    return Math.max(0, last + gap - now);
  }

  /** Milliseconds that the reload under way still waits; 0 when none waits. */
  get remaining(): number {
    return this.#wake === undefined ? 0 : Math.max(0, this.#next - Date.now());
  }

  /** The next reload does not wait: somebody took something away, or the gateway stops. */
  hurry(): void {
    this.#hurried = true;
    this.#wake?.();
  }

  /** Resolves when a reload is welcome. */
  async turn(): Promise<void> {
    const wait = this.wait();
    if (wait === 0 || this.#hurried) return;
    this.#next = Date.now() + wait;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
