import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { Account, TokenRecord } from '../../registry/access/account.js';
import type { Group } from '../../registry/access/group.js';
import { hashPassword } from '../../registry/access/password.js';
import { hashToken, makeToken } from '../../registry/access/token.js';
import { callAs, createTestRegistry, PASSWORD, WEATHER } from './test-registry.js';

const AT = '2026-01-02T03:04:05.000Z';
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.parse(AT) + days * DAY_MS).toISOString();

const passwordHash = hashPassword(PASSWORD);
const account = async (username: string, rest: Partial<Account> = {}): Promise<Account> => ({
  username,
  passwordHash: await passwordHash,
  roles: ['viewer'],
  groups: [],
  disabled: false,
  createdAt: AT,
  ...rest,
});
const group = (name: string, servers: readonly string[]): Group => ({
  name,
  description: '',
  servers: [...servers],
  tools: ['*'],
  denyTools: [],
  createdAt: AT,
  updatedAt: AT,
});

interface View {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly lastUsedAt?: string;
}

/** Vera may look and is in group "a", Dora develops; there are servers at /weather and /secret. */
async function setUp() {
  const registry = await createTestRegistry({
    accounts: [
      await account('admin', { roles: ['admin'] }),
      await account('vera', { groups: ['a', 'gone'] }),
      await account('dora', { roles: ['developer'], groups: ['a', 'b'] }),
    ],
    groups: [group('a', ['/weather']), group('b', ['/b'])],
  });
  const admin = await callAs(registry, 'admin');
  for (const path of ['/weather', '/secret']) {
    await admin('post', '/api/servers').send({ ...WEATHER, path });
  }
  /** Sends requests like the browser of somebody. */
  const as = async (username: string) => {
    const agent = request.agent(registry.app);
    const login = await agent.post('/api/login').send({ username, password: PASSWORD });
    const { csrfToken } = login.body as { csrfToken: string };
    return (method: 'get' | 'post' | 'delete', path: string) =>
      agent[method](path).set('X-CSRF-Token', csrfToken);
  };
  /** Sends requests with a token that has these rights. */
  const withToken = async (rest: Partial<TokenRecord>) => {
    const token = makeToken();
    const record: TokenRecord = {
      id: `made-${rest.name ?? 'here'}`,
      name: 'here',
      sha256: hashToken(token),
      owner: 'admin',
      scopes: ['admin'],
      groups: [],
      createdAt: AT,
      ...rest,
    };
    await registry.store.commit(({ tokens }) => ({ tokens: [...tokens, record] }));
    return (method: 'get' | 'post' | 'delete', path: string) =>
      request(registry.app)[method](path).set('Authorization', `Bearer ${token}`);
  };
  return { registry, admin, as, withToken };
}

describe('a token', () => {
  it.each<[string, object, object]>([
    ['reads when nothing is said', {}, { scopes: ['read'], groups: [] }],
    [
      'is for the gateway when it has groups',
      { groups: ['a', 'b', 'a'] },
      { scopes: [], groups: ['a', 'b'] },
    ],
    [
      'is for the gateway when it has a server',
      { server: 'weather/' },
      { scopes: [], groups: [], server: '/weather' },
    ],
    [
      'is for both when both are said',
      { groups: ['a'], scopes: ['write'], expiresInDays: 2 },
      { scopes: ['write'], groups: ['a'], expiresAt: inDays(2) },
    ],
  ])('%s', async (_name, input, expected) => {
    const { admin } = await setUp();
    const answer = await admin('post', '/api/tokens').send({ name: 'x', ...input });
    expect(answer.status).toBe(201);
    const { id, token, ...rest } = answer.body as View & Record<string, unknown>;
    expect(token).toMatch(/^mcpgw_/);
    expect(rest).toEqual({ name: 'x', owner: 'admin', createdAt: AT, ...expected });
    const { tokens } = (await admin('get', '/api/tokens')).body as { tokens: View[] };
    expect(tokens.find((each) => each.id === id)).toEqual({ id, ...rest });
  });

  it.each<[string, object, string, string]>([
    [
      'a group that there is not',
      { groups: ['a', 'none'] },
      'groups.1',
      'there is no group "none"',
    ],
    ['a server that there is not', { server: '/none' }, 'server', 'there is no server at /none'],
    ['what is no path', { server: '/No Path' }, 'server', ''],
    ['a scope that there is not', { scopes: ['all'] }, 'scopes.0', 'must be "read" or "write"'],
    ['no time at all', { expiresInDays: 0 }, 'expiresInDays', 'at least 1'],
    ['an unknown field', { roles: [] }, 'roles', 'is not a known field'],
  ])('is not made for %s', async (_what, input, field, message) => {
    const { admin } = await setUp();
    const answer = await admin('post', '/api/tokens').send({ name: 'x', ...input });
    expect(answer.body).toMatchObject({
      status: 422,
      errors: [{ field, message: expect.stringContaining(message) }],
    });
  });

  it('tells when it was used last', async () => {
    const { registry, admin } = await setUp();
    const made = (await admin('post', '/api/tokens').send({ name: 'x' })).body as View;
    const find = async () => {
      const { tokens } = (await admin('get', '/api/tokens')).body as { tokens: View[] };
      return tokens.find(({ id }) => id === made.id);
    };
    expect(await find()).not.toHaveProperty('lastUsedAt');
    registry.clock.advance(5000);
    await request(registry.app).get('/api/me').set('Authorization', `Bearer ${made.token}`);
    registry.clock.advance(5000);
    expect(await find()).toMatchObject({ lastUsedAt: '2026-01-02T03:04:10.000Z' });
  });
});

describe('somebody who does not manage tokens', () => {
  it('has their own, and nobody else has them', async () => {
    const { as, admin } = await setUp();
    const vera = await as('vera');
    const dora = await as('dora');
    const { id } = (await vera('post', '/api/tokens').send({ name: 'v', groups: ['a'] }))
      .body as View;
    await dora('post', '/api/tokens').send({ name: 'd' });
    const names = async (call: typeof vera) =>
      ((await call('get', '/api/tokens')).body as { tokens: View[] }).tokens.map(
        ({ name }) => name,
      );
    expect(await names(vera)).toEqual(['v']);
    expect(await names(dora)).toEqual(['d']);
    expect((await admin('get', '/api/tokens')).body).toMatchObject({
      tokens: [{ name: 'admin' }, { name: 'v', owner: 'vera' }, { name: 'd', owner: 'dora' }],
    });
    const refused = await dora('delete', `/api/tokens/${id}`);
    expect(refused.body).toMatchObject({ status: 404, code: 'token-not-found' });
    expect((await vera('delete', `/api/tokens/${id}`)).status).toBe(204);
    expect(await names(vera)).toEqual([]);
  });

  it('gets the own groups when only a server is named', async () => {
    const { as } = await setUp();
    const answer = await (
      await as('dora')
    )('post', '/api/tokens').send({ name: 'x', server: '/weather' });
    expect([answer.status, answer.body]).toMatchObject([201, { groups: ['a', 'b'], scopes: [] }]);
  });

  it('gets those of the own groups that there are when only a server is named', async () => {
    const { as } = await setUp();
    const vera = await as('vera');
    const answer = await vera('post', '/api/tokens').send({ name: 'x', server: '/weather' });
    expect([answer.status, answer.body]).toMatchObject([201, { groups: ['a'] }]);
  });

  it.each<[string, object, string, string]>([
    [
      'a group of others',
      { groups: ['a', 'b'] },
      'groups.1',
      '"b" is not one of your groups (a, gone)',
    ],
    ['a group that is gone', { groups: ['gone'] }, 'groups.0', 'there is no group "gone"'],
    ['scope admin', { scopes: ['read', 'admin'] }, 'scopes.1', 'for administrators'],
    [
      'a server out of sight',
      { server: '/secret', groups: ['a'] },
      'server',
      'there is no server at /secret',
    ],
  ])('gives away no more than there is: %s', async (_what, input, field, message) => {
    const { as } = await setUp();
    const answer = await (await as('vera'))('post', '/api/tokens').send({ name: 'x', ...input });
    expect(answer.body).toMatchObject({
      status: 422,
      errors: [{ field, message: expect.stringContaining(message) }],
    });
  });

  it.each(['read', 'write'])(
    'may give scope %s, which does no more than their roles',
    async (scope) => {
      const { registry, as } = await setUp();
      const made = await (
        await as('vera')
      )('post', '/api/tokens').send({ name: 'x', scopes: [scope] });
      expect(made.status).toBe(201);
      const { token } = made.body as View;
      const change = await request(registry.app)
        .post('/api/servers')
        .set('Authorization', `Bearer ${token}`)
        .send({ ...WEATHER, path: '/mine' });
      expect(change.status).toBe(403);
    },
  );
});

describe('a token that makes a token', () => {
  it.each<[string, Partial<TokenRecord>, object, object]>([
    ['gives groups freely when it is an administrator', {}, { groups: ['a'] }, { groups: ['a'] }],
    ['passes its end on', { expiresAt: inDays(2) }, {}, { expiresAt: inDays(2) }],
    [
      'may give less time',
      { expiresAt: inDays(2) },
      { expiresInDays: 1 },
      { expiresAt: inDays(1) },
    ],
    [
      'may pass its server on',
      { server: '/weather' },
      { server: '/weather' },
      { server: '/weather' },
    ],
  ])('%s', async (_name, own, input, expected) => {
    const { withToken } = await setUp();
    const answer = await (
      await withToken(own)
    )('post', '/api/tokens').send({ name: 'x', ...input });
    expect([answer.status, answer.body]).toMatchObject([201, expected]);
  });

  it.each<[string, Partial<TokenRecord>, object, string]>([
    ['longer than it lives', { expiresAt: inDays(2) }, { expiresInDays: 3 }, 'expiresInDays'],
    ['for everything when it is for one server', { server: '/weather' }, {}, 'server'],
    ['for another server', { server: '/weather' }, { server: '/secret' }, 'server'],
    [
      'with scope admin when its owner is none',
      { owner: 'dora' },
      { scopes: ['admin'] },
      'scopes.0',
    ],
    [
      'with groups that it does not have itself',
      { owner: 'dora', groups: ['a'] },
      { groups: ['b'] },
      'groups.0',
    ],
  ])('makes none %s', async (_what, own, input, field) => {
    const { withToken } = await setUp();
    const answer = await (
      await withToken(own)
    )('post', '/api/tokens').send({ name: 'x', ...input });
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ field }] }]);
  });

  it.each(['read', 'write'] as const)('is never one of scope %s', async (scope) => {
    const { withToken } = await setUp();
    const answer = await (
      await withToken({ scopes: [scope] })
    )('post', '/api/tokens').send({ name: 'x' });
    expect(answer.status).toBe(403);
  });
});
