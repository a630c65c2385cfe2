import { describe, expect, it, jest } from '@jest/globals';
import type { TokenRecord } from '../../../registry/access/account.js';
import { createTokenUse } from '../../../registry/access/token-use.js';
import type { TokenUseStore } from '../../../registry/store/store.js';
import { createMemoryStore } from '../../fakes/memory-store.js';
import { createRecordingLog } from '../../fakes/recording-log.js';

const EARLY = '2026-01-02T03:04:05.000Z';
const LATE = '2026-01-02T03:04:06.000Z';

const token = (id: string): TokenRecord => ({
  id,
  name: id,
  sha256: 'a'.repeat(64),
  owner: 'admin',
  scopes: [],
  groups: [],
  createdAt: EARLY,
});

function setUp(known: ReadonlyMap<string, string> = new Map()) {
  const store = createMemoryStore({ tokens: [token('a'), token('b')] });
  const log = createRecordingLog();
  const saves: Record<string, string>[] = [];
  let fault: Error | undefined;
  const saved: TokenUseStore = {
    load: () => Promise.resolve(known),
    save: (uses) => {
      if (fault !== undefined) return Promise.reject(fault);
      saves.push(Object.fromEntries(uses));
      return Promise.resolve();
    },
  };
  const fail = (error: Error | undefined) => {
    fault = error;
  };
  return { uses: createTokenUse({ saved, store, log }), store, saves, fail, log };
}

describe('the uses of tokens', () => {
  it('are known from the last run, and the latest counts', async () => {
    const { uses } = setUp(new Map([['a', EARLY]]));
    await uses.load();
    expect([uses.lastUsedAt('a'), uses.lastUsedAt('b')]).toEqual([EARLY, undefined]);
    uses.touch('a', new Date(LATE));
    uses.touch('a', new Date(EARLY));
    expect(uses.lastUsedAt('a')).toBe(LATE);
  });

  it('are saved together after half a minute, and at the end', async () => {
    jest.useFakeTimers();
    try {
      const { uses, saves } = setUp();
      uses.touch('a', new Date(EARLY));
      uses.touch('b', new Date(EARLY));
      await jest.advanceTimersByTimeAsync(29_999);
      expect(saves).toEqual([]);
      await jest.advanceTimersByTimeAsync(1);
      expect(saves).toEqual([{ a: EARLY, b: EARLY }]);
      uses.touch('a', new Date(LATE));
      await uses.close();
      expect(saves[1]).toEqual({ a: LATE, b: EARLY });
      await jest.advanceTimersByTimeAsync(60_000);
      expect(saves).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('are not saved when nothing was used, and not of tokens that are gone', async () => {
    const { uses, store, saves } = setUp();
    await uses.close();
    expect(saves).toEqual([]);
    uses.touch('a', new Date(EARLY));
    uses.touch('b', new Date(EARLY));
    await store.commit(() => ({ tokens: [token('b')] }));
    await uses.close();
    expect(saves).toEqual([{ b: EARLY }]);
  });

  it('that could not be saved are saved the next time', async () => {
    const { uses, saves, fail, log } = setUp();
    uses.touch('a', new Date(EARLY));
    fail(new Error('no space'));
    await uses.close();
    expect(log.entries).toMatchObject([{ level: 'warn', fields: { reason: 'no space' } }]);
    fail(undefined);
    await uses.close();
    expect(saves).toEqual([{ a: EARLY }]);
  });
});
