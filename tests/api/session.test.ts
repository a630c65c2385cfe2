import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { callAs, createTestRegistry, logIn, PASSWORD, WEATHER } from './test-registry.js';

const wrong = { username: 'admin', password: 'not it' };

describe('sessions', () => {
  it('begin with a hardened cookie and tell who the caller is', async () => {
    const { agent, answer, csrfToken } = await logIn(await createTestRegistry());
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ username: 'admin', roles: ['admin'] });
    const [cookie] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(/^mcpgw_session=/);
    expect(cookie).toMatch(/; Path=\/; .*HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toMatch(/Domain|Secure/);
    const me = await agent.get('/api/me');
    expect(me.body).toEqual(answer.body);
    expect(csrfToken).toHaveLength(64);
  });

  it.each([
    ['on http://localhost', { Host: 'localhost:7860' }, false],
    ['at an address of the LAN', { Host: '192.168.1.20:8080' }, false],
    [
      'behind a proxy that ends TLS',
      { Host: 'gw.example.com', 'X-Forwarded-Proto': 'https' },
      true,
    ],
    ['through our nginx over http', { Host: 'gw', 'X-Forwarded-Proto': 'http' }, false],
  ])('are kept %s: %j, Secure %s', async (_where, headers, secure) => {
    const { app } = await createTestRegistry();
    const answer = await request(app)
      .post('/api/login')
      .set(headers)
      .send({ username: 'admin', password: PASSWORD });
    const [cookie = ''] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie.includes('; Secure')).toBe(secure);
    expect(cookie).not.toContain('Domain');
    const [value = ''] = cookie.split(';');
    const me = await request(app).get('/api/me').set(headers).set('Cookie', value);
    expect(me.status).toBe(200);
  });

  it('do not take the word of a caller who is no trusted proxy for https', async () => {
    const { app } = await createTestRegistry();
    app.set('trust proxy', []);
    const answer = await request(app)
      .post('/api/login')
      .set('X-Forwarded-Proto', 'https')
      .send({ username: 'admin', password: PASSWORD });
    expect(answer.headers['set-cookie']?.[0]).not.toContain('Secure');
  });

  it.each([
    ['no session cookie arrived', undefined, /No session cookie.*did not keep the cookie/],
    ['another cookie arrived', 'theme=dark; xmcpgw_session=1', /No session cookie/],
    [
      'the session is unknown',
      'theme=dark; mcpgw_session=s%3Aold.sig',
      /not known here or has ended/,
    ],
  ])('say when %s', async (_what, cookie, detail) => {
    const { app } = await createTestRegistry();
    const asked = request(app).get('/api/me');
    const answer = await (cookie === undefined ? asked : asked.set('Cookie', cookie));
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({
      code: 'authentication-required',
      detail: expect.stringMatching(detail),
    });
  });

  it('allow changes with the CSRF token', async () => {
    const { agent, csrfToken } = await logIn(await createTestRegistry());
    const answer = await agent.post('/api/servers').set('X-CSRF-Token', csrfToken).send(WEATHER);
    expect(answer.status).toBe(201);
  });

  it('get a new id at each log-in', async () => {
    const registry = await createTestRegistry();
    const { agent, answer } = await logIn(registry);
    const again = await agent.post('/api/login').send({ username: 'admin', password: PASSWORD });
    const id = (of: typeof answer) => of.headers['set-cookie']?.[0]?.split(';')[0];
    expect(id(again)).toBeDefined();
    expect(id(again)).not.toBe(id(answer));
  });

  it('end at log-out', async () => {
    const { agent, csrfToken } = await logIn(await createTestRegistry());
    expect((await agent.post('/api/logout').set('X-CSRF-Token', csrfToken)).status).toBe(204);
    expect((await agent.get('/api/me')).status).toBe(401);
  });

  it('end after eight hours however busy they are', async () => {
    const registry = await createTestRegistry();
    const { agent } = await logIn(registry);
    const step = 30 * 60_000;
    for (let age = step; age < 8 * 3_600_000; age += step) {
      registry.clock.advance(step);
      expect([age, (await agent.get('/api/me')).status]).toEqual([age, 200]);
    }
    registry.clock.advance(step - 1);
    expect((await agent.get('/api/me')).status).toBe(200);
    registry.clock.advance(1);
    const ended = await agent.get('/api/me');
    expect(ended.status).toBe(401);
    expect((ended.body as { detail: string }).detail).toMatch(/has ended/);
  });

  it('end after an hour without a request', async () => {
    const registry = await createTestRegistry();
    const { agent } = await logIn(registry);
    registry.clock.advance(3_600_000 - 1);
    expect((await agent.get('/api/me')).status).toBe(200);
    registry.clock.advance(3_600_000 - 1);
    expect((await agent.get('/api/me')).status).toBe(200);
    registry.clock.advance(3_600_000);
    expect((await agent.get('/api/me')).status).toBe(401);
  });

  it('are worth nothing when the account is gone', async () => {
    const registry = await createTestRegistry();
    const { agent } = await logIn(registry);
    await registry.store.commit(() => ({ accounts: [] }));
    expect((await agent.get('/api/me')).status).toBe(401);
  });

  it('are not made for callers who do not log in', async () => {
    const { app } = await createTestRegistry();
    const answer = await request(app).get('/health');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

describe('log-in', () => {
  it.each([
    ['wrong password', wrong],
    ['unknown name', { username: 'nobody', password: PASSWORD }],
  ])('answers the same for a %s', async (_what, body) => {
    const { app } = await createTestRegistry();
    const answer = await request(app).post('/api/login').send(body);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({
      code: 'invalid-credentials',
      detail: 'User name or password is wrong.',
    });
  });

  it('is throttled after five failures, even with the right password, and says for how long', async () => {
    const { app, clock } = await createTestRegistry();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await request(app).post('/api/login').send(wrong)).status).toBe(401);
    }
    const right = { username: 'admin', password: PASSWORD };
    const refused = await request(app).post('/api/login').send(right);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('300');
    expect(refused.body).toMatchObject({ code: 'too-many-attempts' });
    clock.advance(300_000);
    expect((await request(app).post('/api/login').send(right)).status).toBe(200);
  });

  it.each([
    ['Sec-Fetch-Site', 'cross-site', 403],
    ['Sec-Fetch-Site', 'same-site', 403],
    ['Sec-Fetch-Site', 'same-origin', 200],
    ['Origin', 'https://evil.example.com', 403],
    ['Origin', 'null', 403],
    ['Origin', 'https://gateway.example.com', 200],
  ])('with %s: %s answers %i', async (header, value, status) => {
    const { app } = await createTestRegistry();
    const answer = await request(app)
      .post('/api/login')
      .set(header, value)
      .send({ username: 'admin', password: PASSWORD });
    expect(answer.status).toBe(status);
  });

  it('refuses unknown fields and missing ones all at once', async () => {
    const { app } = await createTestRegistry();
    const answer = await request(app).post('/api/login').send({ user: 'admin' });
    expect(answer.status).toBe(422);
    const { errors } = answer.body as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual(['password', 'user', 'username']);
  });
});

describe('bearer tokens', () => {
  it('are issued once, listed without themselves, and hold no longer once revoked', async () => {
    const registry = await createTestRegistry();
    const admin = await callAs(registry, 'admin');
    const issued = await admin('post', '/api/tokens').send({ name: 'ci', expiresInDays: 1 });
    expect(issued.status).toBe(201);
    const { id, token } = issued.body as { id: string; token: string };
    expect(token).toMatch(/^mcpgw_[0-9A-Za-z]{32,}_[0-9A-Za-z]{6}$/);
    expect(issued.body).toMatchObject({ name: 'ci', scopes: ['read'], owner: 'admin' });
    const list = await admin('get', '/api/tokens');
    expect(JSON.stringify(list.body)).not.toMatch(/sha256|mcpgw_/);
    const me = () => request(registry.app).get('/api/me').set('Authorization', `Bearer ${token}`);
    expect((await me()).body).toEqual({
      username: 'admin',
      roles: ['admin'],
      groups: [],
      permissions: [
        'servers:read',
        'servers:read-any',
        'gateway:read',
        'groups:read',
        'usage:read',
        'metrics:read',
      ],
      csrfToken: null,
    });
    expect((await admin('delete', `/api/tokens/${id}`)).status).toBe(204);
    expect((await me()).status).toBe(401);
    expect((await admin('delete', `/api/tokens/${id}`)).body).toMatchObject({
      code: 'token-not-found',
    });
  });

  it('expire', async () => {
    const registry = await createTestRegistry();
    const admin = await callAs(registry, 'admin');
    const issued = await admin('post', '/api/tokens').send({ name: 'ci', expiresInDays: 1 });
    const { token } = issued.body as { token: string };
    const me = () => request(registry.app).get('/api/me').set('Authorization', `Bearer ${token}`);
    registry.clock.advance(86_400_000 - 1);
    expect((await me()).status).toBe(200);
    registry.clock.advance(1);
    expect((await me()).status).toBe(401);
  });

  it('are refused with every problem at once', async () => {
    const admin = await callAs(await createTestRegistry(), 'admin');
    const answer = await admin('post', '/api/tokens').send({ name: '', scopes: ['root'], ttl: 5 });
    expect(answer.status).toBe(422);
    const { errors } = answer.body as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual(['name', 'scopes.0', 'ttl']);
  });
});
