const HOUR_MS = 3_600_000;

/**
 * How long GitHub wants to be left alone after an answer: `Retry-After` of its secondary limits, or the end of the hour
 * whose requests are used up.
 * @returns milliseconds since 1970; undefined: not at all
 */
export function pauseAfter({ status, headers }: Response, now: Date): number | undefined {
  const after = secondsIn(headers.get('retry-after'));
  if (after !== undefined) return now.getTime() + Math.min(after * 1000, HOUR_MS);
  const isUsedUp = secondsIn(headers.get('x-ratelimit-remaining')) === 0;
  if (!isUsedUp) return status === 429 ? now.getTime() + HOUR_MS : undefined;
  const reset = secondsIn(headers.get('x-ratelimit-reset')) ?? 0;
  const latest = now.getTime() + HOUR_MS;
  return reset === 0 ? latest : Math.min(reset * 1000, latest);
}

function secondsIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
