import { describe, expect, it } from '@jest/globals';
import { usageQuery, type UsageFigures, type UsageGroup } from '../../../../public/api/usage';
import { barsOf, CHART, topOf } from '../../../../public/pages/usage/chart-bars';
import { BUSIEST_FIRST, nextOrder, sortGroups } from '../../../../public/pages/usage/usage-order';
import { filterOf, isNarrowed, searchOf } from '../../../../public/pages/usage/usage-search';
import { chartText, keyText, shareText } from '../../../../public/pages/usage/usage-words';

const totalsOf = (change: Partial<UsageFigures> = {}): UsageFigures => ({
  calls: 0,
  errors: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  bytesIn: 0,
  bytesOut: 0,
  callers: 0,
  lastAt: null,
  ...change,
});
const figures = ({ key = '/a', ...change }: Partial<UsageGroup>): UsageGroup => ({
  key,
  ...totalsOf(change),
});
const point = (at: string, calls: number, errors = 0) => ({ at, ...totalsOf({ calls, errors }) });

describe('what the address holds', () => {
  it('survives the way there and back, also an empty name', () => {
    const search = 'range=7d&server=%2Fa&principal=';
    expect(searchOf(filterOf(new URLSearchParams(search))).toString()).toBe(search);
    expect(isNarrowed(filterOf(new URLSearchParams('principal=')))).toBe(true);
  });

  it('is a day of everything where it says nothing, or nothing that makes sense', () => {
    for (const search of ['', 'range=toString', 'range=2y&color=red']) {
      const filter = filterOf(new URLSearchParams(search));
      expect(filter).toEqual({ range: '24h' });
      expect(isNarrowed(filter)).toBe(false);
      expect(searchOf(filter).toString()).toBe('');
    }
  });

  it('is told to the API from a moment on, with names that are empty', () => {
    const now = Date.parse('2026-01-02T03:00:00.000Z');
    const query = new URLSearchParams(usageQuery({ range: '1h', tool: 'a&b', principal: '' }, now));
    expect(Object.fromEntries(query)).toEqual({
      from: '2026-01-02T02:00:00.000Z',
      tool: 'a&b',
      principal: '',
    });
  });
});

describe('the order of rows', () => {
  const groups = [
    figures({ key: '/busy', calls: 9, p95Ms: 10, lastAt: '2026-01-01T00:00:00.000Z' }),
    figures({ key: '/slow', calls: 5, p95Ms: 900, errors: 2, lastAt: '2026-01-02T00:00:00.000Z' }),
    figures({ key: '/streams', calls: 1 }),
  ];
  const keys = (order: Parameters<typeof sortGroups>[1]) =>
    sortGroups(groups, order).map(({ key }) => key);

  it('puts the most first, and what was not measured last either way', () => {
    expect(keys({ by: 'errors', descending: true })).toEqual(['/slow', '/busy', '/streams']);
    expect(keys({ by: 'p95Ms', descending: true })).toEqual(['/slow', '/busy', '/streams']);
    expect(keys({ by: 'p95Ms', descending: false })).toEqual(['/busy', '/slow', '/streams']);
    expect(keys({ by: 'lastAt', descending: true })).toEqual(['/slow', '/busy', '/streams']);
  });

  it('turns round with a second press', () => {
    expect(nextOrder(BUSIEST_FIRST, 'p95Ms')).toEqual({ by: 'p95Ms', descending: true });
    expect(nextOrder(BUSIEST_FIRST, 'calls')).toEqual({ by: 'calls', descending: false });
  });
});

describe('the chart', () => {
  it('has a scale with a whole number in the middle', () => {
    expect([0, 1, 2, 3, 5, 11, 99, 101].map(topOf)).toEqual([2, 2, 2, 4, 10, 20, 100, 200]);
  });

  it('shows what is little as well, and nothing where nothing was', () => {
    const series = [point('a', 0), point('b', 1_000, 1), point('c', 500)];
    const [none, many, half] = barsOf(series, 1_000);
    expect(none).toMatchObject({ height: 0, errorHeight: 0 });
    expect(many).toMatchObject({ height: CHART.height, errorHeight: 2 });
    expect(half?.height).toBe(CHART.height / 2);
    expect((half?.x ?? 0) + (half?.width ?? 0)).toBeLessThan(CHART.width);
  });

  it('is told in words', () => {
    const totals = totalsOf({ calls: 12, errors: 1 });
    const usage = { from: '', to: '', interval: 'day' as const, groups: [], totals };
    const series = [point('2026-01-01T00:00:00.000Z', 2), point('2026-01-02T00:00:00.000Z', 10, 1)];
    expect(chartText({ ...usage, series })).toBe(
      '12 calls, 1 with errors; most in the day of Jan 2: 10',
    );
    expect(chartText({ ...usage, series: [] })).toBe('12 calls, 1 with errors');
  });
});

it('says which part', () => {
  expect([shareText(0, 0), shareText(0, 9), shareText(1, 3), shareText(9, 9)]).toEqual([
    '0 %',
    '0 %',
    '33.3 %',
    '100 %',
  ]);
  expect([shareText(1, 10_000), shareText(9_999, 10_000)]).toEqual(['< 0.1 %', '> 99.9 %']);
});

it('names what has no name', () => {
  expect(keyText('principal', '')).toBe('callers without a token');
  expect(keyText('tool', '')).toBe('no tool, or not known which');
  expect(keyText('server', '/a')).toBe('/a');
  expect(keyText('server', '(other)')).toBe('all others');
});
