import type { UsageArchive } from './usage-archive.js';
import type { FlatBucket } from './usage-bucket.js';
import type { UsageCollector } from './usage-collector.js';
import { bucketStart, USAGE_LEVELS, type Interval } from './usage-level.js';

/** What was counted, whether it is still counted on or archived. */
export interface UsageStatistics {
  /** Buckets that begin from the one of `from` on and before `to`, each of them once, in no order. */
  buckets(interval: Interval, from: number, to: number): AsyncIterable<FlatBucket>;
}

export function createUsageStatistics(deps: {
  readonly archive: Pick<UsageArchive, 'read'>;
  readonly collector: Pick<UsageCollector, 'open'>;
}): UsageStatistics {
  const { archive, collector } = deps;
  return {
    async *buckets(interval, from, to) {
      const begin = bucketStart(USAGE_LEVELS[interval], from);
      // Before the archive: what is archived meanwhile is then seen twice, and not never.
      const open = collector.open(interval).filter(({ at }) => at >= begin && at < to);
      const known = new Set(open.map(({ at }) => at));
      yield* open;
      for await (const bucket of archive.read(interval, begin, to)) {
        if (!known.has(bucket.at)) yield bucket;
      }
    },
  };
}
