import { describe, expect, it } from '@jest/globals';
import {
  createLoginThrottle,
  TooManyAttemptsError,
} from '../../../registry/access/login-throttle.js';
import { createFakeClock } from '../../fakes/fake-clock.js';

const MINUTE = 60_000;

function setUp(limits = {}) {
  const clock = createFakeClock();
  const throttle = createLoginThrottle({ clock, limits });
  /** Seconds to wait, or 0 when the attempt is let through (and fails). */
  const attempt = (account: string, address = '192.0.2.1') => {
    try {
      throttle.begin(account, address);
      return 0;
    } catch (error) {
      return (error as TooManyAttemptsError).retryAfterSeconds;
    }
  };
  const times = (count: number, run: (index: number) => number) =>
    Array.from({ length: count }, (_, index) => run(index));
  return { clock, throttle, attempt, times };
}

describe('the log-in throttle', () => {
  it('lets five failures through in five minutes, and tells when the next may be made', () => {
    const { clock, attempt } = setUp();
    for (let minute = 0; minute < 4; minute += 1) {
      expect(attempt('ann')).toBe(0);
      clock.advance(MINUTE);
    }
    expect(attempt('ann')).toBe(0);
    expect(attempt('ann')).toBe(60);
    clock.advance(MINUTE);
    expect(attempt('ann')).toBe(0);
    expect(attempt('ann')).toBe(60);
  });

  it('does not count refused attempts', () => {
    const { clock, attempt, times } = setUp();
    times(50, () => attempt('ann'));
    clock.advance(5 * MINUTE);
    expect(attempt('ann')).toBe(0);
  });

  it('lets nobody lock somebody else out from another address', () => {
    const { attempt, times } = setUp();
    times(10, () => attempt('ann', '192.0.2.1'));
    expect(attempt('ann', '192.0.2.2')).toBe(0);
  });

  it('lets one address try twenty times over all accounts', () => {
    const { attempt, times } = setUp();
    expect(times(20, (index) => attempt(`user${index}`))).toEqual(times(20, () => 0));
    expect(attempt('another')).toBe(300);
  });

  it('counts a /64 of IPv6 and both spellings of an IPv4 address as one', () => {
    const { attempt, times } = setUp();
    times(5, (index) => attempt('ann', `2001:db8::${index}`));
    expect(attempt('ann', '2001:db8::ffff')).toBe(300);
    expect(attempt('ann', '2001:db8:0:1::1')).toBe(0);
    times(5, () => attempt('ann', '192.0.2.9'));
    expect(attempt('ann', '::ffff:192.0.2.9')).toBe(300);
  });

  it('counts attempts that are still being checked', () => {
    const { attempt, times } = setUp();
    expect(times(6, () => attempt('Ann'))).toEqual([0, 0, 0, 0, 0, 300]);
    expect(attempt('ann')).toBe(300);
  });

  it('forgives an account its failures after a success, but the address only that attempt', () => {
    const { attempt, throttle, times } = setUp();
    times(4, () => attempt('ann'));
    expect(attempt('ann')).toBe(0);
    throttle.succeeded('ann', '192.0.2.1');
    expect(times(5, () => attempt('ann'))).toEqual([0, 0, 0, 0, 0]);
    times(3, (index) => times(5, () => attempt(`u${index}`)).length);
    expect(attempt('last')).toBeGreaterThan(0);
  });

  it('remembers no more than it is allowed to', () => {
    const { attempt, times } = setUp({ maxKeys: 10 });
    times(5, () => attempt('ann'));
    expect(attempt('ann')).toBe(300);
    times(50, (index) => attempt('bob', `10.0.0.${index}`));
    expect(attempt('ann')).toBe(0);
  });
});
