import { z } from 'zod';
import { isError } from './call-outcome.js';
import type { CallRecord } from './call-record.js';
import { flatBins, latencyBin, readBins, type LatencyBins } from './latency.js';

/** By what calls are told apart, in the order in which rows are kept. */
export const DIMENSIONS = [
  'server',
  'tool',
  'principal',
  'era',
  'method',
  'outcome',
  'status',
] as const;
type Dimension = (typeof DIMENSIONS)[number];
export type RowKey = Readonly<Record<Dimension, string>>;

/** What stands for all that there was no room for. */
export const OTHER = '(other)';

/** What is counted of the calls that have a key in common. */
export interface UsageRow {
  readonly key: RowKey;
  calls: number;
  errors: number;
  bytesIn: number;
  bytesOut: number;
  /** Milliseconds since 1970. */
  lastAt: number;
  /** Of POST alone: a stream lasts as long as its reader likes. */
  readonly latency: LatencyBins;
}

const count = z.number().nonnegative();
/** The key, calls, errors, bytes in and out, the last time, latencies. */
export const flatRowSchema = z.tuple([
  z.array(z.string()).length(DIMENSIONS.length),
  count,
  count,
  count,
  count,
  count,
  z.array(z.number()),
]);
export type FlatRow = z.output<typeof flatRowSchema>;

/** What buckets count of a call, worked out once for all of them. */
export interface CountedCall {
  readonly key: RowKey;
  readonly name: string;
  readonly isError: boolean;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Undefined where how long it took says nothing. */
  readonly latencyBin: number | undefined;
}

export function countedCall(record: CallRecord): CountedCall {
  const { server, tool, principal, era, method, outcome, httpMethod, bytesIn, bytesOut } = record;
  const key = { server, tool, principal, era, method, outcome, status: String(record.status) };
  return {
    key,
    name: rowName(key),
    isError: isError(outcome),
    bytesIn,
    bytesOut,
    at: record.at,
    latencyBin: httpMethod === 'POST' ? latencyBin(record.durationMs) : undefined,
  };
}

/** No value has a line break in it. */
export function rowName(key: RowKey): string {
  const { server, tool, principal, era, method, outcome, status } = key;
  return `${server}\n${tool}\n${principal}\n${era}\n${method}\n${outcome}\n${status}`;
}

export function newRow(key: RowKey): UsageRow {
  return { key, calls: 0, errors: 0, bytesIn: 0, bytesOut: 0, lastAt: 0, latency: new Map() };
}

export function countCall(row: UsageRow, call: CountedCall): void {
  row.calls += 1;
  if (call.isError) row.errors += 1;
  row.bytesIn += call.bytesIn;
  row.bytesOut += call.bytesOut;
  row.lastAt = Math.max(row.lastAt, call.at);
  const { latencyBin: bin } = call;
  if (bin !== undefined) row.latency.set(bin, (row.latency.get(bin) ?? 0) + 1);
}

export function flatRow(row: UsageRow): FlatRow {
  const { key, calls, errors, bytesIn, bytesOut, lastAt, latency } = row;
  const values = DIMENSIONS.map((dimension) => key[dimension]);
  return [values, calls, errors, bytesIn, bytesOut, lastAt, flatBins(latency)];
}

export function keyOfFlat([values]: FlatRow): RowKey {
  const [server = '', tool = '', principal = '', era = '', method = '', outcome = '', status = ''] =
    values;
  return { server, tool, principal, era, method, outcome, status };
}

export function lastAtOf([, , , , , lastAt]: FlatRow): number {
  return lastAt;
}

export function readRow(flat: FlatRow): UsageRow {
  const [, calls, errors, bytesIn, bytesOut, lastAt, bins] = flat;
  const key = keyOfFlat(flat);
  return { key, calls, errors, bytesIn, bytesOut, lastAt, latency: readBins(bins) };
}
