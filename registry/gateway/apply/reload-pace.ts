/**
 * A change is in a row with the one before unless it comes this long after that, and after the reload for it. Where a reload
 * takes long, so do the requests that make changes: then it is twice as long as that.
 */
const QUIET_MS = 1000;
/** When changes in a row have made nginx reload this often, they are a storm. */
const CALM_RELOADS = 4;
/** While a storm lasts, nginx is reloaded this often. */
const STORM_GAP_MS = 6000;

/**
 * Decides when nginx may be reloaded next, and waits for it. A change now and then is live at once; a
 * hundred in ten seconds share at most six reloads, however long each of these takes. Each reload resets some kept connections and leaves
 * old workers for as long as their streams last.
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

  constructor(now: () => number = Date.now) {
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
    this.#hurried = false;
  }

  /** The next reload does not wait: somebody took something away, or the gateway stops. */
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

  /** Resolves when a reload is welcome. */
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
  }
}
