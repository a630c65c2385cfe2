/** More changes than this within the time below are a storm. */
const CALM_CHANGES = 5;
const STORM_WINDOW_MS = 1500;
/** A storm is over when nothing has changed for this long. */
const QUIET_MS = 400;
/** While a storm lasts, nginx is reloaded this often. */
const STORM_GAP_MS = 6000;

/**
 * Decides when nginx may be reloaded next, and waits for it. A change now and then is live at once; a
 * hundred in ten seconds share at most six reloads. Each reload resets some kept connections and leaves
 * old workers for as long as their streams last.
 */
export class ReloadPace {
  readonly #now: () => number;
  #changes: number[] = [];
  #reloadedAt = 0;
  #hurried = false;
  #wake: (() => void) | undefined;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Something changed. */
  note(): void {
    const now = this.#now();
    this.#changes = [...this.#changes.filter((at) => now - at < STORM_WINDOW_MS), now];
  }

  reloaded(): void {
    this.#reloadedAt = this.#now();
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
    const recent = this.#changes.filter((at) => now - at < STORM_WINDOW_MS);
    if (this.#hurried || recent.length <= CALM_CHANGES) return 0;
    const quiet = (recent.at(-1) ?? 0) + QUIET_MS - now;
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
