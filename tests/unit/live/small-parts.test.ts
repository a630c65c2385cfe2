import { describe, expect, it } from '@jest/globals';
import { dirtOf, otherwiseExcluded } from '../../../registry/live/dirt.js';
import { untilNextBatch } from '../../../registry/live/pace.js';
import { Seats } from '../../../registry/live/seats.js';
import { createMemoryStore } from '../../fakes/memory-store.js';
import { withServers } from '../../live/live-stage.js';

describe('the pace of batches', () => {
  it('is at once after a quiet time, and else keeps its distance', () => {
    expect(untilNextBatch(1000, undefined, 100)).toBe(0);
    expect(untilNextBatch(1000, 970, 100)).toBe(70);
    expect(untilNextBatch(1000, 500, 100)).toBe(0);
  });

  it('is never further off than that, also where the clock was set back', () => {
    expect(untilNextBatch(1000, 3_601_000, 100)).toBe(100);
  });
});

describe('seats', () => {
  it('are counted in all and for each, and given back once', () => {
    const seats = new Seats({ inAll: 2, each: 1 });
    const leave = seats.take('eve');
    expect(seats.take('eve')).toBeUndefined();
    expect(seats.take('bob')).toBeDefined();
    expect(seats.take('dan')).toBeUndefined();
    leave?.();
    leave?.();
    expect(seats.inAll).toBe(1);
    expect(seats.take('dan')).toBeDefined();
    expect(seats.isFull).toBe(true);
  });
});

describe('what a commit makes look different', () => {
  const state = createMemoryStore().state();
  const before = { ...state, catalog: withServers(state.catalog, ['/a', '/b'], '') };

  it('are the servers that it changed', () => {
    const after = { ...before, catalog: withServers(before.catalog, ['/b', '/c'], 'x') };
    expect(dirtOf(before, after)).toEqual(new Set(['/b', '/c']));
    expect(dirtOf(before, { ...before, tokens: [] })).toEqual(new Set());
  });

  it('are all of them when groups are changed', () => {
    expect(dirtOf(before, { ...before, groups: [] })).toBe('all');
  });

  it('are those with another exclusion', () => {
    const exclusion = (path: string, detail: string) =>
      ({ path, reason: 'refused-by-nginx', detail }) as const;
    const was = [exclusion('/a', 'x'), exclusion('/b', 'x'), exclusion('/c', 'x')];
    const is = [exclusion('/a', 'x'), exclusion('/b', 'y'), exclusion('/d', 'x')];
    expect(otherwiseExcluded(was, is)).toEqual(new Set(['/b', '/c', '/d']));
  });
});
