import { z } from 'zod';
import type { CallRecord } from './call-record.js';
import { flatBucketSchema, UsageBucket, type FlatBucket } from './usage-bucket.js';
import { bucketStart, INTERVALS, USAGE_LEVELS, type Interval } from './usage-level.js';
import { countedCall } from './usage-row.js';

/** Workers write their lines a second late and at different times, and some a little later still. */
const GRACE_MS = 30_000;

const levelSchema = z.strictObject({
  /** Buckets that begin before this are in the archive. */
  openFrom: z.number(),
  buckets: z.array(flatBucketSchema),
});

/** What is not in the archive yet. */
export const flatBookSchema = z.strictObject({
  minute: levelSchema,
  hour: levelSchema,
  day: levelSchema,
});
export type FlatBook = z.output<typeof flatBookSchema>;

interface OpenLevel {
  openFrom: number;
  readonly buckets: Map<number, UsageBucket>;
}

/**
 * Counts calls by minute, hour and day. Buckets are closed in the order of time and never opened again: a call that comes
 * too late for its bucket is counted in the oldest open one.
 */
export class UsageBook {
  readonly #levels: Readonly<Record<Interval, OpenLevel>>;

  constructor(flat?: FlatBook) {
    const open = (interval: Interval): OpenLevel => {
      const { maxRows } = USAGE_LEVELS[interval];
      const { openFrom = 0, buckets = [] } = flat?.[interval] ?? {};
      const read = buckets.map(({ at, rows }) => [at, new UsageBucket(at, maxRows, rows)] as const);
      return { openFrom, buckets: new Map(read) };
    };
    this.#levels = { minute: open('minute'), hour: open('hour'), day: open('day') };
  }

  add(record: CallRecord): void {
    const call = countedCall(record);
    for (const interval of INTERVALS) {
      const level = USAGE_LEVELS[interval];
      const { openFrom, buckets } = this.#levels[interval];
      const at = Math.max(bucketStart(level, record.at), openFrom);
      const bucket = buckets.get(at) ?? new UsageBucket(at, level.maxRows);
      buckets.set(at, bucket);
      bucket.add(call);
    }
  }

  /** Closes what is over at `now`, the time up to which the log is read, and gives it out by level, oldest first. */
  close(now: number): Readonly<Record<Interval, readonly FlatBucket[]>> {
    const closed = (interval: Interval) => {
      const level = this.#levels[interval];
      const openFrom = bucketStart(USAGE_LEVELS[interval], now - GRACE_MS);
      if (openFrom <= level.openFrom) return [];
      level.openFrom = openFrom;
      const over = [...level.buckets.keys()].filter((at) => at < openFrom).sort((a, b) => a - b);
      return over.map((at) => {
        const bucket = level.buckets.get(at) ?? new UsageBucket(at, { detailed: 0, all: 0 });
        level.buckets.delete(at);
        return bucket.flat();
      });
    };
    return { minute: closed('minute'), hour: closed('hour'), day: closed('day') };
  }

  /** What is open of a level; archived buckets count only before `openFrom`. */
  open(interval: Interval): FlatBook[Interval] {
    const { openFrom, buckets } = this.#levels[interval];
    return { openFrom, buckets: [...buckets.values()].map((bucket) => bucket.flat()) };
  }

  flat(): FlatBook {
    return { minute: this.open('minute'), hour: this.open('hour'), day: this.open('day') };
  }
}
