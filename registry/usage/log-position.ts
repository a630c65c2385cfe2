import { createHash } from 'node:crypto';
import { z } from 'zod';

/**
 * How many bytes before a position are compared, to tell whether it is still the same file. Two lines of one second and one
 * caller may end alike and differ only in the request id at their beginning, so that it takes a whole line.
 */
const CHECKED_BYTES = 512;

/** How far a log file is read. It is known by its inode, since it is renamed, and by its bytes, since inodes are used again. */
export const logPositionSchema = z.strictObject({
  inode: z.string(),
  offset: z.number().int().nonnegative(),
  /** SHA-256 of the bytes before the offset, as far as they are checked. */
  check: z.string(),
});
export type LogPosition = z.output<typeof logPositionSchema>;

/** How many bytes before an offset are checked. */
export function checkedBytes(offset: number): number {
  return Math.min(offset, CHECKED_BYTES);
}

/** @param before the bytes that end at the offset; of more than are checked the last ones count */
export function checkOf(before: Buffer): string {
  return createHash('sha256').update(before.subarray(-CHECKED_BYTES)).digest('hex').slice(0, 16);
}
