import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { expectGatewayError } from '../fixtures/gateway-error.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { rawRequest, type RawRequest } from '../fixtures/raw-http.js';

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const call = (name: string) =>
  JSON.stringify({ jsonrpc: '2.0', id: 'a1', method: 'tools/call', params: { name } });

let gateway: TestGateway;
let upstream: EchoServer;
const tokens: Record<string, string> = {};

async function create(at: string, input: object): Promise<Record<string, string>> {
  const answer = await gateway.api(at, { method: 'POST', body: JSON.stringify(input) });
  if (answer.status !== 201) throw new Error(`${at}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, string>;
}

async function tokenFor(name: string, input: object): Promise<string> {
  const { token } = await create('/api/tokens', { name, ...input });
  return token ?? '';
}

beforeAll(async () => {
  [gateway, upstream] = await Promise.all([startTestGateway(), startEchoServer()]);
  const server = { url: `${upstream.url}/mcp`, transport: 'streamable-http' };
  for (const path of ['/weather', '/team/a', '/team/b']) {
    await gateway.register({ name: path, path, ...server, access: 'authenticated' });
  }
  await gateway.register({ name: 'open', path: '/open', ...server });
  const groups = [
    { name: 'weather', servers: ['/weather'], tools: ['*'] },
    { name: 'team', servers: ['/team/*'], tools: ['*'] },
    { name: 'echoers', servers: ['/weather'], tools: ['echo', 'get_*'], denyTools: ['get_secret'] },
    { name: 'all-but-one', servers: ['/weather'], tools: ['*'], denyTools: ['delete'] },
  ];
  for (const group of groups) await create('/api/groups', group);
  for (const { name } of groups) tokens[name] = await tokenFor(name, { groups: [name] });
  tokens.nothing = await tokenFor('nothing', { groups: [] });
  tokens.one = await tokenFor('one', { groups: ['weather', 'team'], server: '/team/a' });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

let before = 0;
beforeEach(() => {
  before = upstream.requests.length;
});
const asked = () => upstream.requests.length - before;

const ask = (at: string, token?: string, options: RawRequest = {}) =>
  rawRequest(gateway.url, {
    path: at,
    method: 'POST',
    body: PING,
    ...options,
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${tokens[token] ?? token}` }),
      ...options.headers,
    },
  });

describe('a server that asks for a token', () => {
  it.each(['/weather/mcp', '/weather', '/weather/', '/weather/mcp/'])(
    'is closed without one at %s, and says where to get one',
    async (at) => {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await ask(at, undefined, { method });
        expectGatewayError(answer, 401, 'authentication-required');
        expect(answer.headers['www-authenticate']).toBe(
          `Bearer resource_metadata="${gateway.url}/.well-known/oauth-protected-resource/weather/mcp"`,
        );
      }
      expect(asked()).toBe(0);
    },
  );

  it.each([
    ['weather', '/weather', 200],
    ['weather', '/team/a', 403],
    ['team', '/team/a', 200],
    ['team', '/team/b', 200],
    ['team', '/weather', 403],
    ['nothing', '/weather', 403],
    ['one', '/team/a', 200],
    ['one', '/team/b', 401],
    ['one', '/weather', 401],
    ['no token of ours', '/weather', 401],
  ])('for the token %s at %s answers %d', async (token, path, status) => {
    for (const at of [`${path}/mcp`, path]) {
      expect((await ask(at, token)).status).toBe(status);
    }
    expect(asked()).toBe(status === 200 ? 2 : 0);
  });

  it('tells what is wrong with a token', async () => {
    const unknown = await ask('/weather/mcp', 'nonsense');
    expect(unknown.headers['www-authenticate']).toContain('error="invalid_token"');
    const denied = await ask('/weather/mcp', 'team');
    expectGatewayError(denied, 403, 'not-permitted');
    expect(denied.headers['www-authenticate']).toContain('error="insufficient_scope"');
  });

  it('never sees the token', async () => {
    await ask('/weather/mcp', 'weather');
    expect(JSON.stringify(upstream.requests.at(-1))).not.toContain('mcpgw_');
  });

  it.each(['mcp_session_id', 'mcp-session_id', 'mcp_session-id'])(
    'is not asked with %s, which some servers take for the header of that name',
    async (name) => {
      const headers = { [name]: 'somebody-elses' };
      const answer = await ask('/weather/mcp', 'weather', { headers });
      expectGatewayError(answer, 404, 'session-not-found');
      expect(asked()).toBe(0);
    },
  );

  it('is closed to a token from the request after its revocation', async () => {
    const made = await create('/api/tokens', { name: 'short', groups: ['weather'] });
    expect((await ask('/weather/mcp', made.token)).status).toBe(200);
    await gateway.api(`/api/tokens/${made.id ?? ''}`, { method: 'DELETE' });
    expect((await ask('/weather/mcp', made.token)).status).toBe(401);
  });

  it('follows a group that changes, without a reload', async () => {
    const { reloads } = gateway.registry.gateway.status();
    await create('/api/groups', { name: 'changing', servers: [], tools: ['*'] });
    const token = await tokenFor('changing', { groups: ['changing'] });
    expect((await ask('/weather/mcp', token)).status).toBe(403);
    const patched = await gateway.api('/api/groups/changing', {
      method: 'PATCH',
      body: JSON.stringify({ servers: ['/weather'] }),
    });
    expect(patched.status).toBe(200);
    expect((await ask('/weather/mcp', token)).status).toBe(200);
    expect(gateway.registry.gateway.status().reloads).toBe(reloads);
  });
});

describe('a caller with some of the tools', () => {
  it.each([
    [call('echo'), 200],
    [call('get_forecast'), 200],
    [PING, 200],
    [JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'initialize', params: {} }), 200],
    [JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }), 202],
    [call('delete'), 403],
    [call('Echo'), 403],
    [call('get_secret'), 403],
    [call('echo '), 403],
    [
      JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'resources/read', params: { uri: 'a:b' } }),
      403,
    ],
    [
      JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'prompts/get', params: { name: 'echo' } }),
      403,
    ],
    [JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'completion/complete', params: {} }), 403],
    [
      JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'tasks/result', params: { taskId: 'x' } }),
      403,
    ],
    [JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'anything/else' }), 403],
    [`[${call('echo')}]`, 400],
    [call('echo').replace('"name":"echo"', '"name":"echo","name":"delete"'), 400],
    [call('echo').replace('"name":"echo"', '"name":"echo","n\\u0061me":"delete"'), 400],
    [call('echo').replace('"params"', '"params":{"name":"delete"},"params"'), 400],
    [call('echo').replace('"name"', '"Name":"delete","name"'), 400],
    [`${call('echo')}${call('delete')}`, 400],
    ['', 400],
    ['null', 400],
  ])('sends %s and gets %d', async (body, status) => {
    const answer = await ask('/weather/mcp', 'echoers', { body });
    expect(answer.status).toBe(status);
    expect(asked()).toBe(status < 300 ? 1 : 0);
  });

  it('is told in the way of JSON-RPC what it may not do', async () => {
    const answer = await ask('/weather/mcp', 'echoers', { body: call('delete') });
    expect(JSON.parse(answer.body)).toMatchObject({
      jsonrpc: '2.0',
      id: 'a1',
      error: {
        message: expect.stringContaining('"delete"'),
        data: { error: 'not-permitted', status: 403, requestId: answer.headers['x-request-id'] },
      },
    });
    expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope"');
  });

  it.each([
    [{ 'content-encoding': 'gzip' }, 415],
    [{ 'content-type': 'text/plain' }, 415],
    [{ 'content-type': 'application/json; charset=utf-16' }, 415],
    [{ 'content-type': 'application/json; charset=UTF-8' }, 200],
    [{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'echo' }, 200],
    [
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'other' },
      400,
    ],
    [{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call' }, 400],
    [{ 'mcp-protocol-version': '2026-07-28' }, 400],
    [{ 'mcp-protocol-version': '2025-11-25', 'mcp-name': 'other' }, 400],
    [{ 'mcp-protocol-version': '2025-11-25' }, 200],
    [{ mcp_name: 'echo' }, 400],
  ])('with the headers %j gets %d', async (headers, status) => {
    const answer = await ask('/weather/mcp', 'echoers', { body: call('echo'), headers });
    expect(answer.status).toBe(status);
    expect(asked()).toBe(status === 200 ? 1 : 0);
  });

  it.each(['GET', 'DELETE'])('sends no body with %s', async (method) => {
    const body = call('delete');
    const headers = { 'content-length': String(body.length) };
    const answer = await ask('/weather/mcp', 'echoers', { method, body, headers });
    expect([answer.status, answer.headers['x-gateway-error']]).toEqual([400, 'message-refused']);
    expect((await ask('/weather/mcp', 'echoers', { method, body: '' })).status).toBe(405);
    expect(asked()).toBe(1);
  });

  it('has a limit for what the gate reads', async () => {
    const body = call('echo').padEnd((1 << 20) + 1);
    expectGatewayError(await ask('/weather/mcp', 'echoers', { body }), 413, 'request-too-large');
    const below = call('echo').padEnd((1 << 20) - 1);
    expect((await ask('/weather', 'echoers', { body: below })).status).toBe(200);
    expect(upstream.requests.at(-1)?.bodyBytes).toBe((1 << 20) - 1);
  });
});

describe('a caller with all tools but some', () => {
  const message = (method: string, params: object = {}) =>
    JSON.stringify({ jsonrpc: '2.0', id: 3, method, params });

  it.each([
    [call('echo'), 200],
    [message('resources/read', { uri: 'a:b' }), 200],
    [message('prompts/get', { name: 'delete' }), 200],
    [message('prompts/list'), 200],
    [message('completion/complete'), 200],
    [message('tasks/get', { taskId: 'x' }), 200],
    [message('anything/else'), 200],
    [call('delete'), 403],
    [message('Tools/Call', { name: 'delete' }), 403],
    [`[${call('echo')}]`, 400],
  ])('sends %s and gets %d', async (body, status) => {
    expect((await ask('/weather/mcp', 'all-but-one', { body })).status).toBe(status);
    expect(asked()).toBe(status === 200 ? 1 : 0);
  });
});

describe('a public server', () => {
  it('asks nobody', async () => {
    expect((await ask('/open/mcp')).status).toBe(200);
    expect((await ask('/open/mcp', 'nonsense')).status).toBe(200);
  });
});

describe('what a caller with some of the tools is told', () => {
  let lister: EchoServer;
  const list = (id: number, method = 'tools/list') =>
    JSON.stringify({ jsonrpc: '2.0', id, method });

  beforeAll(async () => {
    lister = await startEchoServer();
    await gateway.register({
      name: 'Lister',
      path: '/lister',
      url: `${lister.url}/mcp`,
      transport: 'streamable-http',
      access: 'authenticated',
    });
    await create('/api/groups', { name: 'some', servers: ['/lister'], tools: ['echo'] });
    await create('/api/groups', { name: 'others', servers: ['/lister'], tools: ['other'] });
    tokens.some = await tokenFor('some', { groups: ['some'] });
    tokens.others = await tokenFor('others', { groups: ['others'] });
  });

  afterAll(() => lister.close());

  it('are the tools that it may call', async () => {
    const mine = JSON.parse((await ask('/lister/mcp', 'some', { body: list(5) })).body) as {
      id: number;
      result: { tools: { name: string }[] };
    };
    expect(mine.id).toBe(5);
    expect(mine.result.tools.map(({ name }) => name)).toEqual(['echo']);
    const theirs = await ask('/lister/mcp?x=1', 'others', { body: list(6) });
    expect(JSON.parse(theirs.body)).toEqual({ jsonrpc: '2.0', id: 6, result: { tools: [] } });
    expect(theirs.headers['content-type']).toBe('application/json');
    expect(lister.requests.at(-1)).toMatchObject({ url: '/mcp?x=1', body: list(6) });
    expect(lister.requests.at(-1)?.headers['accept-encoding']).toBe('identity');
  });

  it('is an error of the server as it is', async () => {
    const answer = await ask('/lister/mcp?mode=status&code=500', 'some', { body: list(7) });
    expect(answer.status).toBe(500);
  });
});

describe('a session', () => {
  const seen: (string | undefined)[] = [];
  let upstreamUrl: string;
  const server = http.createServer((req, res) => {
    const { 'mcp-session-id': session } = req.headers;
    seen.push(Array.isArray(session) ? session.join() : session);
    res.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 's-1.2' });
    res.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { tools: [] } }));
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    upstreamUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    const transport = 'streamable-http';
    for (const path of ['/first', '/second']) {
      const access = 'authenticated';
      await gateway.register({ name: path, path, url: upstreamUrl, transport, access });
    }
    await gateway.register({ name: 'any', path: '/any', url: upstreamUrl, transport });
    await create('/api/groups', { name: 'both', servers: ['/first', '/second'], tools: ['*'] });
    await create('/api/groups', { name: 'few', servers: ['/first'], tools: ['echo'] });
    await create('/api/users', {
      username: 'bea',
      password: 'a password of bea',
      groups: ['both'],
    });
    tokens.both = await tokenFor('both', { groups: ['both'] });
    tokens.again = await tokenFor('again', { groups: ['both'] });
    tokens.few = await tokenFor('few', { groups: ['few'] });
    tokens.bea = await tokenOf('bea', 'a password of bea');
  });

  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  /** A token that somebody makes for themselves. */
  async function tokenOf(username: string, password: string): Promise<string> {
    const login = await fetch(`${gateway.registryUrl}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    const { csrfToken } = (await login.json()) as { csrfToken: string };
    const made = await fetch(`${gateway.registryUrl}/api/tokens`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-csrf-token': csrfToken,
        cookie: login.headers.get('set-cookie')?.split(';')[0] ?? '',
      },
      body: JSON.stringify({ name: 'mine', groups: ['both'] }),
    });
    return ((await made.json()) as { token: string }).token;
  }

  const given = async (at: string, token: string) =>
    String((await ask(at, token)).headers['mcp-session-id']);
  const goOn = (at: string, token: string | undefined, session: string) =>
    ask(at, token, { headers: { 'mcp-session-id': session } });

  it('goes on for the principal that began it, with any of its tokens', async () => {
    for (const opener of ['both', 'few']) {
      const session = await given('/first/mcp', opener);
      expect(session).toMatch(/^s-1\.2\.[0-9a-f]{32}$/);
      for (const token of ['both', 'again', 'few']) {
        expect((await goOn('/first/mcp', token, session)).status).toBe(200);
        expect(seen.at(-1)).toBe('s-1.2');
      }
      for (const method of ['GET', 'DELETE']) {
        const answer = await ask('/first', 'both', {
          method,
          headers: { 'mcp-session-id': session },
        });
        expect([answer.status, seen.at(-1)]).toEqual([200, 's-1.2']);
      }
    }
  });

  it('is nobody else’s, and not known at another server', async () => {
    const session = await given('/first/mcp', 'both');
    const count = seen.length;
    expectGatewayError(await goOn('/first/mcp', 'bea', session), 404, 'session-not-found');
    expectGatewayError(await goOn('/second/mcp', 'both', session), 404, 'session-not-found');
    for (const forged of [
      's-1.2',
      `${session}0`,
      `x${session}`,
      session.slice(0, -1),
      '.',
      'a'.repeat(40),
    ]) {
      expectGatewayError(await goOn('/first/mcp', 'both', forged), 404, 'session-not-found');
    }
    expect(seen.length).toBe(count);
    expect((await goOn('/first/mcp', 'bea', await given('/first/mcp', 'bea'))).status).toBe(200);
  });

  it('of a public server is as the server made it', async () => {
    expect(await given('/any/mcp', '')).toBe('s-1.2');
    expect((await goOn('/any/mcp', undefined, 's-1.2')).status).toBe(200);
    expect(seen.at(-1)).toBe('s-1.2');
  });
});
