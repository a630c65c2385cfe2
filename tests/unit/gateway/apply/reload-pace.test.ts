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
    pace.reloaded(0);
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
    expect(reloadsFor([1000, 1100, 1200, 1300, 1400])).toEqual([1000, 1100, 1200, 1300, 2400]);
  });

  it('lets steady changes through at once as long as they are no storm', () => {
    const changes = every(1000, 100);
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
      expect(reloads.at(-1)).toBeLessThanOrEqual(last + 1000 + STEP_MS);
    },
  );

  it.each([100, 700, 2000])('takes a script for a storm where a reload takes %i ms', (ms) => {
    let now = 0;
    const pace = new ReloadPace(() => now);
    const reloads: number[] = [];
    const reload = () => {
      now += ms;
      pace.reloaded(ms);
      reloads.push(now);
    };
    // Each change is made when the answer to the one before is there; a request takes as long as a reload.
    for (let change = 1; change <= 100; change += 1) {
      now += ms;
      pace.note();
      if (pace.wait() === 0) reload();
    }
    expect(reloads.length).toBeLessThanOrEqual(6 + (now - 10_000) / 6000);
    now += pace.wait();
    expect(pace.wait()).toBe(0);
  });

  it('lets nobody wait for longer than a storm may last, however long it goes on', () => {
    const reloads = reloadsFor(every(100, 600));
    const gaps = reloads.slice(1).map((at, index) => at - (reloads[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(6000 + STEP_MS);
  });

  it('is hurried when something was taken away, also while it waits, and only once', async () => {
    jest.useFakeTimers();
    try {
      const pace = new ReloadPace();
      for (let count = 0; count < 4; count += 1) {
        pace.note();
        pace.reloaded(0);
      }
      pace.note();
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
      pace.reloaded(0);
      pace.note();
      expect(pace.wait()).toBeGreaterThan(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is hurried as well by what is taken away while nginx reloads', async () => {
    const pace = new ReloadPace(() => 0);
    for (let count = 0; count < 4; count += 1) {
      await pace.turn();
      pace.reloaded(0);
    }
    pace.note();
    expect(pace.wait()).toBeGreaterThan(0);
    pace.hurry();
    await pace.turn();
    pace.note();
    pace.hurry();
    pace.reloaded(0);
    expect(pace.wait()).toBe(0);
  });

  it('waits no longer where the clock was set back', () => {
    const pace = new ReloadPace();
    for (let count = 0; count < 4; count += 1) {
      pace.note();
      pace.reloaded(0);
    }
    const anHourAgo = Date.now() - 3_600_000;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => anHourAgo);
    try {
      expect(pace.wait()).toBeLessThanOrEqual(1000);
    } finally {
      clock.mockRestore();
    }
  });
});
