import { describe, expect, it } from '@jest/globals';
import { PastOutcomes } from '../../../../registry/gateway/apply/past-outcomes.js';

const rejected = (at: string, reason: string) =>
  ({ at, state: 'rejected', generation: 'a', reason, revision: 1 }) as const;

describe('past outcomes', () => {
  it('are the newest fifty, newest first', () => {
    const past = new PastOutcomes();
    for (let index = 0; index < 60; index += 1) {
      past.note({ at: String(index), state: 'applied', generation: `g${index}` });
    }
    expect(past.list).toHaveLength(50);
    expect(past.list[0]?.generation).toBe('g59');
    expect(past.list[49]?.generation).toBe('g10');
  });

  it('tell a fault that is met again and again once, with its last time', () => {
    const past = new PastOutcomes();
    past.note(rejected('1', 'port taken'));
    past.note(rejected('2', 'port taken'));
    past.note(rejected('3', 'disk full'));
    expect(past.list.map(({ at }) => at)).toEqual(['3', '2']);
  });
});
