/** What the time of the next check depends on. */
export interface ScheduleFacts {
  readonly intervalMs: number;
  /** Failed checks in a row. */
  readonly failures: number;
  /** What a rate-limiting server asked for. */
  readonly retryAfterSeconds?: number | undefined;
  /** In [0, 1); spreads the checks by a fifth either way. */
  readonly random: number;
}

const MAX_BACKOFF = 10;
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Milliseconds until the next check: a first failure is looked into after half an interval, lasting
 * ones ever more rarely, up to ten intervals.
 */
export function nextCheckDelayMs(facts: ScheduleFacts): number {
  const { intervalMs, failures, retryAfterSeconds = 0, random } = facts;
  const factor = failures === 0 ? 1 : Math.min(MAX_BACKOFF, 2 ** (failures - 2));
  const spread = 0.8 + 0.4 * random;
  const asked = Math.min(retryAfterSeconds * 1000, MAX_RETRY_AFTER_MS);
  return Math.round(Math.max(intervalMs * factor * spread, asked));
}
