import { z } from 'zod';
import type { UsageLevel } from './usage-level.js';
import {
  countCall,
  flatRow,
  flatRowSchema,
  newRow,
  OTHER,
  readRow,
  rowName,
  type CountedCall,
  type FlatRow,
  type RowKey,
  type UsageRow,
} from './usage-row.js';

/** A bucket as it is kept. */
export const flatBucketSchema = z.strictObject({
  /** Its begin, in milliseconds since 1970. */
  at: z.number(),
  rows: z.array(flatRowSchema),
});
export type FlatBucket = z.output<typeof flatBucketSchema>;

/** The same for archives, where a schema would take seconds for a month of rows. */
export function isFlatBucket(json: unknown): json is FlatBucket {
  if (typeof json !== 'object' || json === null) return false;
  const { at, rows } = json as Partial<FlatBucket>;
  return typeof at === 'number' && Array.isArray(rows) && rows.every(isFlatRow);
}

function isFlatRow(row: unknown): boolean {
  if (!Array.isArray(row) || row.length !== 7) return false;
  const [key, calls, errors, bytesIn, bytesOut, lastAt, bins] = row as unknown[];
  const numbers = [calls, errors, bytesIn, bytesOut, lastAt];
  return Array.isArray(key) && Array.isArray(bins) && numbers.every((n) => typeof n === 'number');
}

/** What was called in a minute, an hour or a day. Callers choose names of tools, so that there is a limit to what is told apart. */
export class UsageBucket {
  readonly at: number;
  readonly #limit: UsageLevel['maxRows'];
  readonly #rows = new Map<string, UsageRow>();

  constructor(at: number, limit: UsageLevel['maxRows'], rows: readonly FlatRow[] = []) {
    this.at = at;
    this.#limit = limit;
    for (const flat of rows) {
      const row = readRow(flat);
      this.#rows.set(rowName(row.key), row);
    }
  }

  add(call: CountedCall): void {
    countCall(this.#rows.get(call.name) ?? this.#rowFor(call.key), call);
  }

  flat(): FlatBucket {
    return { at: this.at, rows: [...this.#rows.values()].map(flatRow) };
  }

  /** Of what there is no room for, first the server is still told, and then the outcome alone. */
  #rowFor(key: RowKey): UsageRow {
    const { detailed, all } = this.#limit;
    const ofServer = { ...key, tool: OTHER, principal: OTHER, method: OTHER };
    return (
      this.#find(key, detailed) ??
      this.#find(ofServer, all) ??
      this.#find({ ...ofServer, server: OTHER }, Infinity) ??
      newRow(key)
    );
  }

  #find(key: RowKey, limit: number): UsageRow | undefined {
    const name = rowName(key);
    const known = this.#rows.get(name);
    if (known !== undefined || this.#rows.size >= limit) return known;
    const row = newRow(key);
    this.#rows.set(name, row);
    return row;
  }
}
