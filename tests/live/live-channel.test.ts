import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import request from 'supertest';
import { callAs, WEATHER } from '../api/test-registry.js';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { eventually } from '../fixtures/eventually.js';
import type { LiveClient } from './live-client.js';
import { openLiveStage, withServers, type LiveStage } from './live-stage.js';

const TIME = { name: 'Time', path: '/time', url: 'http://time:8000/' };
const ORIGIN = 'https://gateway.example.com';
const HEALTHY = { reachable: 'yes', usable: 'ok' } as const;

let stage: LiveStage;
let api: Awaited<ReturnType<typeof callAs>>;

beforeEach(async () => {
  stage = await openLiveStage();
  api = await callAs(stage.registry, 'admin');
});
afterEach(() => stage.close());

async function register(input: object): Promise<void> {
  await api('post', '/api/servers').send(input).expect(201);
}

const seen = (client: LiveClient) =>
  (client.frames[0]?.servers as readonly { readonly path: string }[]).map(({ path }) => path);

async function tokenOf(input: object): Promise<{ readonly token: string; readonly id: string }> {
  const issued = await api('post', '/api/tokens')
    .send({ name: 'x', ...input })
    .expect(201);
  return issued.body as { readonly token: string; readonly id: string };
}

describe('the first frame', () => {
  it('is a snapshot of what is seen, without what only matters where it is edited', async () => {
    await register({ ...WEATHER, description: 'd'.repeat(500) });
    const client = stage.connect(await stage.registry.token('admin'));
    const snapshot = await client.frame('snapshot');
    const [server] = snapshot.servers as readonly Readonly<Record<string, unknown>>[];
    expect(server).toMatchObject({ path: '/weather', name: 'Weather', toolCount: 0 });
    expect(server?.description).toHaveLength(300);
    for (const field of ['tls', 'limits', 'auth', 'timeoutSeconds', 'maxBodyBytes', 'hostHeader']) {
      expect(server).not.toHaveProperty(field);
    }
    const gateway = await api('get', '/api/gateway');
    expect(snapshot.gateway).toEqual(gateway.body);
    expect(typeof snapshot.cursor).toBe('string');
  });

  it('tells nobody what stands in the query of an address', async () => {
    await register({ ...WEATHER, url: 'http://weather:8000/mcp?apiKey=planted' });
    const snapshot = await stage.connect(await stage.registry.token('admin')).frame('snapshot');
    expect(snapshot.servers).toMatchObject([{ url: 'http://weather:8000/mcp?apiKey=[set]' }]);
  });

  it('shows the gateway in short to who may not read it', async () => {
    await register(WEATHER);
    const { token } = await tokenOf({ scopes: ['read'], server: '/weather' });
    const snapshot = await stage.connect(token).frame('snapshot');
    expect(snapshot.gateway).toEqual({ state: 'applied', generation: 'abc123' });
  });
});

describe('a change', () => {
  it('is told with the server as lists show it', async () => {
    const client = stage.connect(await stage.registry.token('read'));
    await client.frame('snapshot');
    await register(WEATHER);
    expect(await client.event(({ type }) => type === 'server')).toMatchObject({
      path: '/weather',
      server: { name: 'Weather', health: { reachable: 'unknown' } },
    });
    stage.registry.monitor.setHealth('/weather', HEALTHY);
    await client.event(
      ({ server }) => (server as { health?: object } | undefined)?.health !== undefined,
    );
    stage.registry.monitor.setDiscovery('/weather', discoveryOf(WEATHER.url, ['rain']));
    await client.event(({ type, path }) => type === 'tools' && path === '/weather');
    stage.registry.gateway.setStatus({ state: 'rejected', reason: 'port taken' });
    expect(await client.event(({ type }) => type === 'gateway')).toMatchObject({
      gateway: { state: 'rejected', reason: 'port taken' },
    });
    await api('delete', '/api/servers/weather').expect(200);
    await client.event(({ type, path }) => type === 'server-removed' && path === '/weather');
  });

  it('that comes many times in a short while is told once', async () => {
    await register(WEATHER);
    const client = stage.connect(await stage.registry.token('read'));
    await client.frame('snapshot');
    for (let latencyMs = 1; latencyMs <= 50; latencyMs += 1) {
      stage.registry.monitor.setHealth('/weather', { ...HEALTHY, latencyMs });
    }
    await client.event(
      ({ server }) =>
        (server as { health: { latencyMs?: number } } | undefined)?.health.latencyMs === 50,
    );
    expect(client.events().length).toBeLessThanOrEqual(2);
  });

  it('that changes nothing that is seen is not told', async () => {
    await register(WEATHER);
    const client = stage.connect(await stage.registry.token('read'));
    await client.frame('snapshot');
    await api('patch', '/api/servers/weather').send({ timeoutSeconds: 77 }).expect(200);
    await api('patch', '/api/servers/weather').send({ name: 'Other' }).expect(200);
    await client.event(({ server }) => (server as { name?: string } | undefined)?.name === 'Other');
    expect(client.events().every(({ type }) => type === 'server')).toBe(true);
  });
});

describe('what is not seen', () => {
  it('does not exist, and comes and goes with the groups', async () => {
    await register(WEATHER);
    await register(TIME);
    await api('post', '/api/groups')
      .send({ name: 'agents', servers: ['/weather'], tools: ['*'] })
      .expect(201);
    const { token } = await tokenOf({ scopes: ['read'], groups: ['agents'] });
    const client = stage.connect(token);
    await client.frame('snapshot');
    expect(seen(client)).toEqual(['/weather']);
    stage.registry.monitor.setHealth('/time', HEALTHY);
    await api('patch', '/api/groups/agents')
      .send({ servers: ['/time'] })
      .expect(200);
    await client.event(({ type, path }) => type === 'server' && path === '/time');
    await client.event(({ type, path }) => type === 'server-removed' && path === '/weather');
    expect(
      client
        .events()
        .map(({ type, path }) => `${type} ${path ?? ''}`)
        .sort(),
    ).toEqual(['server /time', 'server-removed /weather']);
  });

  it('is shown when somebody gets a role, and taken away with it, without a new connection', async () => {
    await register(WEATHER);
    const account = { username: 'eve', password: 'a password of eve', roles: ['viewer'] };
    await api('post', '/api/users').send(account).expect(201);
    await stage.registry.store.commit(({ accounts }) => ({
      accounts: accounts.map(({ mustChangePassword: _, ...each }) => each),
    }));
    const login = await request(stage.url)
      .post('/api/login')
      .send({ username: 'eve', password: account.password })
      .expect(200);
    const cookie = (login.get('Set-Cookie') ?? [])[0]?.split(';')[0] ?? '';
    const client = stage.browse({ cookie, origin: ORIGIN });
    await client.frame('snapshot');
    expect(seen(client)).toEqual([]);
    await api('patch', '/api/users/eve')
      .send({ roles: ['operator'] })
      .expect(200);
    await client.event(({ type, path }) => type === 'server' && path === '/weather');
    expect(await client.event(({ type }) => type === 'gateway')).toMatchObject({
      gateway: { outcomes: [] },
    });
    await api('patch', '/api/users/eve')
      .send({ roles: ['viewer'] })
      .expect(200);
    await client.event(({ type, path }) => type === 'server-removed' && path === '/weather');
  });
});

describe('who is let in', () => {
  const codeOf = (client: LiveClient) => client.closed();

  it('is a session on pages of our own', async () => {
    const cookie = await stage.logIn();
    for (const origin of [ORIGIN, 'https://console.example.com', stage.url]) {
      expect(await stage.browse({ cookie, origin }).frame('snapshot')).toBeDefined();
    }
    expect(await codeOf(stage.browse({ cookie, origin: 'https://evil.example.com' }))).toBe(4403);
    expect(await codeOf(stage.browse({ cookie, origin: 'null' }))).toBe(4403);
  });

  it('is a session of a script, which comes from no page', async () => {
    expect(await stage.browse({ cookie: await stage.logIn() }).frame('snapshot')).toBeDefined();
    expect(await codeOf(stage.browse({}))).toBe(4401);
  });

  it('is not who is unknown, and not a bad token that comes with a good cookie', async () => {
    const cookie = await stage.logIn();
    expect(await codeOf(stage.browse({ origin: ORIGIN }))).toBe(4401);
    expect(await codeOf(stage.connect('mcpgw_wrong'))).toBe(4401);
    const authorization = 'Bearer mcpgw_wrong';
    expect(await codeOf(stage.browse({ cookie, authorization, origin: ORIGIN }))).toBe(4401);
  });

  it('is not who may see no servers', async () => {
    const { token } = await tokenOf({ scopes: [] });
    expect(await codeOf(stage.connect(token))).toBe(4403);
  });

  it('is cut off when it speaks', async () => {
    const client = stage.connect(await stage.registry.token('read'));
    await client.frame('snapshot');
    client.socket.send('hello');
    expect(await client.closed()).toBe(1008);
  });
});

describe('a connection ends', () => {
  it('when its token is revoked, and others stay', async () => {
    const { token, id } = await tokenOf({ scopes: ['read'] });
    const client = stage.connect(token);
    const other = stage.connect(await stage.registry.token('read'));
    await client.frame('snapshot');
    await other.frame('snapshot');
    await api('delete', `/api/tokens/${id}`).expect(204);
    await register(WEATHER);
    expect(await client.closed()).toBe(4401);
    // Revoked before it was registered: nothing of it was told any more.
    expect(client.events()).toEqual([]);
    await other.event(({ path }) => path === '/weather');
  });

  it('when its token expires', async () => {
    const { token } = await tokenOf({ scopes: ['read'], expiresInDays: 1 });
    const client = stage.connect(token);
    await client.frame('snapshot');
    stage.registry.clock.advance(25 * 60 * 60_000);
    expect(await client.closed()).toBe(4401);
  });

  it('when its session is ended, by log-out or by hand, and does not prolong it', async () => {
    const cookie = await stage.logIn();
    const client = stage.browse({ cookie, origin: ORIGIN });
    await client.frame('snapshot');
    const me = await request(stage.url).get('/api/me').set('Cookie', cookie).expect(200);
    const { csrfToken } = me.body as { readonly csrfToken: string };
    await request(stage.url)
      .post('/api/logout')
      .set('Cookie', cookie)
      .set('X-CSRF-Token', csrfToken)
      .expect(204);
    expect(await client.closed()).toBe(4401);

    const idle = stage.browse({ cookie: await stage.logIn(), origin: ORIGIN });
    await idle.frame('snapshot');
    stage.registry.clock.advance(61 * 60_000);
    expect(await idle.closed()).toBe(4401);
  });

  it('when its user is disabled', async () => {
    const client = stage.connect((await tokenOf({ scopes: ['read'] })).token);
    await client.frame('snapshot');
    await stage.registry.store.commit(({ accounts }) => ({
      accounts: accounts.map((account) => ({ ...account, disabled: true })),
    }));
    expect(await client.closed()).toBe(4401);
  });
});

describe('a connection of which nobody can say whether it still holds', () => {
  it('is told nothing until that is known', async () => {
    const slow = await openLiveStage({ recheckMs: 60_000 });
    const { store, log, parts } = slow.registry;
    const failures = () =>
      log.entries.filter(({ message }) => message === 'changes could not be told').length;
    const addServer = (path: string) =>
      store.commit(({ catalog }, revision) => ({
        catalog: withServers(catalog, [path], path, revision),
      }));
    try {
      const client = slow.browse({ cookie: await slow.logIn(), origin: ORIGIN });
      await client.frame('snapshot');
      const get = jest
        .spyOn(parts.sessionStore, 'get')
        .mockImplementation((_sid, callback) => callback(new Error('no disk')));
      await store.commit(({ accounts }) => ({
        accounts: accounts.map((account) => ({ ...account, disabled: true })),
      }));
      await eventually(failures, (count) => count === 1);
      await addServer('/one');
      await eventually(
        () => failures() + client.events().length,
        (count) => count === 2,
      );
      expect(client.events()).toEqual([]);
      get.mockRestore();
      await addServer('/two');
      expect(await client.closed()).toBe(4401);
      expect(client.events()).toEqual([]);
    } finally {
      await slow.close();
    }
  });
});

describe('somebody who comes back', () => {
  it('is told what they missed, each server once', async () => {
    await register(WEATHER);
    await register(TIME);
    const token = await stage.registry.token('read');
    const client = stage.connect(token);
    await client.frame('snapshot');
    await client.close();
    const other = stage.connect(token);
    await other.frame('snapshot');
    for (const name of ['A', 'B', 'C']) {
      await api('patch', '/api/servers/weather').send({ name }).expect(200);
      await other.event(({ server }) => (server as { name?: string } | undefined)?.name === name);
    }
    const again = stage.connect(token, client.cursor());
    expect(await again.frame('resumed')).toEqual({ type: 'resumed', cursor: client.cursor() });
    await again.event(({ server }) => (server as { name?: string } | undefined)?.name === 'C');
    expect(again.events()).toHaveLength(1);
    expect(again.cursor()).toBe(other.cursor());
  });

  it('gets a snapshot after a restart, with a cursor of somebody else, and with none of ours', async () => {
    await register(WEATHER);
    const token = await stage.registry.token('admin');
    const client = stage.connect(token);
    await client.frame('snapshot');
    const narrow = stage.connect((await tokenOf({ scopes: ['read'], server: '/weather' })).token);
    await narrow.frame('snapshot');
    for (const cursor of [narrow.cursor(), 'nonsense', `${client.cursor()}9`]) {
      expect(await stage.connect(token, cursor).frame('snapshot')).toBeDefined();
    }
    await stage.restart();
    expect(await client.closed()).toBe(1001);
    expect(await stage.connect(token, client.cursor()).frame('snapshot')).toBeDefined();
  });
});

describe('other upgrades', () => {
  it('are ignored, and the request is answered', async () => {
    const socket = connectTcp(Number(new URL(stage.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const lines = [
      'GET /health HTTP/1.1',
      'Host: x',
      'Connection: Upgrade',
      'Upgrade: h2c',
      '',
      '',
    ];
    socket.write(lines.join('\r\n'));
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toContain('"revision"');
  });
});

describe('limits', () => {
  it('hold for each token and in all', async () => {
    await stage.close();
    stage = await openLiveStage({ maxConnections: 3, maxPerPrincipal: 2 });
    api = await callAs(stage.registry, 'admin');
    const first = await stage.registry.token('read');
    const one = stage.connect(first);
    await one.frame('snapshot');
    await stage.connect(first).frame('snapshot');
    expect(await stage.connect(first).closed()).toBe(1013);
    await stage.connect(await stage.registry.token('read')).frame('snapshot');
    expect(await stage.connect(await stage.registry.token('read')).closed()).toBe(1013);
    await one.close();
    await eventually(
      () => stage.connections(),
      (count) => count === 2,
    );
    expect(await stage.connect(first).frame('snapshot')).toBeDefined();
  });
});

describe('heartbeats', () => {
  it('come, and who does not answer them is cut off', async () => {
    await stage.close();
    stage = await openLiveStage({ heartbeatMs: 100 });
    const token = await stage.registry.token('read');
    const client = stage.connect(token);
    expect(await client.frame('heartbeat')).toEqual({ type: 'heartbeat' });
    const dead = stage.connect(token);
    await dead.frame('snapshot');
    dead.socket.pause();
    await eventually(
      () => stage.connections(),
      (count) => count === 1,
    );
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });
});

describe('a slow reader', () => {
  const PATHS = Array.from({ length: 2000 }, (_, index) => `/server-${index}`);
  const changeAll = (round: number) =>
    stage.registry.store.commit(({ catalog }, revision) => ({
      catalog: withServers(catalog, PATHS, `${round} `.padEnd(300, 'x'), revision),
    }));
  const sumOf = (client: LiveClient) =>
    client.frames.reduce((sum, { events = [] }) => sum + (events as unknown[]).length, 0);
  /** Goes on until the reader is behind, as the other one shows who is told everything. */
  async function fill(witness: LiveClient, rounds: number): Promise<void> {
    for (let round = 1; round <= rounds; round += 1) {
      const before = sumOf(witness);
      await changeAll(round);
      await eventually(
        () => sumOf(witness),
        (sum) => sum >= before + PATHS.length,
      );
    }
  }

  it('is sent no more, and gets what is newest once it reads again', async () => {
    const token = await stage.registry.token('read');
    const witness = stage.connect(token);
    const slow = stage.connect(token);
    await Promise.all([witness.frame('snapshot'), slow.frame('snapshot')]);
    slow.socket.pause();
    const rounds = 14;
    await fill(witness, rounds);
    slow.socket.resume();
    const last = (client: LiveClient) =>
      client.frames.some(({ events = [], servers = [] }) =>
        JSON.stringify([events, servers]).includes(`"${rounds} x`),
      );
    await eventually(
      () => last(slow),
      (isThere) => isThere,
    );
    expect(slow.cursor()).toBe(witness.cursor());
    const held = slow.frames.filter(({ type }) => type === 'changes').length;
    expect(held).toBeLessThan(witness.frames.filter(({ type }) => type === 'changes').length);
  });

  it('that stays slow is cut off', async () => {
    await stage.close();
    stage = await openLiveStage({ maxBehindMs: 200 });
    const token = await stage.registry.token('read');
    const witness = stage.connect(token);
    const slow = stage.connect(token);
    await Promise.all([witness.frame('snapshot'), slow.frame('snapshot')]);
    slow.socket.pause();
    await fill(witness, 14);
    await eventually(
      () => stage.connections(),
      (count) => count === 1,
    );
    expect(witness.socket.readyState).toBe(witness.socket.OPEN);
  });
});
