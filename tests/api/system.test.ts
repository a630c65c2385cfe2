import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { callAs, createTestRegistry, WEATHER } from './test-registry.js';

describe('GET /health', () => {
  it('is healthy for a new registry', async () => {
    const answer = await request((await createTestRegistry()).app).get('/health');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'healthy',
      version: '1.2.3',
      revision: 1,
      store: { writable: true },
      gateway: { state: 'applied', generation: 'abc123' },
      servers: { total: 0, enabled: 0, reachable: 0 },
    });
  });

  it('is degraded, and still 200, when the store takes no changes; reasons are for known callers', async () => {
    const registry = await createTestRegistry();
    const call = await callAs(registry, 'read');
    registry.store.setHealth({ writable: false, reason: 'secret-file', remedy: 'mv secret-file' });
    registry.gateway.setStatus({ state: 'rejected', reason: 'secret-server is wrong' });
    const open = await request(registry.app).get('/health');
    expect([open.status, open.body]).toEqual([
      200,
      expect.objectContaining({ status: 'degraded' }),
    ]);
    expect(JSON.stringify(open.body)).not.toContain('secret');
    expect((await call('get', '/health')).body).toMatchObject({
      store: { writable: false, reason: 'secret-file', remedy: 'mv secret-file' },
      gateway: { state: 'rejected', reason: 'secret-server is wrong' },
    });
  });

  it('is degraded when an enabled server is not well, and does not name it', async () => {
    const registry = await createTestRegistry();
    const call = await callAs(registry, 'write');
    await call('post', '/api/servers').send({ ...WEATHER, enabled: true });
    registry.monitor.setHealth('/weather', { reachable: 'no', usable: 'unknown' });
    const answer = await call('get', '/health');
    expect(answer.body).toMatchObject({
      status: 'degraded',
      servers: { total: 1, enabled: 1, unreachable: 1, issues: 1 },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/weather/i);
  });

  it('is 503 only when the registry itself is broken', async () => {
    const registry = await createTestRegistry();
    registry.store.state = () => {
      throw new Error('canary: cannot say');
    };
    const answer = await request(registry.app).get('/health');
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'registry-broken', status: 503 });
    expect(JSON.stringify(answer.body)).not.toContain('canary');
  });
});

describe('the gateway API', () => {
  it('tells the status, the live text and what a change would render', async () => {
    const registry = await createTestRegistry();
    const call = await callAs(registry, 'write');
    registry.gateway.setStatus({
      exclusions: [{ path: '/x', reason: 'upstream-unresolved', detail: 'no such name' }],
    });
    expect((await call('get', '/api/gateway')).body).toEqual({
      state: 'applied',
      generation: 'abc123',
      appliedAt: '2026-01-02T03:04:05.000Z',
      outcomes: [],
      exclusions: [{ path: '/x', reason: 'upstream-unresolved', detail: 'no such name' }],
      drainingWorkers: 0,
      reloads: 1,
      nginx: { mode: 'managed', pid: 42, version: '1.22.1' },
    });
    expect((await call('get', '/api/gateway/config')).body).toMatchObject({
      generation: 'abc123',
      files: [{ path: 'servers.conf' }],
    });
    const preview = () => call('post', '/api/gateway/preview');
    const before = registry.store.state();
    expect((await preview().send(WEATHER)).body).toMatchObject({
      files: [{ text: '/weather of 1\n' }],
      reload: true,
    });
    expect((await preview().send({ ...WEATHER, url: 'x' })).status).toBe(422);
    expect(registry.store.state()).toBe(before);
    await call('post', '/api/servers').send(WEATHER);
    expect((await preview().send({ path: 'weather', enabled: true })).status).toBe(200);
  });

  it('publishes resource metadata for servers that need a token, and JSON 404 for others', async () => {
    const registry = await createTestRegistry();
    const call = await callAs(registry, 'write');
    await call('post', '/api/servers').send({ ...WEATHER, path: '/team/weather' });
    await call('post', '/api/servers').send({ ...WEATHER, path: '/open', access: 'public' });
    const get = (path: string) =>
      request(registry.app).get(`/.well-known/oauth-protected-resource/${path}/mcp`);
    const found = await get('team/weather');
    expect(found.type).toBe('application/json');
    expect(found.body).toEqual({
      resource: 'https://gateway.example.com/team/weather/mcp',
      // Its name is for those who see it.
      resource_name: '/team/weather',
      bearer_methods_supported: ['header'],
    });
    for (const path of ['open', 'none']) {
      expect((await get(path)).body).toMatchObject({ code: 'server-not-found', status: 404 });
    }
  });
});

describe('POST /register', () => {
  it.each([
    [
      'form',
      'name=Weather&path=weather&proxy_pass_url=http://weather:8000/&tags=eu,%20rain&enabled=on',
    ],
    ['json', { ...WEATHER, tags: 'eu,rain', enabled: true }],
  ])('registers from a %s', async (type, body) => {
    const call = await callAs(await createTestRegistry(), 'write');
    const answer = await call('post', '/register').type(type).send(body);
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe('/api/servers/weather');
    expect(answer.body).toMatchObject({
      path: '/weather',
      url: 'http://weather:8000/',
      tags: ['eu', 'rain'],
      enabled: true,
      gateway: { state: 'applied' },
    });
  });

  it('reports wrong fields as the API does', async () => {
    const call = await callAs(await createTestRegistry(), 'write');
    const answer = await call('post', '/register')
      .type('form')
      .send('name=&path=weather&url=http://a/&proxy_pass_url=http://b/&enabled=maybe');
    expect(answer.status).toBe(422);
    const { errors } = answer.body as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual(['enabled', 'name', 'proxy_pass_url']);
  });

  it.each([
    ['form', 'name=Weather&path=weather&url=http://weather:8000/&__proto__=x'],
    ['json', '{"name":"Weather","path":"weather","url":"http://weather:8000/","__proto__":"x"}'],
  ])('refuses in a %s also a field that objects have by themselves', async (type, body) => {
    const call = await callAs(await createTestRegistry(), 'write');
    const answer = await call('post', '/register').type(type).send(body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ field: '__proto__' }] });
  });
});

describe('every answer', () => {
  it('carries the request id of nginx, or a new one for anything else', async () => {
    const { app } = await createTestRegistry();
    const id = '0123abcd-1763851663.042-7-1';
    const given = await request(app).get('/api/me').set('X-Request-Id', id);
    expect(given.headers['x-request-id']).toBe(id);
    expect(given.body).toMatchObject({ requestId: id });
    const odd = await request(app).get('/health').set('X-Request-Id', 'evil log line');
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('has the headers of a careful house', async () => {
    const { headers } = await request((await createTestRegistry()).app).get('/health');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers['content-security-policy']).not.toMatch(/unsafe|upgrade-insecure/);
  });

  it('is a problem without details when something unexpected fails, which is logged once', async () => {
    const registry = await createTestRegistry();
    const call = await callAs(registry, 'write');
    registry.gateway.status = () => {
      throw new Error('canary');
    };
    const answer = await call('get', '/api/gateway');
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('canary');
    const errors = registry.log.entries.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.fields).toMatchObject({ requestId: answer.headers['x-request-id'] });
  });

  it('is logged without its query, changes at info and the rest at debug', async () => {
    const registry = await createTestRegistry();
    const call = await callAs(registry, 'write');
    await call('get', '/api/servers?query=canary');
    await call('post', '/api/servers').send(WEATHER);
    const lines = registry.log.entries.filter(({ message }) => message === 'Request.');
    expect(
      lines.map(({ level, fields }) => [level, fields.method, fields.path, fields.status]),
    ).toEqual([
      ['debug', 'GET', '/api/servers', 200],
      ['info', 'POST', '/api/servers', 201],
    ]);
    expect(lines[0]?.fields).toMatchObject({ principal: 'admin', kind: 'token' });
    expect(JSON.stringify(registry.log.entries)).not.toContain('canary');
  });
});
