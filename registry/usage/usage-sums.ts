import type { DDSketch } from '@datadog/sketches-js';
import { mergeBins, newSketch, percentile } from './latency.js';
import { keyOfFlat, type FlatRow } from './usage-row.js';

/** What several rows are together. Percentiles are null when nothing was measured. */
export interface UsageFigure {
  readonly calls: number;
  readonly errors: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Different principals; everybody without one is one. */
  readonly callers: number;
  /** ISO 8601; null without calls. */
  readonly lastAt: string | null;
}

/** Adds rows up. */
export class UsageSum {
  #calls = 0;
  #errors = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #lastAt = 0;
  readonly #sketch: DDSketch = newSketch();
  readonly #callers = new Set<string>();

  add(row: FlatRow): void {
    const [, calls, errors, bytesIn, bytesOut, lastAt, bins] = row;
    this.#calls += calls;
    this.#errors += errors;
    this.#bytesIn += bytesIn;
    this.#bytesOut += bytesOut;
    this.#lastAt = Math.max(this.#lastAt, lastAt);
    mergeBins(this.#sketch, bins);
    this.#callers.add(keyOfFlat(row).principal);
  }

  get calls(): number {
    return this.#calls;
  }

  figure(): UsageFigure {
    return {
      calls: this.#calls,
      errors: this.#errors,
      p50Ms: percentile(this.#sketch, 0.5),
      p95Ms: percentile(this.#sketch, 0.95),
      p99Ms: percentile(this.#sketch, 0.99),
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      callers: this.#callers.size,
      lastAt: this.#lastAt === 0 ? null : new Date(this.#lastAt).toISOString(),
    };
  }
}

/** Callers choose names, and a month of them need not fit into memory. */
const MAX_SUMS = 5000;

/** Sums by whatever they are told apart by; they come into being as they are asked for. */
export class UsageSums<Key> {
  readonly #sums = new Map<Key, UsageSum>();
  readonly #beyond: Key;

  /** @param beyond the key of all that there is no room for */
  constructor(beyond: Key) {
    this.#beyond = beyond;
  }

  at(wanted: Key): UsageSum {
    const isRoom = this.#sums.size < MAX_SUMS || this.#sums.has(wanted);
    const key = isRoom ? wanted : this.#beyond;
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const sum = new UsageSum();
    this.#sums.set(key, sum);
    return sum;
  }

  get(key: Key): UsageSum | undefined {
    return this.#sums.get(key);
  }

  /** Those with the most calls first. */
  busiest(): readonly (readonly [Key, UsageSum])[] {
    return [...this.#sums].sort(([, a], [, b]) => b.calls - a.calls);
  }
}
