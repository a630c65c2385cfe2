import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { Account, TokenRecord } from '../../registry/access/account.js';
import type { Group } from '../../registry/access/group.js';
import { hashPassword } from '../../registry/access/password.js';
import { hashToken, makeToken } from '../../registry/access/token.js';
import { EMPTY_CATALOG } from '../../registry/catalog/catalog.js';
import { discoveryOf } from '../fakes/fake-monitor.js';
import {
  callAs,
  createTestRegistry,
  PASSWORD,
  WEATHER,
  type TestRegistry,
} from './test-registry.js';

const AT = '2026-01-02T03:04:05.000Z';
const account = (username: string, rest: Partial<Account> = {}): Account => ({
  username,
  roles: ['viewer'],
  groups: [],
  disabled: false,
  createdAt: AT,
  ...rest,
});
const group = (name: string, servers: string[], tools: string[]): Group => ({
  name,
  description: '',
  servers,
  tools,
  denyTools: [],
  createdAt: AT,
  updatedAt: AT,
});
/** Path, owner and access of what there is; all of it has the tools rain and snow. */
const SERVERS = [
  ['/mine', 'dora', 'authenticated'],
  ['/open', 'admin', 'public'],
  ['/secret', 'admin', 'authenticated'],
  ['/team/rain', 'admin', 'authenticated'],
] as const;
const BROKEN = { path: '/broken', record: { name: 'Broken' }, reason: 'url: is required' };

let passwordHash: string;
beforeAll(async () => {
  passwordHash = await hashPassword(PASSWORD);
});

/** Vera may look and Dora develops; both are in a group that gives one tool of /team/rain. */
async function setUp() {
  const registry = await createTestRegistry({
    accounts: [
      account('admin', { roles: ['admin'] }),
      account('olga', { roles: ['operator'] }),
      account('dora', { roles: ['developer'], groups: ['rain'] }),
      account('vera', { groups: ['rain'], passwordHash }),
      account('nora'),
    ],
    groups: [group('rain', ['/team/*'], ['rain']), group('nothing', ['/secret'], [])],
    catalog: { ...EMPTY_CATALOG, invalid: [BROKEN] },
  });
  const admin = await callAs(registry, 'admin');
  for (const [path, owner, access] of SERVERS) {
    const url = `http://canary${path.replaceAll('/', '-')}/`;
    const input = { ...WEATHER, name: `Canary of ${path}`, path, url, access, enabled: true };
    expect((await admin('post', '/api/servers').send({ ...input, tags: ['eu'] })).status).toBe(201);
    registry.monitor.setDiscovery(path, {
      ...discoveryOf(url, ['rain', 'snow']),
      prompts: [{ name: 'prompt' }],
      resources: [{ uri: 'file:///x', name: 'x' }],
    });
    await registry.store.commit(({ catalog }) => {
      const servers = [...catalog.servers.values()].map((server) =>
        server.path === path ? { ...server, owner } : server,
      );
      return {
        catalog: { ...catalog, servers: new Map(servers.map((each) => [each.path, each])) },
      };
    });
  }
  return registry;
}

let registry: TestRegistry;
beforeEach(async () => {
  registry = await setUp();
});

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Caller = Awaited<ReturnType<typeof tokenOf>>;

/** Sends requests with a token that lies in the store. */
async function tokenOf(owner: string, rest: Partial<TokenRecord> = {}) {
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
  return (method: Method, path: string) =>
    request(registry.app)[method](path).set('Authorization', `Bearer ${token}`);
}

interface ListBody {
  readonly servers: readonly {
    readonly path: string;
    readonly toolCount: number;
    readonly promptCount: number;
    readonly resourceCount: number;
  }[];
  readonly tools: readonly { readonly name: string; readonly server: string }[];
  readonly total: number;
  readonly nextCursor?: string;
}
const read = async (call: Caller, path: string) => (await call('get', path)).body as ListBody;

/** All pages of a list, one item at a time. */
async function pages(call: Caller, path: string): Promise<ListBody[]> {
  const found: ListBody[] = [];
  for (
    let cursor: string | undefined = '';
    cursor !== undefined;
    cursor = found.at(-1)?.nextCursor
  ) {
    found.push(await read(call, `${path}?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`));
  }
  return found;
}

const EVERY = ['/broken', ...SERVERS.map(([path]) => path as string)];
const CALLERS: readonly (readonly [string, string, Partial<TokenRecord>, readonly string[]])[] = [
  ['an administrator', 'admin', {}, EVERY],
  ['an operator', 'olga', { scopes: ['read'] }, EVERY],
  ['a developer', 'dora', {}, ['/mine', '/open', '/team/rain']],
  ['a viewer', 'vera', {}, ['/open', '/team/rain']],
  ['somebody without groups', 'nora', {}, ['/open']],
  [
    'an agent of an administrator',
    'admin',
    { groups: ['rain'] },
    ['/open', '/secret', '/team/rain'],
  ],
  [
    'an agent that only reads',
    'admin',
    { groups: ['rain'], scopes: ['read'] },
    ['/open', '/team/rain'],
  ],
  ['an agent whose group gives no tool', 'nora', { groups: ['nothing'] }, ['/open']],
  ['a token for one server', 'admin', { server: '/secret', scopes: ['admin'] }, ['/secret']],
  ['a token for a server that its owner does not see', 'vera', { server: '/secret' }, []],
];

describe('lists', () => {
  it.each(CALLERS)('show %s (%s, %j) %j', async (_who, owner, rest, paths) => {
    const call = await tokenOf(owner, rest);
    const all = await read(call, '/api/servers');
    expect(all.servers.map(({ path }) => path)).toEqual(paths);
    expect(all).toMatchObject({ total: paths.length });
    const one = await pages(call, '/api/servers');
    expect(one.flatMap(({ servers }) => servers.map(({ path }) => path))).toEqual(paths);
    expect(one.every(({ total }) => total === paths.length)).toBe(true);
    for (const query of ['query=canary', 'tag=eu', 'status=enabled']) {
      const found = await read(call, `/api/servers?${query}`);
      const readable = paths.filter((path) => path !== '/broken');
      expect([query, found.servers.map(({ path }) => path)]).toEqual([query, readable]);
      expect(found.total).toBe(readable.length);
    }
    const tools = await pages(call, '/api/tools');
    const servers = new Set(tools.flatMap((page) => page.tools.map(({ server }) => server)));
    expect([...servers]).toEqual(paths.filter((path) => path !== '/broken'));
    expect(tools[0]?.total).toBe(tools.flatMap((page) => page.tools).length);
  });

  it('are the same in a session', async () => {
    const agent = request.agent(registry.app);
    await agent.post('/api/login').send({ username: 'vera', password: PASSWORD });
    const answer = await agent.get('/api/servers');
    expect((answer.body as ListBody).servers.map(({ path }) => path)).toEqual([
      '/open',
      '/team/rain',
    ]);
  });

  it('follow a change of groups at once', async () => {
    const call = await tokenOf('vera');
    await registry.store.commit(({ groups }) => ({
      groups: groups.map((each) => (each.name === 'rain' ? { ...each, servers: ['*'] } : each)),
    }));
    expect((await read(call, '/api/servers')).total).toBe(4);
    await registry.store.commit(() => ({ groups: [] }));
    expect((await read(call, '/api/servers')).total).toBe(1);
  });
});

describe('tools', () => {
  it('of a server that is seen through groups are those that the groups give', async () => {
    const call = await tokenOf('vera');
    const names = async (path: string) => (await read(call, path)).tools.map(({ name }) => name);
    expect(await names('/api/servers/team%2Frain/tools')).toEqual(['rain']);
    expect(await names('/api/servers/open/tools')).toEqual(['rain', 'snow']);
    const all = await read(call, '/api/tools');
    expect(all.total).toBe(3);
    expect((await read(call, '/api/tools?query=snow')).tools).toMatchObject([{ server: '/open' }]);
    const { servers } = await read(call, '/api/servers');
    expect(servers).toMatchObject([
      { path: '/open', toolCount: 2, promptCount: 1, resourceCount: 1 },
      { path: '/team/rain', toolCount: 1, promptCount: 0, resourceCount: 0 },
    ]);
    const one = await call('get', '/api/servers/team/rain');
    expect(one.body).toMatchObject({ toolCount: 1, promptCount: 0 });
  });

  it('are all shown to owners and to those who see everything', async () => {
    expect((await read(await tokenOf('dora'), '/api/servers/mine/tools')).tools).toHaveLength(2);
    expect((await read(await tokenOf('olga'), '/api/servers/secret/tools')).tools).toHaveLength(2);
  });
});

const CHANGES = [
  ['patch', '', { description: 'x' }],
  ['put', '', { ...WEATHER, access: 'public' }],
  ['post', '/enable', undefined],
  ['post', '/disable', undefined],
  ['post', '/refresh', undefined],
  ['delete', '', undefined],
] as const;
const READS = [
  ['get', '', undefined],
  ['get', '/tools', undefined],
  ['post', '/tools/rain/call', {}],
] as const;

/** What is answered at a path, with the path and the request's id taken out. */
async function answerAt(
  call: Caller,
  path: string,
  [method, at, body]: readonly [Method, string, object | undefined],
) {
  const sent = call(method, `/api/servers${path}${at}`).set('If-Match', '"7"');
  const answer = await (body === undefined ? sent : sent.send(body));
  const { requestId, ...rest } = answer.body as { readonly requestId: string };
  expect(requestId).toEqual(expect.any(String));
  return JSON.parse(JSON.stringify(rest).replaceAll(path, '<path>')) as Record<string, unknown>;
}

describe('what is not seen', () => {
  it.each<[string, Partial<TokenRecord>, string]>([
    ['dora', {}, '/secret'],
    ['dora', {}, '/broken'],
    ['nora', {}, '/mine'],
    ['admin', { groups: ['rain'], scopes: ['read'] }, '/secret'],
    ['admin', { groups: ['rain'] }, '/broken'],
    ['olga', { server: '/open' }, '/secret'],
    ['olga', { server: '/secret' }, '/open'],
  ])('by %s with %j at %s is answered like what is not there', async (owner, rest, path) => {
    const call = await tokenOf(owner, rest);
    const before = registry.store.state();
    for (const change of [...READS, ...CHANGES]) {
      const unseen = await answerAt(call, path, change);
      expect(unseen).toEqual(await answerAt(call, '/absent', change));
      // Who may not do it anywhere is told so everywhere.
      expect(unseen.code).toMatch(/^(server-not-found|forbidden)$/);
    }
    for (const each of READS.slice(0, 2)) {
      expect(await answerAt(call, path, each)).toMatchObject({
        status: 404,
        code: 'server-not-found',
        detail: 'There is no server at <path>.',
      });
    }
    expect(registry.store.state()).toBe(before);
  });

  it('is 404 for a developer who may change servers, and 403 where they see it', async () => {
    const call = await tokenOf('dora');
    for (const change of CHANGES) {
      const statuses = [];
      for (const path of ['/secret', '/absent', '/open', '/team/rain']) {
        statuses.push((await answerAt(call, path, change)).status);
      }
      expect([change, statuses]).toEqual([change, [404, 404, 403, 403]]);
    }
  });

  it('is not shown by a path that is taken', async () => {
    const call = await tokenOf('dora');
    const input = { ...WEATHER, path: '/secret' };
    const answers = [
      await call('post', '/api/servers').send(input),
      await call('post', '/register').send(input),
      await call('patch', '/api/servers/mine').send({ path: '/secret' }),
    ];
    for (const { body } of answers) {
      expect(body).toMatchObject({
        status: 409,
        code: 'path-taken',
        detail: 'The path /secret is taken; choose another.',
        errors: [{ field: 'path', message: '/secret is taken; choose another' }],
      });
      expect(JSON.stringify(body)).not.toMatch(/canary/i);
    }
  });

  it('is no server to make a token for', async () => {
    const agent = request.agent(registry.app);
    const login = await agent.post('/api/login').send({ username: 'vera', password: PASSWORD });
    const { csrfToken } = login.body as { csrfToken: string };
    const ask = async (server: string) => {
      const sent = agent.post('/api/tokens').set('X-CSRF-Token', csrfToken);
      const answer = await sent.send({ name: 'x', server });
      const { errors } = answer.body as { errors?: object };
      return [answer.status, JSON.stringify(errors ?? []).replaceAll(server, '<path>')];
    };
    expect(await ask('/secret')).toEqual(await ask('/absent'));
    expect((await ask('/secret'))[0]).toBe(422);
    expect((await ask('/team/rain'))[0]).toBe(201);
  });

  it('is not told to strangers who ask for its metadata, when it cannot be read', async () => {
    const get = (path: string) =>
      request(registry.app).get(`/.well-known/oauth-protected-resource/${path}/mcp`);
    expect((await get('broken')).body).toMatchObject({
      status: 404,
      detail: 'There is no server at /broken.',
    });
  });
});

describe('a record that cannot be read', () => {
  it('is shown with its reason to who sees everything, and removed by who may', async () => {
    const olga = await tokenOf('olga');
    expect((await olga('get', '/api/servers/broken')).body).toMatchObject({
      exclusion: { detail: 'url: is required' },
    });
    expect((await olga('delete', '/api/servers/broken')).status).toBe(403);
    expect((await (await tokenOf('admin'))('delete', '/api/servers/broken')).status).toBe(200);
  });
});

describe('a token for one server', () => {
  it('changes that server, and neither makes nor moves one', async () => {
    const call = await tokenOf('admin', { server: '/secret' });
    expect((await call('patch', '/api/servers/secret').send({ description: 'x' })).status).toBe(
      200,
    );
    const refused = [
      await call('post', '/api/servers').send({ ...WEATHER, path: '/new' }),
      await call('post', '/register').send({ ...WEATHER, path: '/new' }),
      await call('patch', '/api/servers/secret').send({ path: '/new' }),
    ];
    for (const { body } of refused) {
      expect(body).toMatchObject({
        status: 403,
        code: 'forbidden',
        detail: 'The token is for /secret alone and has no say at /new.',
      });
    }
    expect((await call('post', '/api/servers').send({ ...WEATHER, path: '/secret' })).status).toBe(
      409,
    );
  });
});

describe('a change that takes a server out of sight', () => {
  it('is answered with the server as it is then', async () => {
    await registry.store.commit(({ groups }) => ({
      groups: groups.map((each) => ({ ...each, servers: ['/team/*'], tools: ['*'] })),
    }));
    const call = await tokenOf('admin', { groups: ['rain'] });
    const moved = await call('patch', '/api/servers/team/rain').send({ path: '/elsewhere' });
    expect([moved.status, moved.body]).toMatchObject([200, { path: '/elsewhere' }]);
  });
});

describe('GET /health', () => {
  it.each<[string | undefined, object]>([
    [undefined, { total: 1, enabled: 1, unreachable: 0, issues: 0, invalid: 0, excluded: 0 }],
    ['nora', { total: 1, enabled: 1, unreachable: 0, issues: 0, invalid: 0, excluded: 0 }],
    ['vera', { total: 2, enabled: 2, unreachable: 1, issues: 1, invalid: 0, excluded: 1 }],
    ['olga', { total: 5, enabled: 4, unreachable: 2, issues: 3, invalid: 1, excluded: 3 }],
  ])('counts for %s what they see', async (username, servers) => {
    for (const path of ['/secret', '/team/rain']) {
      registry.monitor.setHealth(path, { reachable: 'no', usable: 'unknown' });
    }
    const detail = 'canary of a reason';
    registry.gateway.setStatus({
      reason: detail,
      exclusions: [
        { path: '/broken', reason: 'invalid-record', detail },
        { path: '/secret', reason: 'upstream-unresolved', detail },
        { path: '/team/rain', reason: 'upstream-unresolved', detail },
      ],
    });
    const call = username === undefined ? request(registry.app) : undefined;
    const answer = await (call?.get('/health') ??
      (await tokenOf(username ?? ''))('get', '/health'));
    expect(answer.body).toMatchObject({ status: 'degraded', servers });
    const hasReasons = JSON.stringify(answer.body).includes('canary');
    expect(hasReasons).toBe(username === 'olga');
  });
});

describe('what tells of every server', () => {
  const WIDE = [
    ['get', '/api/gateway'],
    ['get', '/api/gateway/config'],
    ['post', '/api/gateway/preview'],
    ['get', '/api/groups'],
    ['get', '/api/groups/rain'],
    ['get', '/api/audit'],
    ['get', '/api/users'],
  ] as const;

  it.each<[string, Partial<TokenRecord>]>([
    ['dora', {}],
    ['vera', { scopes: ['read'] }],
    ['olga', { groups: ['rain'] }],
    ['olga', { server: '/open' }],
    ['admin', { groups: ['rain'] }],
    ['admin', { server: '/open', scopes: ['admin'] }],
  ])('is not for %s with %j', async (owner, rest) => {
    const call = await tokenOf(owner, rest);
    for (const [method, path] of WIDE) {
      const answer = await call(method, path);
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });
});

describe('the query of an address', () => {
  const url = 'https://canary.example.com/mcp?exaApiKey=planted&view=full&planted';
  const hidden = 'https://canary.example.com/mcp?exaApiKey=[set]&view=[set]&[set]';

  beforeEach(async () => {
    const dora = await tokenOf('dora');
    const input = { ...WEATHER, name: 'Hosted', path: '/hosted', url, access: 'public' };
    await dora('post', '/api/servers').send(input).expect(201);
    registry.monitor.setDiscovery('/hosted', discoveryOf(url, ['rain']));
  });

  it('is shown to those who may change the server or see the configuration', async () => {
    for (const name of ['dora', 'olga', 'admin']) {
      const caller = await tokenOf(name, { scopes: [name === 'olga' ? 'read' : 'write'] });
      const got = await caller('get', '/api/servers/hosted').expect(200);
      expect(got.body).toMatchObject({ url, endpoint: `${url}mcp` });
      const list = await caller('get', '/api/servers?query=hosted').expect(200);
      expect(list.body).toMatchObject({ servers: [{ url }] });
      const exported = await caller('get', '/api/export').expect(200);
      expect(exported.text).toContain(JSON.stringify(url));
    }
  });

  it('is kept from everybody else where it is that of a token URL', async () => {
    const tokenUrl = 'https://login.example.com/token?code=planted';
    const dora = await tokenOf('dora');
    const auth = { type: 'oauth-client-credentials', tokenUrl, clientId: 'me', clientSecret: 'x' };
    await dora('patch', '/api/servers/hosted').send({ auth }).expect(200);
    expect((await dora('get', '/api/servers/hosted')).body).toMatchObject({ auth: { tokenUrl } });
    expect((await dora('get', '/api/export')).text).toContain('planted');
    const vera = await tokenOf('vera');
    const shown = { auth: { tokenUrl: 'https://login.example.com/token?code=[set]' } };
    expect((await vera('get', '/api/servers/hosted')).body).toMatchObject(shown);
    for (const path of ['/api/servers', '/api/export']) {
      expect((await vera('get', path).expect(200)).text).not.toContain('planted');
    }
  });

  it('is kept from everybody else, and what is shown instead is no address to register', async () => {
    const callers = [
      await tokenOf('vera'),
      await tokenOf('nora'),
      await tokenOf('dora', { scopes: ['read'], groups: ['rain'] }),
      await tokenOf('admin', { groups: ['rain'], scopes: ['read'] }),
    ];
    for (const caller of callers) {
      const got = await caller('get', '/api/servers/hosted').expect(200);
      expect(got.body).toMatchObject({ url: hidden, endpoint: hidden });
      const texts = [got.text];
      for (const path of ['/api/servers', '/api/export', '/api/tools', '/v0.1/servers']) {
        texts.push((await caller('get', path).expect(200)).text);
      }
      expect(texts.join('\n')).not.toContain('planted');
    }
    const admin = await tokenOf('admin');
    const copy = { ...WEATHER, path: '/copy', url: hidden };
    const refused = await admin('post', '/api/servers').send(copy).expect(422);
    expect(refused.body).toMatchObject({ errors: [{ field: 'url' }] });
  });
});
