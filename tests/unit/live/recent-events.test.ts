import { describe, expect, it } from '@jest/globals';
import { RecentEvents } from '../../../registry/live/recent-events.js';

const event = (key: string, text = key) => ({ key, text });
const keys = (found: ReturnType<RecentEvents['since']>) => found?.map(({ text }) => text);

describe('recent events', () => {
  it('give what came after a number, the newest of each key', () => {
    const recent = new RecentEvents(0);
    recent.add(1, [event('a', 'a1')]);
    recent.add(2, [event('b', 'b2')]);
    recent.add(3, [event('a', 'a3')]);
    expect(keys(recent.since(0))).toEqual(['b2', 'a3']);
    expect(keys(recent.since(2))).toEqual(['a3']);
    expect(keys(recent.since(3))).toEqual([]);
  });

  it('know that they do not know what came before them', () => {
    expect(new RecentEvents(5).since(4)).toBeUndefined();
    expect(new RecentEvents(5).since(5)).toEqual([]);
  });

  it('forget the oldest beyond their number, and say so', () => {
    const recent = new RecentEvents(0, { maxEvents: 2 });
    ['a', 'b', 'c'].forEach((key, index) => recent.add(index + 1, [event(key)]));
    expect(recent.since(0)).toBeUndefined();
    expect(keys(recent.since(1))).toEqual(['b', 'c']);
  });

  it('forget the oldest beyond their length', () => {
    const recent = new RecentEvents(0, { maxLength: 10 });
    recent.add(1, [event('a', '123456')]);
    recent.add(2, [event('b', '123456')]);
    expect(recent.since(0)).toBeUndefined();
    expect(keys(recent.since(1))).toEqual(['123456']);
  });

  it('that are cut within one step give nothing of it', () => {
    const recent = new RecentEvents(0, { maxEvents: 2 });
    recent.add(1, [event('a'), event('b'), event('c')]);
    expect(recent.since(0)).toBeUndefined();
    expect(keys(recent.since(1))).toEqual([]);
  });
});
