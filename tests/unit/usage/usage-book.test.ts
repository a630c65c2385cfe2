import { describe, expect, it } from '@jest/globals';
import { UsageBook } from '../../../registry/usage/usage-book.js';
import { USAGE_LEVELS } from '../../../registry/usage/usage-level.js';
import { keyOfFlat, OTHER } from '../../../registry/usage/usage-row.js';
import { UsageSum } from '../../../registry/usage/usage-sums.js';
import type { FlatBucket } from '../../../registry/usage/usage-bucket.js';
import { callRecord } from '../../fakes/memory-usage.js';

const AT = Date.parse('2026-01-02T03:04:00Z');
const MINUTE = 60_000;

const callsOf = (buckets: readonly FlatBucket[]) =>
  buckets.map(({ at, rows }) => [at - AT, rows.reduce((sum, [, calls]) => sum + calls, 0)]);

describe('a usage book', () => {
  it('counts a call in its minute, its hour and its day', () => {
    const book = new UsageBook();
    book.add(callRecord({ at: AT + 5000 }));
    expect(book.open('minute').buckets[0]?.at).toBe(AT);
    expect(book.open('hour').buckets[0]?.at).toBe(Date.parse('2026-01-02T03:00:00Z'));
    expect(book.open('day').buckets[0]?.at).toBe(Date.parse('2026-01-02'));
  });

  it('closes what is over in the order of time, and counts what comes too late in the oldest open bucket', () => {
    const book = new UsageBook();
    book.add(callRecord({ at: AT + MINUTE }));
    book.add(callRecord({ at: AT }));
    expect(callsOf(book.close(AT + MINUTE + 29_000).minute)).toEqual([]);
    expect(callsOf(book.close(AT + MINUTE + 30_000).minute)).toEqual([[0, 1]]);
    book.add(callRecord({ at: AT + 59_000 }));
    expect(callsOf(book.close(AT + 3 * MINUTE).minute)).toEqual([[MINUTE, 2]]);
    expect(book.close(AT).minute).toEqual([]);
  });

  it('goes on where it was when it was saved', () => {
    const book = new UsageBook();
    book.add(callRecord({ at: AT, durationMs: 7 }));
    book.close(AT + 10);
    const again = new UsageBook(book.flat());
    again.add(callRecord({ at: AT, durationMs: 9 }));
    book.add(callRecord({ at: AT, durationMs: 9 }));
    expect(again.flat()).toEqual(book.flat());
    expect(callsOf(again.open('minute').buckets)).toEqual([[0, 2]]);
  });

  it('has a limit to what it tells apart, and loses no call', () => {
    const { detailed, all } = USAGE_LEVELS.minute.maxRows;
    const book = new UsageBook();
    for (let n = 0; n < detailed + 10; n += 1) book.add(callRecord({ at: AT, tool: `tool ${n}` }));
    for (let n = 0; n < all; n += 1) book.add(callRecord({ at: AT, server: `/s${n}` }));
    const rows = book.open('minute').buckets[0]?.rows ?? [];
    expect(rows.length).toBeLessThanOrEqual(all + 2);
    expect(rows.reduce((sum, [, calls]) => sum + calls, 0)).toBe(detailed + 10 + all);
    const keys = rows.map(keyOfFlat);
    expect(keys.some(({ server, tool }) => server === '/weather' && tool === OTHER)).toBe(true);
    expect(keys.some(({ server }) => server === OTHER)).toBe(true);
  });
});

describe('a sum', () => {
  it('has percentiles within two in a hundred, also when it is made of many rows', () => {
    const book = new UsageBook();
    for (let ms = 1; ms <= 1000; ms += 1) {
      book.add(
        callRecord({ at: AT, durationMs: ms, tool: `tool ${ms % 7}`, principal: `${ms % 3}` }),
      );
    }
    const sum = new UsageSum();
    for (const row of book.open('hour').buckets[0]?.rows ?? []) sum.add(row);
    const { p50Ms, p95Ms, p99Ms, calls, callers } = sum.figure();
    expect([calls, callers]).toEqual([1000, 3]);
    for (const [found, exact] of [
      [p50Ms, 500],
      [p95Ms, 950],
      [p99Ms, 990],
    ] as const) {
      expect(Math.abs((found ?? 0) - exact) / exact).toBeLessThan(0.025);
    }
  });

  it('measures no streams, counts no one who left as an error, and has no percentiles of nothing', () => {
    const book = new UsageBook();
    book.add(callRecord({ httpMethod: 'GET', status: 499, outcome: 'cancelled' }));
    book.add(callRecord({ httpMethod: 'GET', status: 500, outcome: 'upstream-error' }));
    const sum = new UsageSum();
    for (const row of book.open('day').buckets[0]?.rows ?? []) sum.add(row);
    expect(sum.figure()).toMatchObject({ calls: 2, errors: 1, p50Ms: null, p99Ms: null });
    expect(new UsageSum().figure()).toMatchObject({ calls: 0, callers: 0, lastAt: null });
  });
});
