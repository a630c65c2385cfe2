import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { hashPassword } from '../../registry/access/password.js';
import type { Account } from '../../registry/access/account.js';
import { callAs, createTestRegistry, logIn, PASSWORD, WEATHER } from './test-registry.js';

const NEW = 'an entirely new password';
const CHANGE = { currentPassword: PASSWORD, newPassword: NEW };
interface Me {
  readonly csrfToken: string;
}
interface Sessions {
  readonly sessions: readonly { readonly id: string; readonly current: boolean }[];
}

describe('changing the password', () => {
  it('keeps this session under a new cookie and ends the others', async () => {
    const registry = await createTestRegistry();
    const other = await logIn(registry);
    const { agent, csrfToken, answer } = await logIn(registry);
    registry.clock.advance(1000);
    const changed = await agent
      .post('/api/me/password')
      .set('X-CSRF-Token', csrfToken)
      .send(CHANGE);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ username: 'admin', roles: ['admin'] });
    expect((changed.body as Me).csrfToken).not.toBe(csrfToken);
    expect((await agent.get('/api/me')).body).toEqual(changed.body);
    expect((await other.agent.get('/api/me')).status).toBe(401);
    const oldCookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await request(registry.app).get('/api/me').set('Cookie', oldCookie)).status).toBe(401);
    expect((await logIn(registry)).answer.status).toBe(401);
  });

  it.each([
    [{ ...CHANGE, currentPassword: 'not it' }, 'currentPassword'],
    [{ ...CHANGE, newPassword: PASSWORD }, 'newPassword'],
    [{ ...CHANGE, newPassword: 'short' }, 'newPassword'],
    [{ ...CHANGE, newPassword: 'change-me' }, 'newPassword'],
    [{ newPassword: NEW }, 'currentPassword'],
  ])('refuses %j', async (body, field) => {
    const registry = await createTestRegistry();
    const { agent, csrfToken } = await logIn(registry);
    const answer = await agent.post('/api/me/password').set('X-CSRF-Token', csrfToken).send(body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
    expect((await agent.get('/api/me')).status).toBe(200);
  });

  it('is throttled like log-in', async () => {
    const registry = await createTestRegistry();
    const { agent, csrfToken } = await logIn(registry);
    const attempt = (currentPassword: string) =>
      agent
        .post('/api/me/password')
        .set('X-CSRF-Token', csrfToken)
        .send({ ...CHANGE, currentPassword });
    for (let times = 0; times < 5; times += 1) expect((await attempt('wrong')).status).toBe(422);
    const refused = await attempt(PASSWORD);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '300']);
    registry.clock.advance(300_000);
    expect((await attempt(PASSWORD)).status).toBe(200);
  });

  it('is not for tokens, nor are sessions', async () => {
    const admin = await callAs(await createTestRegistry(), 'admin');
    for (const [method, path] of [
      ['post', '/api/me/password'],
      ['get', '/api/me/sessions'],
      ['delete', '/api/me/sessions'],
      ['delete', '/api/me/sessions/x'],
    ] as const) {
      const answer = await admin(method, path);
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.body).toMatchObject({ code: 'forbidden' });
    }
  });
});

describe('the list of sessions', () => {
  async function setUp() {
    const registry = await createTestRegistry();
    const phone = request.agent(registry.app);
    await phone
      .post('/api/login')
      .set('User-Agent', `Phone ${'x'.repeat(500)}`)
      .send({ username: 'admin', password: PASSWORD });
    registry.clock.advance(60_000);
    const { agent, csrfToken } = await logIn(registry);
    const list = async () => (await agent.get('/api/me/sessions')).body as Sessions;
    const end = (path: string) => agent.delete(path).set('X-CSRF-Token', csrfToken);
    return { registry, phone, agent, list, end };
  }

  it('shows each with where it began and when it was last used, and no secret', async () => {
    const { registry, phone, agent, list } = await setUp();
    registry.clock.advance(60_000);
    await phone.get('/api/me');
    const answer = await agent.get('/api/me/sessions');
    expect(await list()).toEqual({
      sessions: [
        {
          id: expect.any(String),
          begunAt: '2026-01-02T03:05:05.000Z',
          lastSeenAt: '2026-01-02T03:06:05.000Z',
          address: expect.stringMatching(/127\.0\.0\.1$/),
          userAgent: '',
          current: true,
        },
        {
          id: expect.any(String),
          begunAt: '2026-01-02T03:04:05.000Z',
          lastSeenAt: '2026-01-02T03:06:05.000Z',
          address: expect.stringMatching(/127\.0\.0\.1$/),
          userAgent: `Phone ${'x'.repeat(154)}`,
          current: false,
        },
      ],
    });
    const cookie = decodeURIComponent(answer.headers['set-cookie']?.[0] ?? '');
    const [, sid = ''] = /^mcpgw_session=s:([^.]+)/.exec(cookie) ?? [];
    expect(sid.length).toBeGreaterThan(20);
    expect(JSON.stringify(answer.body)).not.toContain(sid);
  });

  it('ends one of them', async () => {
    const { phone, agent, list, end } = await setUp();
    const other = (await list()).sessions.find(({ current }) => !current)?.id ?? '';
    expect((await end(`/api/me/sessions/${other}`)).status).toBe(204);
    expect((await phone.get('/api/me')).status).toBe(401);
    expect((await agent.get('/api/me')).status).toBe(200);
    const again = await end(`/api/me/sessions/${other}`);
    expect([again.status, (again.body as { code: string }).code]).toEqual([
      404,
      'session-not-found',
    ]);
  });

  it('ends the present one like a log-out', async () => {
    const { phone, agent, list, end } = await setUp();
    const mine = (await list()).sessions.find(({ current }) => current)?.id ?? '';
    expect((await end(`/api/me/sessions/${mine}`)).status).toBe(204);
    expect((await agent.get('/api/me')).status).toBe(401);
    expect((await phone.get('/api/me')).status).toBe(200);
  });

  it('ends all others', async () => {
    const { phone, agent, list, end } = await setUp();
    expect((await end('/api/me/sessions')).status).toBe(204);
    expect((await phone.get('/api/me')).status).toBe(401);
    expect((await agent.get('/api/me')).status).toBe(200);
    expect((await list()).sessions).toHaveLength(1);
  });

  it('has only those of the caller, who cannot end the sessions of others', async () => {
    const { registry, list, agent } = await setUp();
    const admin = await callAs(registry, 'admin');
    await admin('post', '/api/users').send({ username: 'bob', password: 'a long enough one' });
    const bob = request.agent(registry.app);
    const login = await bob
      .post('/api/login')
      .send({ username: 'bob', password: 'a long enough one' });
    const theirs = (await bob.get('/api/me/sessions')).body as Sessions;
    expect(theirs.sessions).toHaveLength(1);
    const [first] = (await list()).sessions;
    const refused = await bob
      .delete(`/api/me/sessions/${first?.id ?? ''}`)
      .set('X-CSRF-Token', (login.body as Me).csrfToken);
    expect(refused.status).toBe(404);
    expect((await agent.get('/api/me')).status).toBe(200);
  });
});

describe('the set-up of an installation without a given password', () => {
  async function setUp() {
    const account: Account = {
      username: 'admin',
      passwordHash: await hashPassword(PASSWORD),
      roles: ['admin'],
      groups: [],
      disabled: false,
      mustChangePassword: true,
      createdAt: '2026-01-02T03:04:05.000Z',
    };
    const registry = await createTestRegistry({ accounts: [account] });
    const needed = async () => (await request(registry.app).get('/api/set-up')).body as unknown;
    return { registry, needed };
  }

  it('is needed until the generated password is replaced, and a session is good for that alone', async () => {
    const { registry, needed } = await setUp();
    expect(await needed()).toEqual({ needed: true });
    const { agent, csrfToken, answer } = await logIn(registry);
    expect(answer.body).toMatchObject({ username: 'admin', mustChangePassword: true });
    expect((await agent.get('/api/me')).body).toEqual(answer.body);
    const open = ['/api/me', '/api/me/password', '/api/logout'];
    const closed = registry.routes.filter(
      ({ path, permission }) =>
        permission !== 'public' && permission !== 'gate' && !open.includes(path),
    );
    expect(closed.length).toBeGreaterThan(20);
    for (const { method, path } of closed) {
      const url = path.replaceAll(/\{\w+\}/g, 'x');
      const refused = await agent[method](url).set('X-CSRF-Token', csrfToken);
      expect([method, path, refused.status]).toEqual([method, path, 403]);
      expect(refused.body).toMatchObject({ code: 'password-change-required' });
    }
    const changed = await agent
      .post('/api/me/password')
      .set('X-CSRF-Token', csrfToken)
      .send(CHANGE);
    expect(changed.status).toBe(200);
    expect(changed.body).not.toHaveProperty('mustChangePassword');
    expect((await agent.get('/api/servers')).status).toBe(200);
    expect(await needed()).toEqual({ needed: false });
    expect((await logIn(registry)).answer.status).toBe(401);
  });

  it('gives such a session no more of what is public than a stranger gets', async () => {
    const { registry } = await setUp();
    const admin = await callAs(registry, 'admin');
    await admin('post', '/api/servers').send({ ...WEATHER, enabled: true });
    registry.gateway.setStatus({ state: 'rejected', reason: '/weather is wrong' });
    const { agent } = await logIn(registry);
    for (const path of ['/health', '/v0.1/servers']) {
      const strange = await request(registry.app).get(path);
      expect((await agent.get(path)).body).toEqual(strange.body);
    }
  });

  it('does not hold back tokens, and a password set by one ends it', async () => {
    const { registry, needed } = await setUp();
    const admin = await callAs(registry, 'admin');
    expect((await admin('get', '/api/servers')).status).toBe(200);
    const patched = await admin('patch', '/api/users/admin').send({ password: NEW });
    expect(patched.body).toMatchObject({ mustChangePassword: false });
    expect(await needed()).toEqual({ needed: false });
  });

  it('lets people log out', async () => {
    const { registry } = await setUp();
    const { agent, csrfToken } = await logIn(registry);
    expect((await agent.post('/api/logout').set('X-CSRF-Token', csrfToken)).status).toBe(204);
  });

  it('is not needed where the password was given', async () => {
    const { app } = await createTestRegistry();
    expect((await request(app).get('/api/set-up')).body).toEqual({ needed: false });
  });

  it('can be asked of any user when a password is given to them', async () => {
    const registry = await createTestRegistry();
    const admin = await callAs(registry, 'admin');
    const bob = { username: 'bob', password: 'a long enough one' };
    await admin('post', '/api/users').send({ ...bob, mustChangePassword: true });
    const agent = request.agent(registry.app);
    const login = await agent.post('/api/login').send(bob);
    expect(login.body).toMatchObject({ mustChangePassword: true });
    expect((await request(registry.app).get('/api/set-up')).body).toEqual({ needed: false });
  });
});
