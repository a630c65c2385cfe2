import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { serverJsonFaults } from '../fixtures/server-json/server-json-faults.js';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { callAs, createTestRegistry, type TestRegistry } from './test-registry.js';

interface Listed {
  readonly server: { readonly name: string; readonly version: string };
  readonly _meta: Readonly<Record<string, { readonly status: string; readonly updatedAt: string }>>;
}
interface List {
  readonly servers: readonly Listed[];
  readonly metadata: { readonly nextCursor?: string; readonly count: number };
}

const OFFICIAL = 'io.modelcontextprotocol.registry/official';
let registry: TestRegistry;
let admin: Awaited<ReturnType<typeof callAs>>;
const add = async (path: string, more: object = {}) => {
  const url = `http://secret-upstream:1${path}`;
  const input = { name: path.slice(1), path, url, access: 'public', enabled: true, ...more };
  expect((await admin('post', '/api/servers').send(input)).status).toBe(201);
};
beforeEach(async () => {
  registry = await createTestRegistry();
  admin = await callAs(registry, 'admin');
  await add('/weather', { description: 'Rain and sun' });
  await add('/team/time', { transport: 'sse' });
  await add('/inner', { access: 'authenticated' });
  await add('/off', { enabled: false });
});
const ask = (path: string) => request(registry.app).get(path);
const list = async (query = '', base = '/v0.1') =>
  (await ask(`${base}/servers${query}`)).body as List;
const namesOf = ({ servers }: List) => servers.map(({ server }) => server.name);

describe('the MCP registry API', () => {
  it('shows strangers the public servers that are enabled, as the gateway serves them', async () => {
    registry.monitor.setDiscovery('/weather', discoveryOf('http://secret-upstream:1/weather', []));
    const answer = await ask('/v0.1/servers');
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.text).not.toContain('secret-upstream');
    const body = answer.body as List;
    expect(body).toMatchObject({
      servers: [
        {
          server: {
            name: 'com.example.gateway/team.time',
            remotes: [{ type: 'sse', url: 'https://gateway.example.com/team/time/sse' }],
          },
        },
        {
          server: {
            name: 'com.example.gateway/weather',
            title: 'weather',
            description: 'Rain and sun',
            remotes: [{ type: 'streamable-http', url: 'https://gateway.example.com/weather/mcp' }],
          },
          _meta: { [OFFICIAL]: { status: 'active', isLatest: true } },
        },
      ],
      metadata: { count: 2 },
    });
    expect(body).toEqual(await list('', '/v0'));
  });

  it('gives nothing but what the official schema describes', async () => {
    await add('/passed', { auth: { type: 'pass-through', from: 'X-Key', to: 'Authorization' } });
    const { servers } = (await admin('get', '/v0.1/servers?include_deleted=true')).body as List;
    expect(servers).toHaveLength(5);
    for (const { server } of servers) expect(serverJsonFaults(server)).toEqual([]);
    expect(serverJsonFaults({ name: 'no-slash', description: '', version: '1' })).not.toEqual([]);
  });

  it('shows known callers what they see, and refuses tokens that do not hold', async () => {
    const seen = (await admin('get', '/v0.1/servers')).body as List;
    expect(namesOf(seen)).toContain('com.example.gateway/inner');
    const refused = await ask('/v0.1/servers').set('Authorization', 'Bearer mcpgw_wrong');
    expect(refused.status).toBe(401);
    expect(refused.body).toMatchObject({ error: expect.any(String) });
  });

  it('gives pages, and finds by words, version and time of change', async () => {
    const first = await list('?limit=1');
    expect(namesOf(first)).toEqual(['com.example.gateway/team.time']);
    const { nextCursor = '' } = first.metadata;
    const second = await list(`?limit=1&cursor=${nextCursor}`);
    expect(namesOf(second)).toEqual(['com.example.gateway/weather']);
    expect(second.metadata.nextCursor).toBeUndefined();
    expect(namesOf(await list('?search=rain'))).toEqual(['com.example.gateway/weather']);
    expect(namesOf(await list('?version=latest&cursor=&search=&unknown=1'))).toHaveLength(2);
    expect(namesOf(await list('?version=9.9.9'))).toEqual([]);
    for (const query of ['limit=0', 'limit=101', 'cursor=?', 'updated_since=noon']) {
      expect([query, (await ask(`/v0.1/servers?${query}`)).status]).toEqual([query, 422]);
    }
  });

  it('tells those who follow it of servers that were disabled', async () => {
    expect(namesOf(await list('?updated_since=2999-01-01T00:00:00Z'))).toEqual([]);
    const changed = await list('?updated_since=2000-01-01T00:00:00Z');
    const off = changed.servers.find(({ server }) => server.name.endsWith('/off'));
    expect(off?._meta[OFFICIAL]).toMatchObject({ status: 'deleted' });
    expect((await ask('/v0.1/servers/com.example.gateway%2Foff/versions')).status).toBe(404);
    const told = await ask(
      '/v0.1/servers/com.example.gateway%2Foff/versions/latest?include_deleted=true',
    );
    expect(told.status).toBe(200);
  });

  it('tells them as well of what is no longer routed, and of another transport', async () => {
    const since = () => `?updated_since=${registry.clock().toISOString()}`;
    const told = async (query: string) =>
      (await list(query)).servers.map(({ server, _meta }) => [
        server.name.split('/')[1],
        _meta[OFFICIAL]?.status,
      ]);
    await list();
    registry.clock.advance(1000);
    const first = since();
    expect(await told(first)).toEqual([]);
    const detail = 'nginx: [emerg] it is not well';
    registry.gateway.setStatus({
      exclusions: [{ path: '/weather', reason: 'refused-by-nginx', detail }],
    });
    expect(await told(first)).toEqual([['weather', 'deleted']]);
    registry.clock.advance(1000);
    const second = since();
    expect(await told(second)).toEqual([]);
    registry.gateway.setStatus({ exclusions: [] });
    const { endpoint, ...found } = discoveryOf('http://secret-upstream:1/team/time', []);
    registry.monitor.setDiscovery('/team/time', {
      ...found,
      endpoint: { ...endpoint, transport: 'streamable-http' },
    });
    expect(await told(second)).toEqual([
      ['team.time', 'active'],
      ['weather', 'active'],
    ]);
  });

  it('finds a server by its name, with the slash encoded or plain, and its one version', async () => {
    for (const name of ['com.example.gateway%2Fweather', 'com.example.gateway/weather']) {
      const { servers } = (await ask(`/v0.1/servers/${name}/versions`)).body as List;
      const [only] = servers;
      const latest = await ask(`/v0.1/servers/${name}/versions/latest`);
      expect(latest.body).toEqual(only);
      const exact = await ask(`/v0.1/servers/${name}/versions/${only?.server.version ?? ''}`);
      expect(exact.body).toEqual(only);
    }
    const unknown = [
      'com.example.gateway%2Fweather/versions/9.9.9',
      'com.example.gateway%2Finner/versions/latest',
      'x/versions',
    ];
    for (const at of unknown) {
      const answer = await ask(`/v0.1/servers/${at}`);
      expect([at, answer.status]).toEqual([at, 404]);
      expect(answer.body).toMatchObject({ error: expect.any(String), code: 'server-not-found' });
    }
  });

  it('answers the preflight of a page of any site', async () => {
    const answer = await request(registry.app)
      .options('/v0.1/servers')
      .set({ Origin: 'https://anywhere.example', 'Access-Control-Request-Method': 'GET' });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': expect.stringContaining('Authorization'),
    });
    const api = await ask('/api/openapi.json');
    expect(api.headers['access-control-allow-origin']).toBeUndefined();
  });
});
