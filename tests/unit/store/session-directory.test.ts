import { describe, expect, it } from '@jest/globals';
import session, { type SessionData } from 'express-session';
import { promisify } from 'node:util';
import { createFileSessionStore } from '../../../registry/store/file/file-session-store.js';
import type { SessionDirectory } from '../../../registry/store/session-directory.js';
import { createFakeClock, type FakeClock } from '../../fakes/fake-clock.js';
import { createMemorySessionStore } from '../../fakes/memory-session-store.js';
import { makeRecordingLog, withDirectory } from '../../store/store-records.js';

const HOUR = 3_600_000;

type Sessions = session.Store & SessionDirectory;
type Use = (sessions: Sessions, clock: FakeClock) => Promise<void>;

const BACKENDS: readonly [string, (use: Use) => Promise<void>][] = [
  [
    'in memory',
    async (use) => {
      const clock = createFakeClock();
      await use(createMemorySessionStore(clock), clock);
    },
  ],
  [
    'in a file',
    (use) =>
      withDirectory(async (dataDir) => {
        const clock = createFakeClock();
        const now = () => clock().getTime();
        const store = await createFileSessionStore({ dataDir, log: makeRecordingLog(), now });
        await use(store, clock);
        await store.close();
      }),
  ],
];

function makeSession(clock: FakeClock, username: string, publicId: string): SessionData {
  const facts = { username, publicId, begunAt: clock().toISOString(), csrfToken: 'secret' };
  const cookie = Object.assign(new session.Cookie(), { originalMaxAge: HOUR });
  return { ...facts, address: '192.0.2.1', userAgent: 'Test', cookie };
}

const set = (store: Sessions, sid: string, data: SessionData): Promise<void> =>
  promisify(store.set.bind(store))(sid, data);

const get = (store: Sessions, sid: string): Promise<SessionData | null | undefined> =>
  new Promise((resolve) => store.get(sid, (_fault, data) => resolve(data)));

describe.each(BACKENDS)('the directory of sessions %s', (_where, withSessions) => {
  it('lists those of one person, the last begun first, without their secrets', () =>
    withSessions(async (store, clock) => {
      await set(store, 'sid-1', makeSession(clock, 'ann', 'a'));
      clock.advance(1000);
      await set(store, 'sid-2', makeSession(clock, 'ann', 'b'));
      await set(store, 'sid-3', makeSession(clock, 'bob', 'c'));
      const listed = await store.sessionsOf('ann');
      expect(listed).toEqual([
        {
          id: 'b',
          username: 'ann',
          begunAt: '2026-01-02T03:04:06.000Z',
          lastSeenAt: '2026-01-02T03:04:06.000Z',
          address: '192.0.2.1',
          userAgent: 'Test',
        },
        expect.objectContaining({ id: 'a', lastSeenAt: '2026-01-02T03:04:05.000Z' }),
      ]);
      expect(await store.sessionsOf('nobody')).toEqual([]);
    }));

  it('knows when each was used last, and leaves out those that ran out', () =>
    withSessions(async (store, clock) => {
      const data = makeSession(clock, 'ann', 'a');
      await set(store, 'sid-1', data);
      await set(store, 'sid-2', makeSession(clock, 'ann', 'b'));
      clock.advance(HOUR - 1);
      await new Promise<void>((resolve) => store.touch?.('sid-1', data, resolve));
      clock.advance(1);
      const listed = await store.sessionsOf('ann');
      expect(listed.map(({ id, lastSeenAt }) => [id, lastSeenAt])).toEqual([
        ['a', '2026-01-02T04:04:04.999Z'],
      ]);
      expect(await get(store, 'sid-2')).toBeNull();
      clock.advance(HOUR - 1);
      expect(await get(store, 'sid-1')).toBeNull();
    }));

  it('ends those that are named and no other', () =>
    withSessions(async (store, clock) => {
      for (const id of ['a', 'b', 'c'])
        await set(store, `sid-${id}`, makeSession(clock, 'ann', id));
      await store.endSessions(['a', 'c', 'unknown']);
      expect((await store.sessionsOf('ann')).map(({ id }) => id)).toEqual(['b']);
      expect(await get(store, 'sid-a')).toBeNull();
      expect(await get(store, 'sid-b')).toMatchObject({ username: 'ann' });
    }));
});
