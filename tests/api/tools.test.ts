import { beforeEach, describe, expect, it } from '@jest/globals';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

describe('the tool API', () => {
  let registry: TestRegistry;
  let call: Awaited<ReturnType<typeof callAs>>;
  beforeEach(async () => {
    registry = await createTestRegistry();
    call = await callAs(registry, 'write');
    await call('post', '/api/servers').send({ ...WEATHER, enabled: true, timeoutSeconds: 7 });
    await call('post', '/api/servers').send({ ...WEATHER, path: '/clock', url: 'http://clock/' });
    registry.monitor.setDiscovery('/weather', discoveryOf(WEATHER.url, ['rain', 'a/b']));
    registry.monitor.setDiscovery('/clock', {
      ...discoveryOf('http://clock/', ['now']),
      stale: 'the last listing timed out',
    });
  });

  it('lists the tools of one server with their schemas', async () => {
    const answer = await call('get', '/api/servers/weather/tools');
    expect(answer.body).toEqual({
      tools: [
        {
          name: 'rain',
          description: 'Does rain',
          inputSchema: { type: 'object' },
          server: '/weather',
          estimatedTokens: 8,
          warnings: [],
        },
        {
          name: 'a/b',
          description: 'Does a/b',
          inputSchema: { type: 'object' },
          server: '/weather',
          estimatedTokens: 7,
          warnings: [{ code: 'name-characters', message: expect.stringContaining('letters') }],
        },
      ],
      fetchedAt: '2026-01-02T03:04:05.000Z',
      removedSinceReview: [],
      estimatedTokens: 15,
    });
  });

  it('says that nothing was fetched yet', async () => {
    await call('post', '/api/servers').send({ ...WEATHER, path: '/new' });
    const answer = await call('get', '/api/servers/new/tools');
    expect(answer.body).toEqual({
      tools: [],
      fetchedAt: null,
      removedSinceReview: [],
      estimatedTokens: 0,
    });
  });

  it('lists the tools of all servers in pages and marks what could not be renewed', async () => {
    const first = await call('get', '/api/tools?limit=1');
    expect(first.body).toMatchObject({ total: 3, tools: [{ name: 'now', stale: true }] });
    const { nextCursor } = first.body as { nextCursor: string };
    const rest = await call('get', `/api/tools?cursor=${nextCursor}`);
    expect(rest.body).toMatchObject({ tools: [{ name: 'a/b' }, { name: 'rain' }] });
    const found = await call('get', '/api/tools?query=RAIN');
    expect(found.body).toMatchObject({ total: 1, tools: [{ name: 'rain', server: '/weather' }] });
  });

  it.each(['weather/tools/rain', '%2Fweather/tools/rain'])('runs %s', async (spelling) => {
    const answer = await call('post', `/api/servers/${spelling}/call`).send({
      arguments: { city: 'Rome' },
    });
    expect(answer.status).toBe(200);
    const { content } = answer.body as { content: { text: string }[] };
    expect(JSON.parse(content[0]?.text ?? '')).toEqual({
      path: '/weather',
      transport: 'streamable-http',
      tool: 'rain',
      arguments: { city: 'Rome' },
      timeoutSeconds: 7,
      token: expect.stringMatching(/^mcpgw_/),
    });
  });

  it('runs a tool whose name has a slash', async () => {
    const answer = await call('post', '/api/servers/weather/tools/a%2Fb/call');
    expect(answer.status).toBe(200);
  });

  it.each([
    ['/api/servers/weather/tools/snow/call', {}, 404, 'tool-not-found'],
    ['/api/servers/clock/tools/now/call', {}, 409, 'server-disabled'],
    ['/api/servers/none/tools/now/call', {}, 404, 'server-not-found'],
    ['/api/servers/weather/tools/rain/call', { args: {} }, 422, 'validation-failed'],
    ['/api/servers/weather/tools/rain/call', { arguments: [] }, 422, 'validation-failed'],
  ])('refuses POST %s with %j', async (path, body, status, code) => {
    const answer = await call('post', path).send(body);
    expect([answer.status, answer.body]).toEqual([status, expect.objectContaining({ code })]);
  });
});
