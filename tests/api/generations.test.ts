import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { callAs, createTestRegistry, somebody, WEATHER } from './test-registry.js';

const TIME = { name: 'Time', path: '/time', url: 'http://time:8000/' };

interface Listed {
  readonly generations: readonly Readonly<Record<string, unknown>>[];
}

/** One server, then another one; the generation "before" has the first alone. */
async function withTwoServers() {
  const registry = await createTestRegistry();
  const call = await callAs(registry, 'admin');
  await call('post', '/api/servers').send(WEATHER).expect(201);
  const revision = registry.store.catalogs.revision();
  await call('post', '/api/servers').send(TIME).expect(201);
  registry.gateway.setGenerations([
    { generation: 'now', live: true, revision: registry.store.catalogs.revision() },
    { generation: 'before', live: false, revision, appliedAt: '2026-01-02T03:04:05.000Z' },
    { generation: 'lost', live: false, revision: 99 },
    { generation: 'unknown', live: false },
  ]);
  return { registry, call };
}

describe('earlier generations', () => {
  it('are listed with whether they can be restored, and why not', async () => {
    const { call } = await withTwoServers();
    const answer = await call('get', '/api/gateway/generations').expect(200);
    expect((answer.body as Listed).generations).toEqual([
      expect.objectContaining({ generation: 'now', live: true, restorable: false }),
      expect.objectContaining({ generation: 'before', live: false, restorable: true }),
      expect.objectContaining({
        generation: 'lost',
        restorable: false,
        notRestorableReason: 'The catalog of revision 99 is not kept any more.',
      }),
      expect.objectContaining({ generation: 'unknown', restorable: false }),
    ]);
  });

  it('tell the change that made them, and who made it to those who read the audit log', async () => {
    const { registry, call } = await withTwoServers();
    await call('post', '/api/servers/weather/enable').expect(200);
    await call('patch', '/api/servers/time').send({ description: 'Slow' }).expect(200);
    const upTo = registry.store.catalogs.revision();
    const since = registry.clock().toISOString();
    registry.gateway.setGenerations([
      { generation: 'moved', live: true, origin: { after: upTo, upTo, since } },
      { generation: 'two', live: false, origin: { after: upTo - 2, upTo, since } },
      { generation: 'enabled', live: false, origin: { after: upTo - 2, upTo: upTo - 1, since } },
      { generation: 'never-written', live: false, origin: { after: 900, upTo: 901, since } },
      { generation: 'unknown', live: false },
    ]);
    const listed = async (ask: typeof call) =>
      ((await ask('get', '/api/gateway/generations').expect(200)).body as Listed).generations;
    const update = { action: 'server.update', servers: ['/time'], serverCount: 1, at: since };
    const enable = { action: 'server.enable', servers: ['/weather'], serverCount: 1, at: since };
    const by = { kind: 'token', username: 'admin' };
    const [moved, ...made] = await listed(call);
    expect(moved).toMatchObject({ generation: 'moved', sameServers: true });
    expect(made.map(({ change }) => change)).toEqual([
      { ...update, others: 1, by },
      { ...enable, others: 0, by },
      undefined,
      undefined,
    ]);
    expect(JSON.stringify(made)).not.toContain('origin');
    const operator = await listed(await somebody(registry, 'operator'));
    expect(operator.map(({ change }) => change)).toEqual([
      undefined,
      { ...update, others: 1 },
      { ...enable, others: 0 },
      undefined,
      undefined,
    ]);
  });

  it('say which servers a restoration would change, remove and bring back', async () => {
    const { registry, call } = await withTwoServers();
    await call('delete', '/api/servers/weather').expect(200);
    const before = registry.store.state();
    const answer = await call('get', '/api/gateway/generations/before/restore').expect(200);
    expect(answer.body).toEqual({ changed: [], removed: ['/time'], broughtBack: ['/weather'] });
    expect(registry.store.state()).toBe(before);
    await call('get', '/api/gateway/generations/lost/restore').expect(409);
  });

  it('are shown with their files, and only those that are kept', async () => {
    const { call } = await withTwoServers();
    const answer = await call('get', '/api/gateway/generations/before').expect(200);
    expect(answer.body).toEqual({
      generation: 'before',
      files: [{ path: 'servers.conf', text: '# before\n' }],
    });
    const other = await call('get', '/api/gateway/generations/..%2F..%2Fx').expect(404);
    expect(other.body).toMatchObject({ code: 'generation-not-found' });
  });

  it('give their servers back in one change that is audited', async () => {
    const { registry, call } = await withTwoServers();
    await call('patch', '/api/servers/weather').send({ description: 'Changed' }).expect(200);
    const before = registry.store.state();
    const answer = await call('post', '/api/gateway/generations/before/restore').expect(200);
    const after = registry.store.state();
    expect(answer.body).toMatchObject({
      restored: ['/time', '/weather'],
      gateway: { state: 'applied' },
    });
    expect([...after.catalog.servers.keys()]).toEqual(['/weather']);
    expect(after.revision).toBe(before.revision + 1);
    expect(after.tokens).toBe(before.tokens);
    const server = await call('get', '/api/servers/weather').expect(200);
    expect(server.body).toMatchObject({ description: '', revision: after.revision });
    const audit = await call('get', '/api/audit').expect(200);
    expect((audit.body as { entries: unknown[] }).entries[0]).toMatchObject({
      action: 'gateway.restore',
      target: { type: 'gateway', id: 'before' },
      also: expect.arrayContaining([
        { type: 'server', id: '/time' },
        { type: 'server', id: '/weather' },
      ]) as unknown,
    });
  });

  it('tell a server that comes back nothing of what was at its path meanwhile', async () => {
    const { call } = await withTwoServers();
    let paths: unknown;
    const restored = async () => {
      const answer = await call('post', '/api/gateway/generations/before/restore').expect(200);
      ({ restored: paths } = answer.body as { readonly restored: unknown });
      const server = await call('get', '/api/servers/weather').expect(200);
      return (server.body as { readonly movedAt?: string }).movedAt;
    };
    expect(await restored()).toBeUndefined();
    // The other one is the same as then.
    expect(paths).toEqual(['/time']);
    await call('delete', '/api/servers/weather').expect(200);
    expect(await restored()).toBe('2026-01-02T03:04:05.000Z');
  });

  it('are refused with the reason when their catalog is gone', async () => {
    const { call } = await withTwoServers();
    const answer = await call('post', '/api/gateway/generations/lost/restore').expect(409);
    expect(answer.body).toMatchObject({
      code: 'generation-not-restorable',
      detail: 'The catalog of revision 99 is not kept any more.',
    });
  });

  it('are not restored by a token that sees one server only', async () => {
    const { registry, call } = await withTwoServers();
    const made = await call('post', '/api/tokens')
      .send({ name: 'one', scopes: ['write'], server: '/weather' })
      .expect(201);
    const { token } = made.body as { readonly token: string };
    const answer = await request(registry.app)
      .post('/api/gateway/generations/before/restore')
      .set('Authorization', `Bearer ${token}`);
    expect(answer.status).toBe(403);
  });
});

describe('GET /api/settings', () => {
  it('tells every variable, and no secret', async () => {
    const registry = await createTestRegistry();
    const call = await callAs(registry, 'read');
    const answer = await call('get', '/api/settings').expect(200);
    expect(answer.text).not.toContain('no settings may ever show');
    const { settings, ...versions } = answer.body as {
      readonly settings: readonly Readonly<Record<string, unknown>>[];
    };
    expect(versions).toEqual({
      version: '1.2.3',
      toolSearch: { mode: 'lexical' },
      node: process.versions.node,
      nginx: '1.22.1',
      startedAt: '2026-01-02T03:04:05.000Z',
    });
    const named = (name: string) => settings.find((setting) => setting.name === name);
    expect(named('SECRET_KEY')).toMatchObject({ value: null, isDefault: false, secret: true });
    expect(named('GATEWAY_PORT')).toMatchObject({ value: '8080', isDefault: true, secret: false });
    expect(named('PUBLIC_URL')).toMatchObject({ value: 'http://127.0.0.1:8080', isDefault: true });
  });
});
