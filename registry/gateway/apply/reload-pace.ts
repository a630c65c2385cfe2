/** Reloads are counted over this time. */
const WINDOW_MS = 10_000;

/**
 * How long the next reload waits, by the number of reloads in the last ten seconds. A single change is live
 * at once; a hundred in a row are at most six reloads in ten seconds. Each reload resets some kept
 * connections and leaves old workers for as long as their streams last.
 */
const WAIT_MS = [0, 150, 500, 1500, 3000, 5000];

/** Decides when nginx may be reloaded next. Pure but for the memory of past reloads. */
export class ReloadPace {
  #reloads: number[] = [];

  reloaded(now: number): void {
    this.#reloads = [...this.#reloads.filter((at) => now - at < WINDOW_MS), now];
  }

  /** Milliseconds from `now` until a reload is welcome. */
  wait(now: number): number {
    const recent = this.#reloads.filter((at) => now - at < WINDOW_MS);
    const last = recent.at(-1);
    if (last === undefined) return 0;
    const gap = WAIT_MS[Math.min(recent.length, WAIT_MS.length - 1)] ?? 0;
    return Math.max(0, last + gap - now);
  }
}
