import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTimeServer } from '../../scripts/demo/time-server.js';
import { eventually } from '../fixtures/eventually.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { rawRequest } from '../fixtures/raw-http.js';
import { connectV2, sdkClients, type ToolClient } from '../fixtures/sdk-clients.js';

type Who = 'admin' | 'viewer';

let gateway: TestGateway;
let clock: Awaited<ReturnType<typeof startTimeServer>>;
type Send = (to: string, init: RequestInit) => Promise<Response>;
const tokens: Partial<Record<Who, string>> = {};
const at = (end: string) => `${gateway.url}/mcpgw/${end}`;
const bearer = (who: Who) => ({ authorization: `Bearer ${tokens[who] ?? ''}` });

async function create(at: string, input: object, send: Send = (to, init) => gateway.api(to, init)) {
  const answer = await send(at, { method: 'POST', body: JSON.stringify(input) });
  if (answer.status !== 201) throw new Error(`${at}: ${await answer.text()}`);
  return (await answer.json()) as Readonly<Record<string, string>>;
}

/** A token of everything that a viewer may do, which they make themselves. */
async function viewerToken(): Promise<string> {
  const password = 'a password of the viewer';
  await create('/api/users', {
    username: 'viewer',
    password,
    roles: ['viewer'],
    groups: ['clocks'],
  });
  const login = await fetch(`${gateway.registryUrl}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'viewer', password }),
  });
  const { csrfToken } = (await login.json()) as { csrfToken: string };
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const made = await create(
    '/api/tokens',
    { name: 'mine', scopes: ['write'], groups: ['clocks'] },
    (to, init) =>
      fetch(`${gateway.registryUrl}${to}`, {
        ...init,
        headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken, cookie },
      }),
  );
  return made.token ?? '';
}

beforeAll(async () => {
  [gateway, clock] = await Promise.all([startTestGateway(), startTimeServer()]);
  tokens.admin = (await create('/api/tokens', { name: 'admin', scopes: ['admin'] })).token ?? '';
  await create('/api/groups', { name: 'clocks', servers: ['*'], tools: ['current_time'] });
  tokens.viewer = await viewerToken();
});
afterAll(async () => {
  await gateway.close();
  await clock.close();
});

/** What a search has found, best first. */
function toolsIn(found: unknown): readonly string[] {
  const { results } = found as { results: { tool: { server: string; name: string } }[] };
  return results.map(({ tool }) => `${tool.server} ${tool.name}`);
}

const ways = (['streamable-http', 'sse'] as const).flatMap((transport) =>
  sdkClients.map((client) => ({ ...client, transport })),
);

describe.each(ways)('mcpgw over $transport, driven by $name', ({ name, connect, transport }) => {
  const server = `/clock-${name === 'SDK 1.x' ? 1 : 2}-${transport === 'sse' ? 's' : 'h'}`;
  let client: ToolClient;
  beforeAll(async () => {
    const url = at(transport === 'sse' ? 'sse' : 'mcp');
    // What these calls change makes nginx reload, and that closes kept connections: one could be closed just when it is used.
    const headers = { ...bearer('admin'), connection: 'close' };
    client = await connect({ url, transport, headers });
  });
  afterAll(() => client.close());

  const run = async (tool: string, args: Record<string, unknown> = {}) => {
    const answer = await client.call(tool, args);
    expect([tool, answer.isError, answer.isError ? answer.text : '']).toEqual([tool, false, '']);
    return answer.structured as Readonly<Record<string, unknown>>;
  };

  it('speaks the newest revision that both know', () => {
    const newest = name === 'SDK 1.x' ? '2025-11-25' : '2026-07-28';
    // Over HTTP+SSE the older client does not tell.
    const expected = transport === 'sse' ? [undefined, '2025-11-25'] : [newest];
    expect(expected).toContain(client.protocolVersion);
  });

  it('brings a server to agents and takes it away again, with every tool', async () => {
    expect(await client.tools()).toHaveLength(12);
    // Changes in a row may wait for a common reload for longer than an answer does.
    const told = { gateway: { state: expect.stringMatching(/^(?:applied|pending)$/) } };
    expect(
      await run('register_service', { name: 'Clock', path: server, url: clock.url }),
    ).toMatchObject({ path: server, enabled: false });
    expect(await run('toggle_service', { path: server, enabled: true })).toMatchObject({
      enabled: true,
      ...told,
    });
    expect(await gateway.registry.gateway.outcome(15_000)).not.toMatchObject({ state: 'rejected' });
    expect(await run('refresh_service', { path: server })).toMatchObject({
      health: { reachable: 'yes', usable: 'ok' },
      toolCount: 3,
    });
    const described = await run('update_service', {
      path: server,
      changes: { description: 'Tells the time' },
    });
    expect(described).toMatchObject({ description: 'Tells the time' });
    expect(await run('get_server_details', { path: server })).toMatchObject({
      revision: described.revision,
      publicUrl: `${gateway.url}${server}/mcp`,
    });
    expect(await run('list_services', { query: server })).toMatchObject({
      total: 1,
      servers: [{ path: server, toolCount: 3 }],
    });
    expect(await run('healthcheck')).toMatchObject({
      servers: [{ path: server, health: { usable: 'ok' } }],
      gateway: { generation: expect.any(String) },
    });
    expect(await run('get_service_tools', { path: server })).toMatchObject({
      tools: [{ name: 'current_time' }, { name: 'convert_time' }, { name: 'list_time_zones' }],
    });
    expect(await run('get_service_tools', { query: 'convert' })).toMatchObject({
      tools: [{ name: 'convert_time', server }],
    });
    const found = await run('intelligent_tool_finder', { query: 'What time is it in Tokyo now?' });
    expect(toolsIn(found)[0]).toBe(`${server} current_time`);
    const called = await run('call_tool', {
      server,
      tool: 'current_time',
      arguments: { timeZone: 'Asia/Tokyo' },
    });
    expect(called).toMatchObject({ timeZone: 'Asia/Tokyo', utcOffset: '+09:00' });
    const { text } = await run('get_client_config', { host: 'cursor', server });
    expect(text).toContain(`${gateway.url}${server}/mcp`);
    expect(await run('toggle_service', { path: server, enabled: false })).toMatchObject(told);
    const off = await client.call('call_tool', { server, tool: 'current_time' });
    expect(JSON.parse(off.text)).toMatchObject({ code: 'server-disabled' });
    expect(await run('remove_service', { path: server })).toMatchObject(told);
    expect(await run('list_services')).toMatchObject({ total: 0 });
  });

  it('has left one entry in the audit log for each change', async () => {
    const { entries } = (await (await gateway.api('/api/audit?limit=100')).json()) as {
      entries: Readonly<{
        action: string;
        outcome: string;
        target: { id?: string; server?: string };
        from?: { via: string };
      }>[];
    };
    const ours = entries.filter(({ target: { id, server: of } }) => [id, of].includes(server));
    expect(ours.map(({ from }) => from?.via)).toEqual(ours.map(() => 'mcp'));
    expect(ours.map(({ action, outcome }) => `${action} ${outcome}`).reverse()).toEqual([
      'server.register ok',
      'server.enable ok',
      'server.refresh ok',
      'server.update ok',
      'tool.call ok',
      'server.disable ok',
      'tool.call server-disabled',
      'server.remove ok',
    ]);
  });

  it('lets a viewer look, and change nothing', async () => {
    const url = at(transport === 'sse' ? 'sse' : 'mcp');
    const viewer = await connect({ url, transport, headers: bearer('viewer') });
    try {
      expect(await viewer.tools()).toHaveLength(7);
      for (const [tool, args] of [
        ['register_service', { name: 'Mine', path: '/mine', url: clock.url }],
        ['update_service', { path: '/mine', changes: { name: 'x' } }],
        ['toggle_service', { path: '/mine', enabled: true }],
        ['refresh_service', { path: '/mine' }],
        ['remove_service', { path: '/mine' }],
      ] as const) {
        const refused = await viewer.call(tool, args);
        expect([refused.isError, JSON.parse(refused.text)]).toMatchObject([
          true,
          { code: 'forbidden' },
        ]);
      }
    } finally {
      await viewer.close();
    }
    expect(await (await gateway.api('/api/servers')).json()).toMatchObject({ total: 0 });
  });
});

describe('the address of mcpgw', () => {
  it.each(['/mcpgw', '/mcpgw/', '/mcpgw/mcp/'])(
    'has the spellings of those of servers: %s',
    async (path) => {
      const url = `${gateway.url}${path}`;
      const client = await connectV2({
        url,
        transport: 'streamable-http',
        headers: bearer('admin'),
      });
      try {
        expect(await client.tools()).toHaveLength(12);
      } finally {
        await client.close();
      }
    },
  );
});

describe('a tool that is called by an agent at run time', () => {
  it('is one that its groups give', async () => {
    await gateway.register({
      name: 'Closed',
      path: '/closed',
      url: clock.url,
      access: 'authenticated',
    });
    const agent = await connectV2({
      url: at('mcp'),
      transport: 'streamable-http',
      headers: bearer('viewer'),
    });
    try {
      const found = await agent.call('intelligent_tool_finder', { query: 'convert the time' });
      expect(toolsIn(found.structured)).toEqual(['/closed current_time']);
      const given = await agent.call('call_tool', { server: '/closed', tool: 'current_time' });
      expect(given).toMatchObject({ isError: false, structured: { timeZone: 'UTC' } });
      const other = await agent.call('call_tool', { server: '/closed', tool: 'convert_time' });
      expect([other.isError, JSON.parse(other.text)]).toMatchObject([true, { code: 'forbidden' }]);
    } finally {
      await agent.close();
      await gateway.api('/api/servers/closed', { method: 'DELETE' });
    }
  });
});

describe('a stream of HTTP+SSE', () => {
  it('belongs to the token that opened it', async () => {
    const leaving = new AbortController();
    const opened = await fetch(at('sse'), { headers: bearer('admin'), signal: leaving.signal });
    const reader = opened.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = (await reader?.read())?.value ?? '';
    const [, endpoint = ''] = /^event: endpoint\ndata: (\S+)\n\n$/.exec(first) ?? [];
    expect(endpoint).toMatch(/^\/mcpgw\/message\?sessionId=[0-9a-f-]{36}$/);
    const post = async (headers: object) => {
      const answer = await fetch(`${gateway.url}${endpoint}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
      });
      await answer.text();
      return answer.status;
    };
    expect(await post({})).toBe(401);
    expect(await post(bearer('viewer'))).toBe(404);
    expect(await post(bearer('admin'))).toBe(202);
    expect((await reader?.read())?.value).toContain('"id":1');
    leaving.abort();
    // And ends with it.
    await eventually(
      () => post(bearer('admin')),
      (status) => status === 404,
    );
  });
});

describe('somebody who opens ever more streams', () => {
  it('keeps the newest, and loses the oldest', async () => {
    const leaving = new AbortController();
    const open = async () => {
      const opened = await fetch(at('sse'), { headers: bearer('viewer'), signal: leaving.signal });
      return opened.body?.getReader();
    };
    const first = await open();
    await first?.read();
    for (let more = 0; more < 20; more += 1) await open();
    // Nothing comes any more, because it has ended.
    expect(await first?.read()).toMatchObject({ done: true });
    leaving.abort();
  });
});

describe('whoever is not known', () => {
  const PATHS = [
    '',
    '/',
    '/mcp',
    '/mcp/',
    '/sse',
    '/message?sessionId=x',
    '/messages',
    '/x/mcp',
    '/%6dcp',
  ];
  const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'TRACE', 'PROPFIND'];
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });

  it('reaches nothing below /mcpgw, by any method, at the gateway and at the registry', async () => {
    const login = await fetch(`${gateway.url}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: 'only for this test run' }),
    });
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).not.toBe('');
    for (const url of [gateway.url, gateway.registryUrl]) {
      for (const method of METHODS) {
        for (const end of PATHS) {
          for (const more of [{}, { authorization: 'Bearer mcpgw_x' }, { cookie }]) {
            const { status } = await rawRequest(url, {
              method,
              path: `/mcpgw${end}`,
              headers: {
                accept: 'application/json, text/event-stream',
                'content-type': 'application/json',
                ...(method === 'POST' && { 'content-length': String(body.length) }),
                ...more,
              },
              ...(method === 'POST' && { body }),
            });
            // 400: a method that Node.js does not know of; 404 and 405 are nginx's own.
            expect([401, 404, 405, 400]).toContain(status);
            const isOurs =
              /^(?:\/?|\/mcp\/?|\/sse\/?|\/message\?.*)$/.test(end) && method === 'POST';
            expect([method, end, status]).toEqual([method, end, isOurs ? 401 : status]);
          }
        }
      }
    }
  });

  it('is told by the gateway where to learn more', async () => {
    const answer = await fetch(at('mcp'), { method: 'POST', body });
    expect(answer.status).toBe(401);
    const challenge = answer.headers.get('www-authenticate') ?? '';
    const [, where = ''] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
    const document = await (await fetch(where)).json();
    expect(document).toMatchObject({ resource: at('mcp') });
    expect(await answer.json()).toMatchObject({
      error: { data: { requestId: answer.headers.get('x-request-id') } },
    });
  });
});

describe('a browser', () => {
  const ask = (method: string, headers: object) =>
    rawRequest(gateway.url, { method, path: '/mcpgw/mcp', headers: { ...headers } });

  it('may ask from our own pages, and from those that are allowed', async () => {
    const origin = 'http://localhost:6274';
    const preflight = await ask('OPTIONS', {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,mcp-method',
    });
    expect(preflight.status).toBe(204);
    const allowed = await fetch(at('mcp'), {
      method: 'POST',
      headers: {
        ...bearer('viewer'),
        origin,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      200,
      origin,
    ]);
    await allowed.text();
  });

  it('is refused from other pages and under other names', async () => {
    const foreign = { ...bearer('admin'), origin: 'https://evil.example' };
    expect((await ask('POST', foreign)).status).toBe(403);
    expect((await ask('OPTIONS', foreign)).status).toBe(403);
    expect((await ask('POST', { ...bearer('admin'), host: 'evil.example' })).status).toBe(421);
  });
});
