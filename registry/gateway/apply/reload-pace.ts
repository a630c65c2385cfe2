/**
 * Changes belong to one row while the pauses between them are shorter than this. A pause is counted from the later of the
 * change before and the end of its reload. After a reload that took more than half of this, twice its length counts
 * instead: scripts wait for each answer, and so make their changes as slowly as nginx reloads.
 */
const QUIET_MS = 1000;
/** So many reloads in one row are made without waiting; a row that goes on after them is a storm. */
const CALM_RELOADS = 4;
/** The longest time between two reloads while a storm lasts. */
const STORM_GAP_MS = 6000;

/**
 * Decides when nginx may be reloaded next, and waits for it: each reload resets some kept connections, and leaves old
 * workers for as long as their streams last. A change now and then is live at once; a hundred changes in ten seconds share
 * at most six reloads, however long each of these takes (decision 0003).
 */
export class ReloadPace {
  readonly #now: () => number;
  /** Reloads for changes in a row. */
  #reloads = 0;
  #changedAt = 0;
  #reloadedAt = 0;
  #quietMs = QUIET_MS;
  #hurried = false;
  #wake: (() => void) | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Something changed. */
  note(): void {
    const now = this.#now();
    const isApart = now - Math.max(this.#changedAt, this.#reloadedAt) >= this.#quietMs;
    if (isApart) this.#reloads = 0;
    this.#changedAt = now;
  }

  /** @param tookMs from the decision to reload until nginx served what it was to serve */
  reloaded(tookMs: number): void {
    this.#reloads += 1;
    this.#reloadedAt = this.#now();
    this.#quietMs = Math.max(QUIET_MS, 2 * tookMs);
  }

  /** The next turn comes at once: somebody took something away, or the gateway stops. */
  hurry(): void {
    this.#hurried = true;
    this.#wake?.();
  }

  /** Milliseconds until a reload is welcome if nothing else changes until then; 0 for now. */
  wait(): number {
    const now = this.#now();
    if (this.#hurried || this.#reloads < CALM_RELOADS) return 0;
    const quiet = this.#changedAt + this.#quietMs - now;
    return Math.max(0, Math.min(quiet, this.#reloadedAt + STORM_GAP_MS - now));
  }

  /** Milliseconds that a reload under way may still have to wait, however much changes; 0 when none waits. */
  get remaining(): number {
    return this.#wake === undefined
      ? 0
      : Math.max(0, this.#reloadedAt + STORM_GAP_MS - this.#now());
  }

  /**
   * Resolves when a reload is welcome. What hurries from then on is meant for the turn after this one: it may be too late
   * for the reload that now begins.
   */
  async turn(): Promise<void> {
    for (let wait = this.wait(); wait > 0; wait = this.wait()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    this.#hurried = false;
  }
}
