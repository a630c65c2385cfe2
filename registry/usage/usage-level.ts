const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MIB = 1024 ** 2;

export const INTERVALS = ['minute', 'hour', 'day'] as const;
export type Interval = (typeof INTERVALS)[number];

/** How statistics of one fineness are kept. */
export interface UsageLevel {
  readonly interval: Interval;
  /** Milliseconds that a bucket covers; days are those of UTC. */
  readonly span: number;
  /** How long they are kept, in milliseconds. */
  readonly keep: number;
  /** How much of the disk they may take; the oldest go first. */
  readonly maxBytes: number;
  /** Rows of a bucket that tell everything, and rows in all, of which the further ones tell the server alone. */
  readonly maxRows: { readonly detailed: number; readonly all: number };
  /** How much of a time names the file: buckets of an hour, a day or a month are in one. */
  readonly fileName: number;
}

export const USAGE_LEVELS: Readonly<Record<Interval, UsageLevel>> = {
  minute: {
    interval: 'minute',
    span: MINUTE,
    keep: DAY,
    maxBytes: 128 * MIB,
    maxRows: { detailed: 500, all: 1000 },
    fileName: '2026-01-02T03'.length,
  },
  hour: {
    interval: 'hour',
    span: HOUR,
    keep: 30 * DAY,
    maxBytes: 128 * MIB,
    maxRows: { detailed: 1500, all: 4000 },
    fileName: '2026-01-02'.length,
  },
  day: {
    interval: 'day',
    span: DAY,
    keep: 400 * DAY,
    maxBytes: 128 * MIB,
    maxRows: { detailed: 3000, all: 8000 },
    fileName: '2026-01'.length,
  },
};

export function bucketStart({ span }: UsageLevel, at: number): number {
  return at - (at % span);
}

/** @param start of a bucket */
export function bucketFile({ interval, fileName }: UsageLevel, start: number): string {
  return `${interval}-${new Date(start).toISOString().slice(0, fileName)}.jsonl`;
}
