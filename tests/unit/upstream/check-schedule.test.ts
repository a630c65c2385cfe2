import { describe, expect, it } from '@jest/globals';
import { nextCheckDelayMs } from '../../../registry/upstream/check-schedule.js';

const delay = (failures: number, change: { random?: number; retryAfterSeconds?: number } = {}) =>
  nextCheckDelayMs({ intervalMs: 60_000, failures, random: 0.5, ...change });

describe('the time until the next check', () => {
  it.each([
    [0, 60_000],
    [1, 30_000],
    [2, 60_000],
    [3, 120_000],
    [5, 480_000],
    [6, 600_000],
    [500, 600_000],
  ])('after %d failures is %d ms', (failures, expected) => {
    expect(delay(failures)).toBe(expected);
  });

  it('is spread by a fifth either way', () => {
    expect(delay(0, { random: 0 })).toBe(48_000);
    expect(delay(0, { random: 1 })).toBe(72_000);
  });

  it('is what a rate-limiting server asks for, up to an hour', () => {
    expect(delay(0, { retryAfterSeconds: 5 })).toBe(60_000);
    expect(delay(0, { retryAfterSeconds: 300 })).toBe(300_000);
    expect(delay(0, { retryAfterSeconds: 86_400 })).toBe(3_600_000);
  });
});
