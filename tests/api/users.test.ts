import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { RegistryState } from '../../registry/store/store.js';
import {
  callAs,
  createTestRegistry,
  logIn,
  PASSWORD,
  WEATHER,
  type TestRegistry,
} from './test-registry.js';

const AT = '2026-01-02T03:04:05.000Z';
const BOB = { username: 'bob', password: 'a long enough one' };
const GROUP = {
  name: 'team',
  description: '',
  servers: ['*'],
  tools: ['*'],
  denyTools: [],
  createdAt: AT,
  updatedAt: AT,
};

async function setUp(initial: Partial<RegistryState> = {}) {
  const registry = await createTestRegistry(initial);
  return { registry, admin: await callAs(registry, 'admin') };
}

async function logInAs(registry: TestRegistry, { username, password } = BOB) {
  const agent = request.agent(registry.app);
  const answer = await agent.post('/api/login').send({ username, password });
  return { agent, status: answer.status };
}

describe('users', () => {
  it('are created, shown, listed and changed, and never tell their password', async () => {
    const { admin } = await setUp({ groups: [GROUP] });
    const created = await admin('post', '/api/users').send({
      ...BOB,
      displayName: ' Bob ',
      roles: ['viewer', 'developer', 'viewer'],
      groups: ['team', 'later'],
    });
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe('/api/users/bob');
    expect(created.body).toEqual({
      username: 'bob',
      displayName: 'Bob',
      roles: ['viewer', 'developer'],
      groups: ['team', 'later'],
      unknownGroups: ['later'],
      disabled: false,
      hasPassword: true,
      mustChangePassword: false,
      createdAt: AT,
    });
    expect((await admin('get', '/api/users/bob')).body).toEqual(created.body);
    const changed = await admin('patch', '/api/users/bob').send({ displayName: '', groups: [] });
    expect(changed.status).toBe(200);
    expect(changed.body).not.toHaveProperty('displayName');
    expect(changed.body).toMatchObject({ roles: ['viewer', 'developer'], unknownGroups: [] });
    const list = await admin('get', '/api/users');
    const { users } = list.body as { users: { username: string }[] };
    expect(users.map(({ username }) => username)).toEqual(['admin', 'bob']);
    expect(JSON.stringify([created.body, list.body])).not.toMatch(
      /argon2|passwordHash|long enough/,
    );
  });

  it('are viewers without a way in unless more is said', async () => {
    const { registry, admin } = await setUp();
    const created = await admin('post', '/api/users').send({ username: 'carol' });
    expect(created.body).toMatchObject({ roles: ['viewer'], hasPassword: false });
    expect((await logInAs(registry, { username: 'carol', password: PASSWORD })).status).toBe(401);
  });

  it('log in and are who they were made to be', async () => {
    const { registry, admin } = await setUp();
    await admin('post', '/api/users').send({ ...BOB, displayName: 'Bob', groups: ['team'] });
    const { agent } = await logInAs(registry);
    expect((await agent.get('/api/me')).body).toMatchObject({
      username: 'bob',
      displayName: 'Bob',
      roles: ['viewer'],
      groups: ['team'],
    });
    expect((await agent.get('/api/users')).status).toBe(403);
    await admin('patch', '/api/users/bob').send({ roles: ['admin'] });
    expect((await agent.get('/api/users')).status).toBe(200);
  });

  it.each([
    [{ username: '-bob' }, 'username'],
    [{ username: 'b b' }, 'username'],
    [{ password: 'short' }, 'password'],
    [{ password: 'changeme' }, 'password'],
    [{ password: 'x'.repeat(1025) }, 'password'],
    [{ roles: ['root'] }, 'roles.0'],
    [{ groups: ['no spaces'] }, 'groups.0'],
    [{ displayName: 'a\nb' }, 'displayName'],
    [{ disabled: 'yes' }, 'disabled'],
    [{ email: 'bob@example.com' }, 'email'],
    [{ password: undefined, mustChangePassword: true }, 'mustChangePassword'],
  ])('are refused with %j', async (fields, field) => {
    const { admin } = await setUp();
    const answer = await admin('post', '/api/users').send({ ...BOB, ...fields });
    expect(answer.status).toBe(422);
    const { errors } = answer.body as { errors: { field: string }[] };
    expect(errors.map((each) => each.field)).toEqual([field]);
  });

  it.each(['bob', 'BOB'])('cannot be called %s when there is a bob', async (username) => {
    const { admin } = await setUp();
    await admin('post', '/api/users').send(BOB);
    const answer = await admin('post', '/api/users').send({ ...BOB, username });
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([
      409,
      'username-taken',
    ]);
  });

  it('get no name under which somebody who is gone still owns something', async () => {
    const { registry, admin } = await setUp();
    await admin('post', '/api/users').send({ ...BOB, roles: ['developer'] });
    const { agent } = await logInAs(registry);
    const { csrfToken } = (await agent.get('/api/me')).body as { csrfToken: string };
    const bob = (path: string, body: object) =>
      agent.post(path).set('X-CSRF-Token', csrfToken).send(body).expect(201);
    await bob('/api/servers', WEATHER);
    const followed = await bob('/api/registries', { url: 'https://registry.example.com' });
    await admin('delete', '/api/users/bob');
    const left = [
      '/api/servers/weather',
      `/api/registries/${(followed.body as { id: string }).id}`,
    ];
    for (const path of left) {
      for (const username of ['bob', 'Bob']) {
        const answer = await admin('post', '/api/users').send({ ...BOB, username });
        expect([answer.status, answer.body]).toMatchObject([409, { code: 'username-taken' }]);
      }
      await admin('delete', path);
    }
    expect((await admin('post', '/api/users').send(BOB)).status).toBe(201);
  });

  it('keep their name, and those that do not exist are not found', async () => {
    const { admin } = await setUp();
    const renamed = await admin('patch', '/api/users/admin').send({ username: 'root' });
    expect(renamed.status).toBe(422);
    expect(renamed.body).toMatchObject({
      errors: [{ field: 'username', message: expect.stringMatching(/cannot be changed/) }],
    });
    for (const method of ['get', 'patch', 'delete'] as const) {
      const answer = await admin(method, '/api/users/nobody');
      expect([method, answer.status]).toEqual([method, 404]);
      expect(answer.body).toMatchObject({ code: 'user-not-found' });
    }
  });
});

describe('a user who is disabled, removed or given another password', () => {
  async function withBob() {
    const { registry, admin } = await setUp();
    await admin('post', '/api/users').send({ ...BOB, roles: ['admin'] });
    registry.clock.advance(1000);
    const { agent } = await logInAs(registry);
    const { csrfToken } = (await agent.get('/api/me')).body as { csrfToken: string };
    const issued = await agent
      .post('/api/tokens')
      .set('X-CSRF-Token', csrfToken)
      .send({ name: 'of bob' });
    const { token } = issued.body as { token: string };
    registry.clock.advance(1000);
    const statuses = async () => [
      (await agent.get('/api/me')).status,
      (await request(registry.app).get('/api/me').set('Authorization', `Bearer ${token}`)).status,
      (await logInAs(registry)).status,
    ];
    return { registry, admin, statuses };
  }

  it('has neither session nor token nor log-in while disabled, and no old session afterwards', async () => {
    const { admin, statuses } = await withBob();
    expect(await statuses()).toEqual([200, 200, 200]);
    expect((await admin('patch', '/api/users/bob').send({ disabled: true })).status).toBe(200);
    expect(await statuses()).toEqual([401, 401, 401]);
    await admin('patch', '/api/users/bob').send({ disabled: false });
    expect(await statuses()).toEqual([401, 200, 200]);
  });

  it('is gone with tokens and sessions, also for somebody who gets the same name', async () => {
    const { registry, admin, statuses } = await withBob();
    expect((await admin('delete', '/api/users/bob')).status).toBe(204);
    expect(registry.store.state().tokens.filter(({ owner }) => owner === 'bob')).toEqual([]);
    expect(await statuses()).toEqual([401, 401, 401]);
    await admin('post', '/api/users').send(BOB);
    expect(await statuses()).toEqual([401, 401, 200]);
  });

  it('has to log in with the new password, and keeps the tokens', async () => {
    const { registry, admin, statuses } = await withBob();
    await admin('patch', '/api/users/bob').send({ password: 'quite another one' });
    expect(await statuses()).toEqual([401, 200, 401]);
    const login = await logInAs(registry, { username: 'bob', password: 'quite another one' });
    expect(login.status).toBe(200);
  });
});

describe('the last administrator who can log in', () => {
  const changes = [
    ['removed', 'delete', {}],
    ['disabled', 'patch', { disabled: true }],
    ['demoted', 'patch', { roles: ['operator'] }],
  ] as const;

  it.each(changes)('cannot be %s', async (_what, method, body) => {
    const { registry, admin } = await setUp();
    // Neither of them is an administrator who could log in.
    await admin('post', '/api/users').send({ ...BOB, roles: ['admin'], disabled: true });
    await admin('post', '/api/users').send({ username: 'carol', roles: ['admin'] });
    const answer = await admin(method, '/api/users/admin').send(body);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([409, 'last-admin']);
    expect((await logIn(registry)).answer.status).toBe(200);
  });

  it.each(changes)('can be %s once there is another', async (_what, method, body) => {
    const { registry, admin } = await setUp();
    await admin('post', '/api/users').send({ ...BOB, roles: ['admin'] });
    const answer = await admin(method, '/api/users/admin').send(body);
    expect(answer.status).toBeLessThan(300);
    expect((await logInAs(registry)).status).toBe(200);
  });
});
