import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { Account, TokenRecord } from '../../registry/access/account.js';
import { UNRESTRICTED } from '../../registry/access/policy.js';
import { hashToken, makeToken } from '../../registry/access/token.js';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

const TIMEOUT_SECONDS = 3600;
const AT = '2026-01-01T00:00:00.000Z';
const account = (username: string, rest: Partial<Account>): Account => ({
  username,
  roles: ['viewer'],
  groups: [],
  disabled: false,
  createdAt: AT,
  ...rest,
});
const group = (name: string, servers: string[], tools: string[], denyTools: string[] = []) => ({
  name,
  description: '',
  servers,
  tools,
  denyTools,
  createdAt: AT,
  updatedAt: AT,
});

const RAIN_ONLY = { servers: ['/weather'], tools: ['rain'], deny: [] };
const NO_SNOW = { servers: ['*'], tools: ['*'], deny: ['snow'] };

const initial = {
  accounts: [
    account('admin', { roles: ['admin'] }),
    account('olga', { roles: ['operator'] }),
    account('dan', { roles: ['developer'] }),
    account('vera', { groups: ['rain', 'elsewhere'] }),
    account('walt', { groups: ['careful'] }),
  ],
  groups: [
    group('rain', ['/weather'], ['rain']),
    group('careful', ['*'], ['*'], ['snow']),
    group('elsewhere', ['/clock'], ['*']),
  ],
};

let registry: TestRegistry;
beforeEach(async () => {
  registry = await createTestRegistry(initial);
  const call = await callAs(registry, 'admin');
  for (const path of ['/weather', '/clock', '/open']) {
    const access = path === '/open' ? 'public' : 'authenticated';
    await call('post', '/api/servers').send({ ...WEATHER, path, access, enabled: true });
    registry.monitor.setDiscovery(path, discoveryOf(WEATHER.url, ['rain', 'snow']));
  }
  const { catalog } = registry.store.state();
  const servers = new Map(
    [...catalog.servers].map(([path, server]) => [path, { ...server, owner: 'dan' }]),
  );
  await registry.store.commit(() => ({ catalog: { ...catalog, servers } }));
  registry.lent.told.length = 0;
});

/** A token as it lies in the store. */
async function tokenOf(owner: string, rest: Partial<TokenRecord>): Promise<string> {
  const token = makeToken();
  const record: TokenRecord = {
    id: token.slice(6, 20),
    name: 'of the test',
    sha256: hashToken(token),
    owner,
    scopes: ['write'],
    groups: [],
    createdAt: AT,
    ...rest,
  };
  await registry.store.commit(({ tokens }) => ({ tokens: [...tokens, record] }));
  return token;
}

const run = (token: string, server: string, tool: string) =>
  request(registry.app)
    .post(`/api/servers/${server}/tools/${tool}/call`)
    .set('Authorization', `Bearer ${token}`);

describe('through the API', () => {
  it.each<[string, string, Partial<TokenRecord>, string, string, number]>([
    ['an administrator', 'admin', { scopes: ['admin'] }, 'weather', 'snow', 200],
    ['who may change every server', 'admin', {}, 'weather', 'snow', 200],
    ['a token of theirs with groups', 'admin', { groups: ['rain'] }, 'weather', 'rain', 200],
    ['a token of theirs with groups', 'admin', { groups: ['rain'] }, 'weather', 'snow', 403],
    ['an operator without groups', 'olga', {}, 'weather', 'rain', 403],
    ['the owner', 'dan', {}, 'weather', 'snow', 200],
    ['the owner with a token for reading', 'dan', { scopes: ['read'] }, 'weather', 'snow', 403],
    ['the owner with one for this server', 'dan', { server: '/weather' }, 'weather', 'snow', 200],
    ['the owner with one for another', 'dan', { server: '/clock' }, 'weather', 'snow', 403],
    ['an administrator with one', 'admin', { server: '/clock' }, 'weather', 'snow', 403],
    ['somebody with groups', 'vera', { groups: ['rain'] }, 'weather', 'rain', 200],
    ['somebody with groups', 'vera', { groups: ['rain'] }, 'weather', 'snow', 403],
    ['somebody with groups elsewhere', 'vera', { groups: ['elsewhere'] }, 'weather', 'rain', 403],
    ['a token without the groups of its owner', 'vera', {}, 'weather', 'rain', 403],
    ['somebody whom a group denies it', 'walt', { groups: ['careful'] }, 'clock', 'snow', 403],
    ['somebody whom a group denies another', 'walt', { groups: ['careful'] }, 'clock', 'rain', 200],
    ['everybody', 'olga', {}, 'open', 'snow', 200],
  ])('%s (%s with %j) at %s runs %s: %d', async (_who, owner, rest, server, tool, status) => {
    const answer = await run(await tokenOf(owner, rest), server, tool);
    const { code } = answer.body as { readonly code?: string };
    expect([answer.status, code]).toEqual([status, status === 403 ? 'forbidden' : undefined]);
    expect(registry.lent.told).toHaveLength(status === 200 && server !== 'open' ? 1 : 0);
    expect(registry.lent.live()).toBe(0);
  });

  it('somebody with a session has the rights of their groups', async () => {
    const admin = await callAs(registry, 'admin');
    const made = { username: 'uma', password: 'a password of hers', groups: ['rain'] };
    expect((await admin('post', '/api/users').send(made)).status).toBe(201);
    const agent = request.agent(registry.app);
    const { username, password } = made;
    const login = await agent.post('/api/login').send({ username, password });
    const { csrfToken } = login.body as { readonly csrfToken: string };
    const call = (tool: string) =>
      agent.post(`/api/servers/weather/tools/${tool}/call`).set('X-CSRF-Token', csrfToken);
    expect((await call('rain')).status).toBe(200);
    const refused = await call('snow');
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      code: 'forbidden',
      detail:
        'Your groups do not allow the tool "snow" of /weather; an administrator can change that.',
    });
  });

  it('nobody learns which tools there are that they may not use', async () => {
    const token = await tokenOf('vera', { groups: ['rain'] });
    expect((await run(token, 'weather', 'hail')).body).toMatchObject({ code: 'forbidden' });
    const admin = await tokenOf('admin', { scopes: ['admin'] });
    expect((await run(admin, 'weather', 'hail')).body).toMatchObject({ code: 'tool-not-found' });
  });
});

describe('the gate is told', () => {
  it.each<[string, Partial<TokenRecord>, readonly object[]]>([
    ['vera', { groups: ['rain', 'elsewhere'] }, [RAIN_ONLY]],
    ['walt', { groups: ['careful'] }, [NO_SNOW]],
    ['admin', { scopes: ['admin'] }, UNRESTRICTED],
  ])('what %s with %j may use of that server, for as long as the call lasts', async (...row) => {
    const [owner, rest, rules] = row;
    await run(await tokenOf(owner, rest), 'weather', 'rain');
    expect(registry.lent.told).toEqual([
      {
        principal: owner,
        server: '/weather',
        lent: true,
        rules,
        session: expect.stringMatching(/^[0-9a-f]{32}$/),
        expires: Math.floor(registry.clock().getTime() / 1000) + TIMEOUT_SECONDS + 10,
      },
    ]);
  });

  it('nothing that is stored', async () => {
    const before = JSON.stringify(registry.store.state().tokens);
    const token = await tokenOf('vera', { groups: ['rain'] });
    const after = JSON.stringify(registry.store.state().tokens);
    await run(token, 'weather', 'rain');
    expect(JSON.stringify(registry.store.state().tokens)).toBe(after);
    expect(after).not.toBe(before);
  });
});
