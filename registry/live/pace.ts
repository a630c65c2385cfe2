/**
 * When the next batch may go out: at once after a quiet time, else so long after the last one.
 * @returns milliseconds from now
 */
export function untilNextBatch(now: number, last: number | undefined, everyMs: number): number {
  // The clock may have been set back since.
  return last === undefined ? 0 : Math.min(everyMs, Math.max(0, last + everyMs - now));
}
