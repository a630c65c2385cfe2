import { z } from 'zod';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { UsageStore } from '../store/store.js';
import { logPositionSchema } from './log-position.js';
import { flatBookSchema } from './usage-book.js';
import { flatBucketSchema } from './usage-bucket.js';
import { INTERVALS } from './usage-level.js';

const count = z.number().nonnegative();

const closedBucketSchema = z.strictObject({
  interval: z.enum(INTERVALS),
  bucket: flatBucketSchema,
});
export type ClosedBucket = z.output<typeof closedBucketSchema>;

/** What was counted and up to where it was read: one value, so that a crash can neither double nor lose a call. */
const usageStateSchema = z.strictObject({
  version: z.literal(1),
  positions: z.array(logPositionSchema),
  book: flatBookSchema,
  /** Counted to the end, and not known to be in the archive. */
  closed: z.array(closedBucketSchema).default([]),
  counts: z.strictObject({
    /** Lines that could not be read. */
    torn: count,
    /** Bytes that were removed before they were read. */
    lostBytes: count,
  }),
});
export type UsageState = z.output<typeof usageStateSchema>;

/**
 * @returns undefined when there is none; `unreadable` when there was one and it is now out of the way
 * @throws what the disk says
 */
export async function loadUsageState(
  store: UsageStore,
  log: Log,
): Promise<UsageState | 'unreadable' | undefined> {
  const text = await store.readState();
  if (text === undefined) return undefined;
  try {
    return usageStateSchema.parse(JSON.parse(text));
  } catch (thrown) {
    await store.setStateAside();
    log.error('What was counted last of calls cannot be read; counting begins at the present.', {
      reason: messageOf(thrown),
    });
    return 'unreadable';
  }
}
