import { beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

let registry: TestRegistry;
let admin: Awaited<ReturnType<typeof callAs>>;
beforeEach(async () => {
  registry = await createTestRegistry();
  admin = await callAs(registry, 'admin');
  await admin('post', '/api/servers').send(WEATHER);
  const secret = { name: 'Secret', path: '/secret', url: 'http://secret:1/' };
  await admin('post', '/api/servers').send(secret);
  registry.monitor.setDiscovery('/weather', discoveryOf(WEATHER.url, ['rain', 'rain_radar']));
  registry.monitor.setDiscovery('/secret', discoveryOf(secret.url, ['rain', 'rain_of_gold']));
});

interface Answer {
  readonly results: readonly {
    readonly tool: { readonly name: string; readonly server: string };
  }[];
}
const found = (body: unknown) =>
  (body as Answer).results.map(({ tool }) => `${tool.server} ${tool.name}`);

describe('the search for tools', () => {
  it('gives tools with their server, score and reasons', async () => {
    const answer = await admin('get', '/api/search/tools').query({ q: ' radar ', limit: 1 });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      query: 'radar',
      mode: 'lexical',
      results: [
        {
          tool: {
            name: 'rain_radar',
            description: 'Does rain_radar',
            inputSchema: { type: 'object' },
            server: '/weather',
            estimatedTokens: 11,
            warnings: [],
          },
          serverName: 'Weather',
          score: expect.any(Number),
          reasons: ['"radar" in the name', '"radar" in the description'],
        },
      ],
    });
  });

  it('gives only what the caller sees, and fills the limit with it', async () => {
    const group = { name: 'radar', servers: ['/weather'], tools: ['*'], denyTools: ['rain'] };
    await admin('post', '/api/groups').send(group);
    const made = await admin('post', '/api/tokens').send({
      name: 'agent',
      groups: ['radar'],
      scopes: ['read'],
    });
    const { token } = made.body as { readonly token: string };
    const asAgent = await request(registry.app)
      .get('/api/search/tools')
      .query({ q: 'rain', limit: 1 })
      .set('Authorization', `Bearer ${token}`);
    expect(found(asAgent.body)).toEqual(['/weather rain_radar']);
    const all = await admin('get', '/api/search/tools').query({ q: 'rain' });
    expect(found(all.body)).toHaveLength(4);
  });

  it('knows changes at once', async () => {
    await admin('patch', '/api/servers/weather').send({ path: '/sky' });
    registry.monitor.setDiscovery('/sky', discoveryOf(WEATHER.url, ['rainbow']));
    await admin('delete', '/api/servers/secret');
    const answer = await admin('get', '/api/search/tools').query({ q: 'rain' });
    expect(found(answer.body)).toEqual(['/sky rainbow']);
  });

  it.each([
    [{}],
    [{ q: ' ' }],
    [{ q: 'x', limit: 0 }],
    [{ q: 'x', limit: 51 }],
    [{ q: 'x', query: 'y' }],
  ])('refuses %j', async (query) => {
    const answer = await admin('get', '/api/search/tools').query(query);
    expect(answer.body).toMatchObject({ status: 422, code: 'validation-failed' });
  });
});
