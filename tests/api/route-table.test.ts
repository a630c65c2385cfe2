import { beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { Route } from '../../registry/http/route.js';
import { createTestRegistry, logIn, type TestRegistry } from './test-registry.js';

/** What everybody may call. A route that is not here must refuse strangers. */
const PUBLIC = [
  'post /api/login',
  'get /api/login/check',
  'get /api/login/methods',
  'get /api/login/oidc',
  'get /api/login/oidc/callback',
  'get /api/set-up',
  'get /health',
  'get /.well-known/oauth-protected-resource/{path}/mcp',
  'get /api/openapi.json',
  'get /docs',
  'get /docs/{asset}',
  'get /',
  'get /ui',
  'get /ui/{path}',
];

describe('the table of routes', () => {
  let registry: TestRegistry;
  beforeAll(async () => {
    registry = await createTestRegistry();
  });

  const concrete = (path: string) =>
    path.replaceAll('{path}', 'weather').replaceAll(/\{\w+\}/g, 'x');
  const send = (method: Route['method'], path: string) => request(registry.app)[method](path);
  const guarded = () =>
    registry.routes.filter(({ permission }) => permission !== 'public' && permission !== 'gate');

  it('has exactly the public routes that are meant to be', () => {
    const open = registry.routes.filter(({ permission }) => permission === 'public');
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...PUBLIC].sort());
  });

  it('answers 401 to whoever is not nginx on the routes for nginx', async () => {
    const { agent, csrfToken } = await logIn(registry);
    const closed = registry.routes.filter(({ permission }) => permission === 'gate');
    expect(closed.map(({ path }) => path)).toEqual(['/internal/gate/learn']);
    for (const key of ['', 'wrong', '0'.repeat(64)]) {
      const answer = await agent
        .post('/internal/gate/learn')
        .set({ 'X-Gate-Key': key, 'X-CSRF-Token': csrfToken })
        .send({ server: '/weather' });
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ code: 'authentication-required' });
    }
  });

  it('answers 401 with a challenge on every other route without credentials', async () => {
    expect(guarded().length).toBeGreaterThan(20);
    for (const { method, path } of guarded()) {
      const answer = await request(registry.app)[method](concrete(path));
      expect([method, path, answer.status]).toEqual([method, path, 401]);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
      expect(answer.body).toMatchObject({ code: 'authentication-required', status: 401 });
    }
  });

  it('answers 401 to a token that does not exist, even beside a good cookie', async () => {
    const { agent, csrfToken } = await logIn(registry);
    for (const { method, path } of guarded().filter((route) => route.path !== '/api/logout')) {
      const answer = await agent[method](concrete(path))
        .set('Authorization', 'Bearer mcpgw_wrong')
        .set('X-CSRF-Token', csrfToken);
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
  });

  it('answers 403 to a token of scope read on every route that needs more', async () => {
    const token = await registry.token('read');
    const allowed = ['servers:read', 'gateway:read', 'groups:read', 'authenticated'];
    const refused = guarded().filter(({ permission }) => !allowed.includes(permission));
    expect(refused.length).toBeGreaterThan(9);
    for (const { method, path } of refused) {
      const answer = await send(method, concrete(path)).set('Authorization', `Bearer ${token}`);
      expect([method, path, answer.status]).toEqual([method, path, 403]);
      expect(answer.body).toMatchObject({ code: 'forbidden' });
    }
  });

  it('answers 403 to a token of scope write on the management of tokens', async () => {
    const token = await registry.token('write');
    const answer = await request(registry.app)
      .get('/api/tokens')
      .set('Authorization', `Bearer ${token}`);
    expect(answer.status).toBe(403);
  });

  it('demands the CSRF token of a session on every route that changes something', async () => {
    const { agent } = await logIn(registry);
    const unsafe = guarded().filter(({ method }) => method !== 'get');
    for (const { method, path } of unsafe) {
      const answer = await agent[method](concrete(path)).set('X-CSRF-Token', 'wrong');
      expect([method, path, answer.status]).toEqual([method, path, 403]);
      expect(answer.body).toMatchObject({ code: 'csrf-token-invalid' });
    }
  });

  it('answers 405 with Allow to other methods, and 404 to unknown routes', async () => {
    const wrong = await request(registry.app).put('/api/servers');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.allow).toBe('GET, POST, HEAD, OPTIONS');
    expect(wrong.body).toMatchObject({ code: 'method-not-allowed' });
    for (const path of ['/metrics', '/ws', '/API/servers', '/api']) {
      const unknown = await request(registry.app).get(path);
      expect([path, unknown.status]).toEqual([path, 404]);
      expect(unknown.type).toBe('application/problem+json');
    }
  });
});
