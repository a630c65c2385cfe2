import { describe, expect, it } from '@jest/globals';
import { createUsageArchive } from '../../../registry/usage/usage-archive.js';
import { UsageBook } from '../../../registry/usage/usage-book.js';
import type { Interval } from '../../../registry/usage/usage-level.js';
import { callRecord } from '../../fakes/memory-usage.js';
import { createMemoryUsageStore } from '../../fakes/memory-usage-store.js';

const AT = Date.parse('2026-01-02T03:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function bucket(interval: Interval, at: number, calls = 1) {
  const book = new UsageBook();
  for (let n = 0; n < calls; n += 1) book.add(callRecord({ at }));
  const [first] = book.open(interval).buckets;
  if (first === undefined) throw new Error('there is no bucket');
  return first;
}

async function readAll(archive: ReturnType<typeof createUsageArchive>, from: number, to: number) {
  const found: number[] = [];
  for await (const { at, rows } of archive.read('hour', from, to)) {
    found.push((at - AT) / HOUR, rows[0]?.[1] ?? 0);
  }
  return found;
}

describe('the archive', () => {
  it('gives buckets in the order of time, and of one that was written twice the second', async () => {
    const archive = createUsageArchive(createMemoryUsageStore());
    await archive.add('hour', bucket('hour', AT + HOUR, 1));
    await archive.add('hour', bucket('hour', AT, 3));
    await archive.add('hour', bucket('hour', AT + HOUR, 2));
    await archive.add('minute', bucket('minute', AT, 9));
    expect(await readAll(archive, AT, AT + DAY)).toEqual([0, 3, 1, 2]);
    expect(await readAll(archive, AT + 1, AT + HOUR)).toEqual([]);
    expect(await readAll(archive, AT, AT + HOUR)).toEqual([0, 3]);
  });

  it('passes over what a crash cut off', async () => {
    const store = createMemoryUsageStore();
    const archive = createUsageArchive(store);
    await archive.add('hour', bucket('hour', AT));
    const [[name, lines] = ['', []]] = [...store.files];
    store.files.set(name, [
      ...lines,
      `{"at":${AT},"rows":[[["/we`,
      `{"at":${AT + HOUR},"rows":[1]}`,
    ]);
    expect(await readAll(archive, AT, AT + DAY)).toEqual([0, 1]);
  });

  it('keeps minutes for a day, hours for 30 days and days for 400', async () => {
    const store = createMemoryUsageStore();
    const archive = createUsageArchive(store);
    for (let day = 0; day <= 500; day += 1) {
      const at = Date.parse('2026-01-02') + day * DAY;
      for (const interval of ['minute', 'hour', 'day'] as const) {
        await archive.add(interval, bucket(interval, at));
      }
    }
    const now = Date.parse('2026-01-02') + 500 * DAY;
    await archive.prune(now);
    const names = [...store.files.keys()];
    const first = (interval: Interval) => names.filter((of) => of.startsWith(interval)).sort()[0];
    expect(first('minute')).toBe(`minute-${new Date(now - DAY).toISOString().slice(0, 13)}.jsonl`);
    expect(first('hour')).toBe(`hour-${new Date(now - 30 * DAY).toISOString().slice(0, 10)}.jsonl`);
    expect(first('day')).toBe(`day-${new Date(now - 400 * DAY).toISOString().slice(0, 7)}.jsonl`);
  });

  it('takes no more than its share of the disk', async () => {
    const store = createMemoryUsageStore();
    const huge = { at: AT, rows: [] };
    const archive = createUsageArchive({
      ...store,
      list: async () => (await store.list()).map(({ name }) => ({ name, bytes: 60 * 1024 ** 2 })),
    });
    for (let day = 0; day < 5; day += 1) await archive.add('hour', { ...huge, at: AT + day * DAY });
    await archive.prune(AT + 5 * DAY);
    expect([...store.files.keys()]).toEqual(['hour-2026-01-05.jsonl', 'hour-2026-01-06.jsonl']);
  });
});
