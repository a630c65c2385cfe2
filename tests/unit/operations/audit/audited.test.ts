import { describe, expect, it } from '@jest/globals';
import type { Server } from '../../../../registry/catalog/server.js';
import { updateServer } from '../../../../registry/catalog/catalog.js';
import type { ServerPath } from '../../../../registry/catalog/server-path.js';
import { RegistryError } from '../../../../registry/errors.js';
import {
  actorOf,
  changeBySystem,
  createAudited,
  serverTarget,
  type AuditedChange,
} from '../../../../registry/operations/audit/audited.js';
import { createFileStore } from '../../../../registry/store/file/file-store.js';
import type { RegistryState, Store } from '../../../../registry/store/store.js';
import { adding, withDirectory } from '../../../store/store-records.js';
import { createFakeClock } from '../../../fakes/fake-clock.js';
import { createMemoryAuditLog } from '../../../fakes/memory-audit-log.js';
import { createMemoryStore } from '../../../fakes/memory-store.js';
import { createRecordingLog } from '../../../fakes/recording-log.js';

const AT = '2026-01-02T03:04:05.000Z';

function setUp(store: Store = createMemoryStore()) {
  const auditLog = createMemoryAuditLog();
  const clock = createFakeClock();
  return { store, auditLog, clock, audited: createAudited({ store, auditLog, clock }) };
}

const byAda = (change: Partial<AuditedChange> = {}): AuditedChange => ({
  action: 'server.update',
  actor: () => ({ kind: 'user', username: 'ada' }),
  target: () => serverTarget('/a'),
  from: { address: '10.0.0.7', via: 'mcp' },
  requestId: 'r1',
  ...change,
});

const change =
  (path: string, fields: Partial<Server>) =>
  ({ catalog }: RegistryState, revision: number) => ({
    catalog: updateServer(catalog, path as ServerPath, fields, { by: 'x', at: AT, revision }),
  });

describe('a change', () => {
  it('is recorded with who, what, from where and what became of it', async () => {
    const { store, auditLog, audited } = setUp();
    const done = await audited.run(byAda({ action: 'server.register' }), async () => {
      await store.commit(adding('/a'));
      return 'done';
    });
    expect(done).toBe('done');
    expect(auditLog.entries).toEqual([
      {
        id: expect.any(String),
        time: AT,
        action: 'server.register',
        actor: { kind: 'user', username: 'ada' },
        target: { type: 'server', id: '/a' },
        after: expect.objectContaining({ path: '/a', enabled: false }),
        from: { address: '10.0.0.7', via: 'mcp' },
        revision: 1,
        outcome: 'ok',
        requestId: 'r1',
      },
    ]);
  });

  it('is recorded with the fields that changed, before and after, and no others', async () => {
    const { store, auditLog, audited } = setUp();
    await store.commit(adding('/a'));
    await audited.run(byAda(), () => store.commit(change('/a', { enabled: true, tags: ['x'] })));
    expect(auditLog.entries[0]).toMatchObject({
      before: { enabled: false, tags: [] },
      after: { enabled: true, tags: ['x'] },
    });
    expect(Object.keys(auditLog.entries[0]?.after ?? {}).sort()).toEqual(['enabled', 'tags']);
  });

  it('of the path is one change of one server', async () => {
    const { store, auditLog, audited } = setUp();
    await store.commit(adding('/a'));
    await audited.run(byAda(), () => store.commit(change('/a', { path: '/b' as ServerPath })));
    expect(auditLog.entries).toMatchObject([
      { target: { id: '/a' }, before: { path: '/a' }, after: { path: '/b' } },
    ]);
    expect(auditLog.entries[0]).not.toHaveProperty('also');
  });

  it('in several commits is shown as one, from the first to the last', async () => {
    const { store, auditLog, audited } = setUp();
    await store.commit(adding('/a'));
    await audited.run(byAda(), async () => {
      await store.commit(change('/a', { name: 'one' }));
      await store.commit(change('/a', { name: 'two', enabled: true }));
    });
    expect(auditLog.entries).toMatchObject([
      { before: { name: '/a', enabled: false }, after: { name: 'two', enabled: true } },
    ]);
  });

  it('of nothing is recorded without fields', async () => {
    const { auditLog, audited } = setUp();
    await audited.run(byAda({ action: 'server.refresh' }), () => undefined);
    expect(auditLog.entries[0]).toMatchObject({ action: 'server.refresh', outcome: 'ok' });
    expect(auditLog.entries[0]).not.toHaveProperty('after');
  });

  it('names what it made, and what else it touched', async () => {
    const { store, auditLog, audited } = setUp();
    const token = { id: 't', name: 'x', sha256: 'a'.repeat(64), owner: 'ada', createdAt: AT };
    await audited.run(byAda({ action: 'token.issue', target: () => ({ type: 'token' }) }), () =>
      store.commit(() => ({ tokens: [{ ...token, scopes: ['read'], groups: [] }] })),
    );
    expect(auditLog.entries[0]).toMatchObject({
      target: { type: 'token', id: 't' },
      after: { name: 'x', sha256: '[set]' },
    });
    await audited.run(byAda(), () =>
      store.commit((state, revision) => ({
        ...adding('/a')(state, revision),
        tokens: [],
      })),
    );
    expect(auditLog.entries[1]).toMatchObject({ also: [{ type: 'token', id: 't' }] });
  });

  it('is not given what others change meanwhile, with a real store', () =>
    withDirectory(async (dataDir) => {
      const { store, auditLog, audited } = setUp(
        await createFileStore({ dataDir, log: createRecordingLog() }),
      );
      await store.commit(adding('/a'));
      let release = (): void => undefined;
      const waiting = new Promise<void>((resolve) => (release = resolve));
      const slow = audited.run(byAda({ requestId: 'slow' }), async () => {
        await store.commit(change('/a', { enabled: true }));
        await waiting;
      });
      const quick = audited.run(byAda({ requestId: 'quick' }), () =>
        store.commit(change('/a', { enabled: false, name: 'n' })),
      );
      await quick;
      release();
      await slow;
      await store.close();
      const after: unknown = Object.fromEntries(
        auditLog.entries.map((entry) => [entry.requestId, entry.after]),
      );
      expect(after).toEqual({ quick: { enabled: false, name: 'n' }, slow: { enabled: true } });
    }));
});

describe('a refusal', () => {
  const refuse =
    (code: 'path-taken' | 'forbidden' = 'path-taken') =>
    () => {
      throw new RegistryError(code, 'no');
    };

  it('is passed on and recorded with its code, under its own name if it has one', async () => {
    const { auditLog, audited } = setUp();
    await expect(audited.run(byAda(), refuse())).rejects.toMatchObject({ code: 'path-taken' });
    const logIn = byAda({ action: 'session.begin', refusedAs: 'session.refused' });
    audited.refused(logIn, new RegistryError('forbidden', 'no'));
    expect(auditLog.entries).toMatchObject([
      { action: 'server.update', outcome: 'path-taken' },
      { action: 'session.refused', outcome: 'forbidden' },
    ]);
  });

  it('that is a fault of ours is recorded as one', async () => {
    const { auditLog, audited } = setUp();
    await expect(audited.run(byAda(), () => Promise.reject(new Error('bug')))).rejects.toThrow();
    expect(auditLog.entries).toMatchObject([{ outcome: 'internal-error' }]);
  });

  it('does not keep a name that nobody has: it may be a password', async () => {
    const { store, auditLog, audited } = setUp();
    await store.commit(() => ({
      accounts: [{ username: 'ada', roles: [], groups: [], disabled: false, createdAt: AT }],
    }));
    for (const id of ['hunter2', 'ada']) {
      const logIn = byAda({
        target: () => ({ type: 'user', id }),
        actor: () => actorOf(undefined),
      });
      await expect(audited.run(logIn, refuse('forbidden'))).rejects.toThrow();
    }
    expect(auditLog.entries.map(({ target }) => target)).toEqual([
      { type: 'user' },
      { type: 'user', id: 'ada' },
    ]);
  });

  it('can be repeated without flushing out the past: what is too much is counted', () => {
    const { auditLog, clock, audited } = setUp();
    const stranger = byAda({ actor: () => actorOf(undefined) });
    const no = new RegistryError('forbidden', 'no');
    for (let count = 0; count < 100; count += 1) audited.refused(stranger, no);
    expect(auditLog.entries).toHaveLength(60);
    audited.refused(byAda(), no);
    expect(auditLog.entries.at(-1)).toMatchObject({ actor: { username: 'ada' }, dropped: 40 });
    clock.advance(60_000);
    audited.refused(stranger, no);
    expect(auditLog.entries).toHaveLength(62);
    expect(auditLog.entries.at(-1)).not.toHaveProperty('dropped');
  });
});

describe('what the registry does itself', () => {
  it('is recorded when it changes something, and not when all is done already', async () => {
    const { store, auditLog, audited } = setUp();
    const own = changeBySystem('server.register', { type: 'server' });
    await audited.run(own, () => store.commit(adding('/a')));
    await audited.run(own, () => undefined);
    expect(auditLog.entries).toMatchObject([
      { actor: { kind: 'system' }, target: { type: 'server', id: '/a' } },
    ]);
    expect(auditLog.entries[0]).not.toHaveProperty('from');
  });
});

describe('the target', () => {
  it.each([
    ['weather', { type: 'server', id: '/weather' }],
    ['/team/weather/', { type: 'server', id: '/team/weather' }],
    ['#3', { type: 'server', id: '#3' }],
    ['x'.repeat(500), { type: 'server', id: 'x'.repeat(200) }],
    [undefined, { type: 'server' }],
    [{ a: 1 }, { type: 'server' }],
  ])('of the path %j', (path, target) => expect(serverTarget(path)).toEqual(target));
});
