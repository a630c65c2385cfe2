import { describe, expect, it } from '@jest/globals';
import type { ServerLimits } from '../../../../registry/catalog/server-limits.js';
import { callLimit, routeLimits } from '../../../../registry/gateway/plan/call-limit.js';

describe('a limit', () => {
  it.each([
    // calls per minute, burst -> how many may come at once, what nginx calls that, seconds to wait
    [600, undefined, '600', '599', 1],
    [60, 10, '10', '9', 1],
    [60, 1, '1', undefined, 1],
    [1, undefined, '1', undefined, 63],
    [7, 2, '2', '1', 9],
    [1_000_000, 1_000_000, '1000000', '999999', 1],
  ])('of %d calls a minute, %p at once', (perMinute, burst, atOnce, excess, retryAfter) => {
    const expected = { perMinute: String(perMinute), burst: atOnce, retryAfter };
    expect(callLimit(perMinute, burst)).toEqual(
      excess === undefined ? expected : { ...expected, excess },
    );
  });

  it('tells to wait until nginx, which rounds down, takes another call', () => {
    for (let perMinute = 1; perMinute <= 1000; perMinute++) {
      const thousandths = Math.floor((perMinute * 1000) / 60);
      const { retryAfter } = callLimit(perMinute);
      expect(thousandths * retryAfter).toBeGreaterThanOrEqual(1000);
      expect(retryAfter === 1 || thousandths * (retryAfter - 1) < 1000).toBe(true);
    }
  });

  it('of a tool knows it by its name in hex, in which case counts', () => {
    const tools = ['Echo', 'echo', 'é"$'].map((name) => ({ name, callsPerMinute: 1 }));
    expect(routeLimits({ tools }).tools.map(({ tool }) => tool)).toEqual([
      '4563686f',
      '6563686f',
      'c3a92224',
    ]);
  });

  it.each<[unknown]>([
    [{ callsPerMinute: 0 }],
    [{ callsPerMinute: '5r/m; x' }],
    [{ callsPerMinute: 5, burst: '2' }],
    [{ callsPerMinute: 5, burst: null }],
    [{ callsPerMinute: 1e7 }],
    [{ tools: 'echo' }],
    [{ tools: [{ name: '', callsPerMinute: 1 }] }],
    [{ tools: [{ name: 'x'.repeat(129), callsPerMinute: 1 }] }],
    [{ tools: [{ name: 7, callsPerMinute: 1 }] }],
    [{ tools: [{ name: 'echo' }] }],
    [undefined],
  ])('is not made of a record that holds %j', (limits) => {
    expect(() => routeLimits(limits as ServerLimits)).toThrow();
  });
});
