import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { AuditEntry } from '../../registry/audit/audit-entry.js';
import {
  callAs,
  createTestRegistry,
  logIn,
  PASSWORD,
  WEATHER,
  type TestRegistry,
} from './test-registry.js';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await createTestRegistry();
});

const entries = () => registry.auditLog.entries;
const last = () => entries().at(-1);
const asAdmin = () => callAs(registry, 'admin');

/** What one request adds to the log. */
async function recorded(work: () => PromiseLike<unknown>): Promise<readonly AuditEntry[]> {
  const before = entries().length;
  await work();
  return entries().slice(before);
}

describe('the table of routes', () => {
  it('says of every unsafe route what the audit log calls it, or that it changes nothing', () => {
    const silent = registry.routes.filter(
      ({ method, audit }) => method !== 'get' && audit === undefined,
    );
    expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('has few unsafe routes that change nothing', () => {
    const none = registry.routes.filter(({ audit }) => audit === 'none');
    expect(none.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'post /api/access/explain',
      'post /api/gateway/preview',
      'post /api/import/preview',
      'post /api/servers/{path}/try',
      'post /internal/gate/learn',
    ]);
  });

  it('records a refusal of every one of them to a known caller, once, without an id it cannot know', async () => {
    const { agent } = await logIn(registry);
    const audited = registry.routes.filter(
      ({ method, audit }) => method !== 'get' && typeof audit === 'object',
    );
    expect(audited.length).toBeGreaterThan(15);
    for (const { method, path, audit, permission } of audited) {
      if (typeof audit !== 'object' || permission === 'public') continue;
      const found = await recorded(() => agent[method](path.replaceAll(/\{\w+\}/g, 'x')));
      expect([path, found]).toMatchObject([
        path,
        [{ action: audit.action, actor: { username: 'admin' }, outcome: 'csrf-token-invalid' }],
      ]);
    }
  });
});

describe('a change of a server', () => {
  it('is one entry with caller, address, request and difference', async () => {
    const call = await asAdmin();
    const answer = await call('post', '/api/servers').send(WEATHER);
    expect(last()).toMatchObject({
      time: '2026-01-02T03:04:05.000Z',
      action: 'server.register',
      actor: { kind: 'token', username: 'admin', tokenId: expect.any(String) },
      target: { type: 'server', id: '/weather' },
      after: { name: 'Weather', url: 'http://weather:8000/', owner: 'admin' },
      from: { address: expect.stringContaining('127.0.0.1'), via: 'api' },
      outcome: 'ok',
      requestId: answer.headers['x-request-id'],
    });
    expect(last()).not.toHaveProperty('before');
  });

  const changes: readonly (readonly [
    'post' | 'put' | 'patch' | 'delete',
    string,
    object,
    Partial<AuditEntry>,
  ])[] = [
    ['post', '/weather/enable', {}, { action: 'server.enable', after: { enabled: true } }],
    ['post', '/weather/disable', {}, { action: 'server.disable' }],
    ['post', '/weather/refresh', {}, { action: 'server.refresh' }],
    [
      'patch',
      '/weather',
      { tags: ['x'] },
      { action: 'server.update', before: { tags: [] }, after: { tags: ['x'] } },
    ],
    [
      'put',
      '/weather',
      { ...WEATHER, name: 'Rain' },
      { action: 'server.update', before: { name: 'Weather' }, after: { name: 'Rain' } },
    ],
    [
      'patch',
      '/weather',
      { path: '/rain' },
      { action: 'server.update', before: { path: '/weather' }, after: { path: '/rain' } },
    ],
  ];

  it.each(changes)('by %s of %s is one entry', async (method, path, body, expected) => {
    const call = await asAdmin();
    await call('post', '/api/servers').send(WEATHER);
    const found = await recorded(() => call(method, `/api/servers${path}`).send(body));
    expect(found).toMatchObject([
      { ...expected, target: { type: 'server', id: '/weather' }, outcome: 'ok' },
    ]);
  });

  it('stays when the server is gone', async () => {
    const call = await asAdmin();
    await call('post', '/api/servers').send(WEATHER);
    await call('delete', '/api/servers/weather');
    const answer = await call('get', '/api/audit').query({ target: '/weather' });
    expect(answer.body).toMatchObject({
      entries: [
        { action: 'server.remove', before: { name: 'Weather' } },
        { action: 'server.register', after: { name: 'Weather' } },
      ],
    });
  });

  it('by the short form is a registration', async () => {
    const call = await asAdmin();
    const { name, path, url } = WEATHER;
    await call('post', '/register').type('form').send({ name, path, proxy_pass_url: url });
    expect(last()).toMatchObject({ action: 'server.register', target: { id: '/weather' } });
  });

  it('does not show a credential', async () => {
    const call = await asAdmin();
    const auth = { type: 'bearer', token: 'upstream-secret-1' };
    await call('post', '/api/servers').send({ ...WEATHER, auth });
    await call('patch', '/api/servers/weather').send({ auth: { ...auth, token: 'other-secret' } });
    expect(entries().slice(-2)).toMatchObject([
      { after: { auth: { type: 'bearer', token: '[set]' } } },
      { before: { auth: { token: '[set]' } }, after: { auth: { token: '[changed]' } } },
    ]);
    expect(JSON.stringify(entries())).not.toMatch(/secret|v1\./);
  });

  it('that is refused is recorded with its code and without its body', async () => {
    const call = await asAdmin();
    await call('post', '/api/servers').send(WEATHER);
    const refused = await recorded(async () => {
      await call('post', '/api/servers').send(WEATHER);
      await call('post', '/api/servers').send({ ...WEATHER, path: '/new', url: 'sftp://secret' });
      await call('patch', '/api/servers/weather').set('If-Match', '"99"').send({ name: 'x' });
      await call('delete', '/api/servers/none');
      await call('post', '/api/servers').type('json').send('{');
    });
    expect(refused.map(({ outcome, target }) => [outcome, target.id])).toEqual([
      ['path-taken', '/weather'],
      ['validation-failed', '/new'],
      ['revision-conflict', '/weather'],
      ['server-not-found', '/none'],
      ['malformed-request', undefined],
    ]);
    expect(JSON.stringify(refused)).not.toContain('secret');
    const reader = await callAs(registry, 'read');
    const forbidden = await recorded(() => reader('post', '/api/servers/weather/enable'));
    expect(forbidden).toMatchObject([{ outcome: 'forbidden', action: 'server.enable' }]);
  });
});

describe('other changes', () => {
  it('name the tool that was called and its server, without arguments', async () => {
    const call = await asAdmin();
    await call('post', '/api/servers').send(WEATHER);
    const body = { arguments: { city: 'Trondheim' } };
    const found = await recorded(() =>
      call('post', '/api/servers/weather/tools/rain/call').send(body),
    );
    expect(found).toMatchObject([
      { action: 'tool.call', target: { type: 'tool', id: 'rain', server: '/weather' } },
    ]);
    expect(JSON.stringify(found)).not.toContain('Trondheim');
  });

  it('name tokens by their id and never show them', async () => {
    const call = await asAdmin();
    const issued = await call('post', '/api/tokens').send({ name: 'ci', scopes: ['read'] });
    const { id, token } = issued.body as { readonly id: string; readonly token: string };
    await call('delete', `/api/tokens/${id}`);
    expect(entries().slice(-2)).toMatchObject([
      { action: 'token.issue', target: { type: 'token', id }, after: { name: 'ci' } },
      { action: 'token.revoke', target: { type: 'token', id }, before: { name: 'ci' } },
    ]);
    expect(JSON.stringify(entries())).not.toContain(token);
  });

  it('of users and groups are recorded without passwords', async () => {
    const call = await asAdmin();
    const user = { username: 'ada', password: 'a long pass phrase', roles: ['viewer'] };
    await call('post', '/api/users').send(user);
    await call('patch', '/api/users/ada').send({ roles: ['developer'] });
    await call('patch', '/api/users/ada').send({ password: 'another pass phrase' });
    await call('delete', '/api/users/ada');
    await call('post', '/api/groups').send({ name: 'team', servers: ['/weather'], tools: ['*'] });
    await call('delete', '/api/groups/team');
    expect(entries().slice(-6)).toMatchObject([
      { action: 'user.create', target: { id: 'ada' }, after: { passwordHash: '[set]' } },
      { action: 'user.update', before: { roles: ['viewer'] }, after: { roles: ['developer'] } },
      { action: 'user.update', after: { passwordHash: '[changed]' } },
      { action: 'user.remove', target: { id: 'ada' } },
      { action: 'group.create', target: { type: 'group', id: 'team' } },
      { action: 'group.remove', before: { servers: ['/weather'] } },
    ]);
    expect(JSON.stringify(entries())).not.toMatch(/pass phrase|argon2/);
  });

  it('that only look are not recorded', async () => {
    const call = await asAdmin();
    expect(
      await recorded(async () => {
        await call('get', '/api/servers');
        await call('post', '/api/gateway/preview').send(WEATHER);
        await request(registry.app).post('/api/servers').send(WEATHER);
      }),
    ).toEqual([]);
  });
});

describe('sessions', () => {
  it('are recorded from log-in to log-out, as the work of a person in the UI', async () => {
    const { agent, csrfToken } = await logIn(registry);
    await agent.post('/api/servers').set('X-CSRF-Token', csrfToken).send(WEATHER);
    await agent.post('/api/logout').set('X-CSRF-Token', csrfToken);
    expect(
      entries()
        .slice(-3)
        .map(({ action }) => action),
    ).toEqual(['session.begin', 'server.register', 'session.end']);
    for (const entry of entries().slice(-3)) {
      expect(entry).toMatchObject({
        actor: { kind: 'user', username: 'admin' },
        from: { via: 'ui' },
        outcome: 'ok',
      });
    }
  });

  it('that are refused name the account, unless there is none of that name', async () => {
    const attempt = (username: string) =>
      request(registry.app).post('/api/login').send({ username, password: 'wrong' });
    await attempt('admin');
    await attempt(PASSWORD);
    expect(entries().slice(-2)).toMatchObject([
      { action: 'session.refused', outcome: 'invalid-credentials', target: { id: 'admin' } },
      { action: 'session.refused', actor: { kind: 'stranger' }, target: { type: 'user' } },
    ]);
    expect(JSON.stringify(entries())).not.toContain(PASSWORD);
  });

  it('of scripts are told by what they call themselves', async () => {
    await request(registry.app)
      .post('/api/login')
      .set('User-Agent', 'mcpgw-scripts')
      .send({ username: 'admin', password: PASSWORD });
    expect(last()).toMatchObject({ action: 'session.begin', from: { via: 'script' } });
  });
});

describe('GET /api/audit', () => {
  it('answers pages, newest first', async () => {
    const call = await asAdmin();
    for (const path of ['/a', '/b', '/c'])
      await call('post', '/api/servers').send({ ...WEATHER, path });
    const first = await call('get', '/api/audit').query({ limit: 2, action: 'server.*' });
    const page = first.body as { readonly entries: AuditEntry[]; readonly nextCursor: string };
    expect(page.entries.map(({ target }) => target.id)).toEqual(['/c', '/b']);
    const next = await call('get', '/api/audit').query({
      limit: 2,
      action: 'server.*',
      cursor: page.nextCursor,
    });
    expect(next.body).toEqual({
      entries: [expect.objectContaining({ target: { type: 'server', id: '/a' } })],
    });
  });

  it.each([
    ['action', 'server.fly', 'must be one of server.register'],
    ['from', 'yesterday', 'must be a date'],
    ['limit', '501', 'must be at most 500'],
    ['limit', '0', 'must be at least 1'],
    ['colour', 'red', 'is not a known field'],
  ])('refuses %s=%s', async (field, value, message) => {
    const answer = await (await asAdmin())('get', '/api/audit').query({ [field]: value });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      code: 'validation-failed',
      errors: [{ field, message: expect.stringContaining(message) }],
    });
  });

  it('is for administrators alone', async () => {
    const answer = await (await callAs(registry, 'write'))('get', '/api/audit');
    expect(answer.status).toBe(403);
  });
});

describe('GET /health', () => {
  it('is degraded while the audit log cannot be written; the reason is for known callers', async () => {
    registry.auditLog.setHealth({ writable: false, reason: 'ENOSPC', waiting: 7 });
    const stranger = await request(registry.app).get('/health');
    expect(stranger.body).toMatchObject({ status: 'degraded', audit: { writable: false } });
    expect(stranger.text).not.toContain('ENOSPC');
    const known = await (await asAdmin())('get', '/health');
    expect(known.body).toMatchObject({ audit: { writable: false, reason: 'ENOSPC', waiting: 7 } });
  });
});
