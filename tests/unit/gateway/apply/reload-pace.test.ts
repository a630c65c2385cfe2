import { describe, expect, it, jest } from '@jest/globals';
import { ReloadPace } from '../../../../registry/gateway/apply/reload-pace.js';

const STEP_MS = 10;

/** Changes something at the given times and reloads as soon as that is welcome; gives the times of reloads. */
function reloadsFor(changes: readonly number[]): number[] {
  let now = 0;
  const pace = new ReloadPace(() => now);
  const left = [...changes];
  const reloads: number[] = [];
  let isWanted = false;
  while (left.length > 0 || isWanted) {
    now += STEP_MS;
    while (left[0] !== undefined && left[0] <= now) {
      left.shift();
      pace.note();
      isWanted = true;
    }
    if (!isWanted || pace.wait() > 0) continue;
    pace.reloaded();
    reloads.push(now);
    isWanted = false;
  }
  return reloads;
}

const every = (ms: number, count: number) =>
  Array.from({ length: count }, (_, at) => STEP_MS + at * ms);

describe('the pace of reloads', () => {
  it('lets a single change through at once, and a few in a row', () => {
    expect(reloadsFor([1000])).toEqual([1000]);
    expect(reloadsFor([1000, 1100, 1200, 1300])).toEqual([1000, 1100, 1200, 1300]);
  });

  it('lets steady changes through at once as long as they are no storm', () => {
    const changes = every(400, 100);
    expect(reloadsFor(changes)).toEqual(changes);
  });

  it.each([10, 50, 100, 250])(
    'gives a hundred changes, one each %i ms, at most six reloads in ten seconds, and misses none',
    (ms) => {
      const changes = every(ms, 100);
      const reloads = reloadsFor(changes);
      for (const start of reloads) {
        const inWindow = reloads.filter((at) => at >= start && at < start + 10_000);
        expect(inWindow.length).toBeLessThanOrEqual(6);
      }
      const last = changes.at(-1) ?? 0;
      expect(reloads.at(-1)).toBeGreaterThanOrEqual(last);
      expect(reloads.at(-1)).toBeLessThanOrEqual(last + 500);
    },
  );

  it('lets nobody wait for longer than a storm may last, however long it goes on', () => {
    const reloads = reloadsFor(every(100, 600));
    const gaps = reloads.slice(1).map((at, index) => at - (reloads[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(6000 + STEP_MS);
  });

  it('is hurried when something was taken away, also while it waits, and only once', async () => {
    jest.useFakeTimers();
    try {
      const pace = new ReloadPace();
      const storm = () => {
        for (let count = 0; count < 10; count += 1) pace.note();
      };
      pace.reloaded();
      storm();
      let isThere = false;
      const turn = pace.turn().then(() => {
        isThere = true;
      });
      await jest.advanceTimersByTimeAsync(100);
      expect(isThere).toBe(false);
      expect(pace.remaining).toBeGreaterThan(0);
      pace.hurry();
      await turn;
      expect(pace.remaining).toBe(0);
      expect(pace.wait()).toBe(0);
      pace.reloaded();
      storm();
      expect(pace.wait()).toBeGreaterThan(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
