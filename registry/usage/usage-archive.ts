import { setImmediate as breathe } from 'node:timers/promises';
import type { UsageStore } from '../store/store.js';
import { isFlatBucket, type FlatBucket } from './usage-bucket.js';
import {
  bucketFile,
  INTERVALS,
  USAGE_LEVELS,
  type Interval,
  type UsageLevel,
} from './usage-level.js';

/** Buckets that are closed, as lines in files. */
export interface UsageArchive {
  /** Durable when it resolves. A bucket that is added again takes the place of the first one. */
  add(interval: Interval, bucket: FlatBucket): Promise<void>;
  /** Those that begin from `from` on and before `to`, oldest first. */
  read(interval: Interval, from: number, to: number): AsyncIterable<FlatBucket>;
  /** Removes what is too old or too much. */
  prune(now: number): Promise<void>;
}

export function createUsageArchive(store: UsageStore): UsageArchive {
  return {
    add: (interval, bucket) =>
      store.append(bucketFile(USAGE_LEVELS[interval], bucket.at), JSON.stringify(bucket)),
    async *read(interval, from, to) {
      const level = USAGE_LEVELS[interval];
      for (const name of await filesOf(store, level)) {
        if (!mayHold(level, name, from, to)) continue;
        yield* bucketsIn(await store.read(name), from, to);
      }
    },
    async prune(now) {
      for (const interval of INTERVALS) await pruneLevel(store, USAGE_LEVELS[interval], now);
    },
  };
}

async function filesOf(store: UsageStore, { interval }: UsageLevel): Promise<string[]> {
  const files = await store.list();
  return files.map(({ name }) => name).filter((name) => name.startsWith(`${interval}-`));
}

/** Names of files sort as their times do. */
function mayHold(level: UsageLevel, name: string, from: number, to: number): boolean {
  return bucketFile(level, Math.max(from, 0)) <= name && name <= bucketFile(level, to);
}

/** Of lines about the same bucket the last counts: it was written after a crash, and tells no less. */
async function* bucketsIn(
  lines: readonly string[],
  from: number,
  to: number,
): AsyncGenerator<FlatBucket> {
  const newest = new Map<number, FlatBucket>();
  for (const line of lines) {
    const at = Number(/^\{"at":(\d+)/.exec(line)?.[1] ?? NaN);
    if (!(at >= from && at < to)) continue;
    const bucket = bucketOf(line);
    if (bucket !== undefined) newest.set(at, bucket);
    // A line may be a megabyte, and others want to be answered meanwhile.
    await breathe();
  }
  yield* [...newest.values()].sort((a, b) => a.at - b.at);
}

/** Undefined for what a crash has cut off. */
function bucketOf(line: string): FlatBucket | undefined {
  try {
    const json: unknown = JSON.parse(line);
    return isFlatBucket(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

async function pruneLevel(store: UsageStore, level: UsageLevel, now: number): Promise<void> {
  const files = await store.list();
  const own = files.filter(({ name }) => name.startsWith(`${level.interval}-`));
  const oldest = bucketFile(level, Math.max(0, now - level.keep));
  let bytes = own.reduce((sum, file) => sum + file.bytes, 0);
  // The newest is being written.
  for (const file of own.slice(0, -1)) {
    if (file.name >= oldest && bytes <= level.maxBytes) return;
    await store.remove(file.name);
    bytes -= file.bytes;
  }
}
