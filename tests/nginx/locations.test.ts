import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { parseNginx, type Directive } from '../fixtures/nginx-syntax.js';
import { rawRequest } from '../fixtures/raw-http.js';

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

/** What a location answers to nobody, and to a token without any right: default deny. */
interface Row {
  readonly location: string;
  readonly ask: string;
  readonly nobody: number;
  readonly rightless: number;
}

/** Every location that can be asked for; one that is not here fails the test. */
const LOCATIONS: readonly Row[] = [
  { location: '= /healthz', ask: 'GET /healthz', nobody: 200, rightless: 200 },
  { location: '/', ask: 'POST /public/mcp', nobody: 200, rightless: 200 },
  // The console is a page like any other until somebody logs in.
  { location: '= /', ask: 'GET /', nobody: 302, rightless: 302 },
  { location: '= /ui', ask: 'POST /ui', nobody: 405, rightless: 405 },
  { location: '/ui/', ask: 'POST /ui/servers', nobody: 405, rightless: 405 },
  { location: '= /api', ask: 'GET /api', nobody: 404, rightless: 404 },
  { location: '/api/', ask: 'GET /api/servers', nobody: 401, rightless: 403 },
  { location: '= /api/import', ask: 'POST /api/import', nobody: 401, rightless: 403 },
  {
    location: '= /api/import/preview',
    ask: 'POST /api/import/preview',
    nobody: 401,
    rightless: 403,
  },
  // It is there for the registry alone, under no name of ours (metrics.test.ts).
  {
    location: '= /.gateway/connections',
    ask: 'GET /.gateway/connections',
    nobody: 404,
    rightless: 404,
  },
  { location: '= /docs', ask: 'POST /docs', nobody: 405, rightless: 405 },
  { location: '/docs/', ask: 'POST /docs/', nobody: 405, rightless: 405 },
  { location: '= /health', ask: 'GET /health', nobody: 200, rightless: 200 },
  { location: '= /register', ask: 'POST /register', nobody: 401, rightless: 403 },
  // The list of what anybody may call is anybody's.
  { location: '= /v0.1', ask: 'GET /v0.1', nobody: 404, rightless: 404 },
  { location: '/v0.1/', ask: 'GET /v0.1/servers', nobody: 200, rightless: 200 },
  { location: '= /v0', ask: 'GET /v0', nobody: 404, rightless: 404 },
  { location: '/v0/', ask: 'GET /v0/servers', nobody: 200, rightless: 200 },
  // Whoever is known may ask which tools there are (406: in another way), and is offered those of their rights.
  { location: '= /mcpgw', ask: 'POST /mcpgw', nobody: 401, rightless: 406 },
  { location: '= /mcpgw/', ask: 'POST /mcpgw/', nobody: 401, rightless: 406 },
  { location: '= /mcpgw/mcp/', ask: 'POST /mcpgw/mcp/', nobody: 401, rightless: 406 },
  { location: '= /mcpgw/sse/', ask: 'POST /mcpgw/sse/', nobody: 401, rightless: 405 },
  { location: '= /mcpgw/mcp', ask: 'POST /mcpgw/mcp', nobody: 401, rightless: 406 },
  { location: '= /mcpgw/sse', ask: 'POST /mcpgw/sse', nobody: 401, rightless: 405 },
  { location: '= /mcpgw/message', ask: 'POST /mcpgw/message', nobody: 401, rightless: 404 },
  // Who may open a WebSocket there is told in live.test.ts.
  { location: '= /ws', ask: 'GET /ws', nobody: 404, rightless: 404 },
  {
    location: '= /.well-known/oauth-protected-resource',
    ask: 'GET /.well-known/oauth-protected-resource',
    nobody: 404,
    rightless: 404,
  },
  {
    location: '/.well-known/oauth-protected-resource/',
    ask: 'GET /.well-known/oauth-protected-resource/public/mcp',
    nobody: 404,
    rightless: 404,
  },
  { location: '= /slow/mcp', ask: 'POST /slow/mcp', nobody: 401, rightless: 403 },
];

/** What nginx alone may go to. */
const isInternal = (location: string) =>
  location.startsWith('@') || /^(?:= )?\/\.(?:mcp|retired)(?:\/|$)/.test(location);

let gateway: TestGateway;
let upstream: EchoServer;
let found: string[] = [];
const tokens: Record<string, string> = {};

beforeAll(async () => {
  // A policy that came later: the API takes no such address.
  const forbidden = { name: '/forbidden', path: '/forbidden', url: 'http://169.254.169.254/mcp' };
  const stored = [{ ...forbidden, transport: 'streamable-http', access: 'authenticated' }];
  [gateway, upstream] = await Promise.all([startTestGateway({ stored }), startEchoServer()]);
  const url = `${upstream.url}/mcp`;
  for (const input of [
    { path: '/public', url, access: 'public' },
    { path: '/closed', url },
    // Only a server with settings of its own has a location of its own.
    { path: '/slow', url, timeoutSeconds: 60 },
    { path: '/old', url: `${upstream.url}/sse`, transport: 'sse' },
    { path: '/tls', url: url.replace('http:', 'https:') },
    { path: '/old-tls', url: url.replace('http:', 'https:'), transport: 'sse' },
    { path: '/off', url, enabled: false },
  ]) {
    await gateway.register({
      name: input.path,
      transport: 'streamable-http',
      access: 'authenticated',
      ...input,
    });
  }
  const create = async (at: string, input: object) => {
    const answer = await gateway.api(at, { method: 'POST', body: JSON.stringify(input) });
    if (answer.status !== 201) throw new Error(`${at}: ${await answer.text()}`);
    return (await answer.json()) as { token: string };
  };
  await create('/api/groups', { name: 'all', servers: ['*'], tools: ['*'] });
  await create('/api/groups', { name: 'some', servers: ['*'], tools: ['echo'] });
  tokens.rightless = (await create('/api/tokens', { name: 'rightless', groups: [] })).token;
  tokens.all = (await create('/api/tokens', { name: 'all', groups: ['all'] })).token;
  tokens.some = (await create('/api/tokens', { name: 'some', groups: ['some'] })).token;
  found = locationsOf(await currentFolder());
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

async function currentFolder(): Promise<string> {
  const { generation } = (await (await gateway.api('/api/gateway')).json()) as Record<
    string,
    string
  >;
  return path.join(gateway.dataDir, 'nginx', 'generations', generation ?? '');
}

/** Every location of the configuration in `folder`, with what it includes. */
function locationsOf(folder: string): string[] {
  const read = (file: string) => parseNginx(readFileSync(path.join(folder, file), 'utf8'));
  const walk = (directives: readonly Directive[]): string[] =>
    directives.flatMap((directive) => {
      const [first = ''] = directive.words;
      if (directive.name === 'include') return walk(read(first));
      const inner = walk(directive.block ?? []);
      return directive.name === 'location' ? [directive.words.join(' '), ...inner] : inner;
    });
  return [...new Set(walk(read('nginx.conf')))];
}

const ask = async (line: string, who?: string, host?: string) => {
  const [method = '', at = ''] = line.split(' ');
  const { status } = await rawRequest(gateway.url, {
    method,
    path: at,
    headers: {
      'content-type': 'application/json',
      ...(method === 'POST' && { 'content-length': String(PING.length) }),
      ...(who !== undefined && { authorization: `Bearer ${tokens[who] ?? ''}` }),
      ...(host !== undefined && { host }),
    },
    ...(method === 'POST' && { body: PING }),
  });
  return status;
};

describe('every location', () => {
  it('is in this table, or internal', () => {
    const known = LOCATIONS.map(({ location }) => location);
    expect(found.filter((location) => !isInternal(location)).sort()).toEqual(known.sort());
    // All kinds of servers are there.
    for (const kind of ['sse', 'message', 'shared', 'streamed', 'filtered']) {
      expect(found.some((location) => location.includes(`/.mcp/${kind}/`))).toBe(true);
    }
  });

  it.each(LOCATIONS)('$location answers as it should', async ({ ask: line, nobody, rightless }) => {
    expect([await ask(line), await ask(line, 'rightless')]).toEqual([nobody, rightless]);
  });

  it('that is internal is nowhere from outside, whoever asks', async () => {
    const before = upstream.requests.length;
    const internal = found.filter((location) => isInternal(location) && !location.startsWith('@'));
    expect(internal.length).toBeGreaterThan(20);
    for (const location of internal) {
      const at = location.replace('= ', '');
      for (const address of [at, `${at}/`, at.replace('/.', '/%2e'), at.replace('/.', '//.')]) {
        for (const who of [undefined, 'rightless', 'some', 'all']) {
          for (const method of ['GET', 'POST']) {
            const line = `${method} ${address}`;
            expect([line, who, await ask(line, who)]).toEqual([line, who, 404]);
          }
        }
      }
    }
    expect(upstream.requests.length).toBe(before);
  });

  it('is closed under a host name that is not ours', async () => {
    for (const { location, ask: line } of LOCATIONS) {
      const expected = location === '= /healthz' ? 200 : 421;
      expect([line, await ask(line, 'all', 'other.example')]).toEqual([line, expected]);
    }
  });
});

describe('every address of a server', () => {
  const lines = ['', '/', '/mcp', '/mcp/', '/sse', '/sse/', '/message', '/messages/'].flatMap(
    (end) => ['GET', 'POST', 'DELETE', 'PUT'].map((method) => [method, end] as const),
  );

  it.each([
    ['/closed', [401], [403]],
    ['/slow', [401], [403]],
    ['/old', [401], [403]],
    ['/tls', [401], [403]],
    ['/old-tls', [401], [403]],
    ['/off', [503], [503]],
    ['/forbidden', [503], [503]],
  ])('%s is closed', async (server, nobody, rightless) => {
    const before = upstream.requests.length;
    for (const [method, end] of lines) {
      const line = `${method} ${server}${end}`;
      // No server takes that method there, or nobody is there.
      const neither = [404, 405];
      expect([line, ...nobody, ...neither]).toContain(await ask(line));
      expect([line, ...rightless, ...neither]).toContain(await ask(line, 'rightless'));
    }
    expect(upstream.requests.length).toBe(before);
  });
});
