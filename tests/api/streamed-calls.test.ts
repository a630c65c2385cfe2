import { beforeEach, describe, expect, it } from '@jest/globals';
import { discoveryOf } from '../fakes/fake-monitor.js';
import { readEvents } from '../fixtures/read-events.js';
import { callAs, createTestRegistry, WEATHER, type TestRegistry } from './test-registry.js';

describe('a tool call that is answered as it goes along', () => {
  let registry: TestRegistry;
  let call: Awaited<ReturnType<typeof callAs>>;
  beforeEach(async () => {
    registry = await createTestRegistry();
    call = await callAs(registry, 'write');
    await call('post', '/api/servers').send({ ...WEATHER, enabled: true });
    registry.monitor.setDiscovery('/weather', discoveryOf(WEATHER.url, ['rain']));
  });
  const run = (tool: string, accept: string) =>
    call('post', `/api/servers/weather/tools/${tool}/call`).set('Accept', accept).send({});

  it('tells of progress and log lines, and at last the result', async () => {
    const answer = await run('rain', 'text/event-stream');
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const plain = await run('rain', 'application/json');
    const events = readEvents(answer.text);
    expect(events.map(({ event }) => event)).toEqual(['progress', 'log', 'result']);
    expect(events[0]?.data).toEqual({ progress: 1, total: 2, message: 'half\nway' });
    expect(events[1]?.data).toEqual({ level: 'info', data: { step: 1 } });
    expect(Object.keys(events[2]?.data as object)).toEqual(Object.keys(plain.body as object));
    expect(events[2]?.data).toMatchObject({ content: [{ type: 'text' }], isError: false });
  });

  it('ends with the problem document when it fails', async () => {
    const answer = await run('snow', 'text/event-stream');
    const [event, ...others] = readEvents(answer.text);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      event: 'problem',
      data: {
        status: 404,
        code: 'tool-not-found',
        requestId: String(answer.headers['x-request-id']),
      },
    });
    expect(registry.auditLog.entries.at(-1)).toMatchObject({
      action: 'tool.call',
      outcome: 'tool-not-found',
    });
  });

  it('is recorded like any other', async () => {
    await run('rain', 'text/event-stream');
    expect(registry.auditLog.entries.at(-1)).toMatchObject({ action: 'tool.call', outcome: 'ok' });
  });

  it.each(['application/json', '*/*', 'application/json, text/event-stream', 'text/html'])(
    'is plain JSON for who accepts %s',
    async (accept) => {
      const answer = await run('rain', accept);
      expect(answer.type).toBe('application/json');
      expect(answer.body).toHaveProperty('content');
    },
  );

  it('refuses with a status of its own what is refused before it begins', async () => {
    const reader = await callAs(registry, 'read');
    const answer = await reader('post', '/api/servers/weather/tools/rain/call')
      .set('Accept', 'text/event-stream')
      .send({});
    expect([answer.status, answer.type]).toEqual([403, 'application/problem+json']);
  });

  it('is documented', () => {
    const route = registry.routes.find(({ path }) => path.endsWith('/tools/{tool}/call'));
    expect(route).toHaveProperty('stream.description', expect.stringContaining('event: result'));
  });
});

describe('the trial of a server', () => {
  it('goes to the gateway with the rights of the caller', async () => {
    const registry = await createTestRegistry();
    const call = await callAs(registry, 'write');
    await call('post', '/api/servers').send({ ...WEATHER, transport: 'sse' });
    const answer = await call('post', '/api/servers/weather/try');
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        ok: true,
        url: 'https://gateway.example.com/weather/sse',
        steps: [
          {
            name: 'initialize',
            ok: true,
            durationMs: 1,
            detail: '{"path":"/weather","transport":"sse"}',
          },
        ],
        toolCount: 1,
      },
    ]);
    expect(registry.lent.told).toMatchObject([{ principal: 'admin', server: '/weather' }]);
    expect(registry.lent.live()).toBe(0);
    await call('patch', '/api/servers/weather').send({ access: 'public' });
    const open = await call('post', '/api/servers/weather/try');
    expect(open.body).toMatchObject({ toolCount: 0 });
    expect((await call('post', '/api/servers/none/try')).status).toBe(404);
  });
});
