import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMcpExpressApp } from '@modelcontextprotocol/express';
import { startEchoServer, type EchoServer, type RecordedRequest } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { REQUEST_ID } from '../fixtures/gateway-error.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { listen, type Listening } from '../fixtures/listen.js';
import { rawRequest, type RawRequest } from '../fixtures/raw-http.js';
import { sdkClients } from '../fixtures/sdk-clients.js';
import { answerMessage, type JsonRpcMessage } from '../fixtures/small-mcp.js';
import { startSseServer, type SseServer } from '../fixtures/sse-server.js';
import { tokenOfNewUser } from '../fixtures/user-token.js';

/** The gateway believes this address of loopback, and no other. */
const TRUSTED = '127.0.0.2';

let gateway: TestGateway;
let upstream: EchoServer;
let guarded: Listening;
let sse: SseServer;

/** Sends a call and gives what the upstream saw of it. */
async function seenBy(path: string, options: RawRequest = {}): Promise<RecordedRequest> {
  const before = upstream.requests.length;
  const answer = await rawRequest(gateway.url, {
    path,
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    ...options,
  });
  expect(answer.status).toBe(200);
  const seen = upstream.requests[before];
  if (seen === undefined) throw new Error('the upstream saw nothing');
  return seen;
}

/** Names as they arrived, with their values: a doubled header shows. */
const valuesOf = (seen: RecordedRequest, name: string) =>
  seen.rawHeaders.filter((_, at, all) => at % 2 === 1 && all[at - 1]?.toLowerCase() === name);

/** A server made with the SDK's own Express app, which refuses foreign Host and Origin. */
function startGuardedServer(): Promise<Listening> {
  const app = createMcpExpressApp({ host: '127.0.0.1' });
  app.post('/mcp', (req, res) => {
    const answer = answerMessage(req.body as JsonRpcMessage);
    if (answer === undefined) res.status(202).end();
    else res.json(answer);
  });
  return listen((req, res) => void app(req, res));
}

beforeAll(async () => {
  [upstream, guarded, sse] = await Promise.all([
    startEchoServer(),
    startGuardedServer(),
    startSseServer(),
  ]);
  gateway = await startTestGateway({
    environment: {
      TRUSTED_PROXIES: TRUSTED,
      ALLOWED_HOSTS: 'gateway.example.test',
      ALLOWED_ORIGINS: 'https://inspector.example.test',
    },
  });
  const url = `${upstream.url}/up/mcp`;
  const transport = 'streamable-http';
  await Promise.all(
    [
      { name: 'own', path: '/own', url, transport },
      { name: 'client', path: '/team/client', url, transport, hostHeader: 'client' },
      { name: 'literal', path: '/literal', url, transport, hostHeader: 'api.example.test:8443' },
      { name: 'closed', path: '/closed', url, transport, access: 'authenticated' },
      { name: 'guarded', path: '/guarded', url: `${guarded.url}/mcp`, transport },
      { name: 'sse', path: '/sse-server', url: sse.url, transport: 'sse' },
    ].map((server) => gateway.register(server)),
  );
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([upstream, guarded, sse].map((server) => server.close()));
});

describe('what identifies a caller', () => {
  it.each(['/own', '/own/mcp', '/team/client', '/literal'])(
    'never reaches the upstream of %s',
    async (path) => {
      const seen = await seenBy(path, {
        headers: {
          cookie: 'session=canary',
          origin: 'https://inspector.example.test',
          authorization: 'Bearer canary',
          forwarded: 'for=canary;host=canary',
          'proxy-authorization': 'Basic canary',
          'x-csrf-token': 'canary',
        },
      });
      expect(JSON.stringify(seen.rawHeaders)).not.toContain('canary');
      for (const name of ['cookie', 'origin', 'authorization', 'forwarded']) {
        expect(valuesOf(seen, name)).toEqual([]);
      }
    },
  );
});

describe('the Host that the upstream sees', () => {
  const host = 'gateway.example.test:1234';

  it('is its own by default', async () => {
    const seen = await seenBy('/own/mcp', { headers: { host } });
    expect(valuesOf(seen, 'host')).toEqual([new URL(upstream.url).host]);
  });

  it("is the client's where that is configured", async () => {
    const seen = await seenBy('/team/client', { headers: { host } });
    expect(valuesOf(seen, 'host')).toEqual([host]);
  });

  it('is a literal where that is configured', async () => {
    const seen = await seenBy('/literal', { headers: { host } });
    expect(valuesOf(seen, 'host')).toEqual(['api.example.test:8443']);
  });

  it.each(sdkClients)(
    'satisfies a server of the SDK with protection against DNS rebinding ($name)',
    async ({ connect }) => {
      const client = await connect({
        url: `${gateway.url}/guarded/mcp`,
        transport: 'streamable-http',
        headers: { origin: 'https://inspector.example.test' },
      });
      try {
        expect((await client.call('echo', { text: 'hello' })).text).toBe('hello');
      } finally {
        await client.close();
      }
      // It would have refused the gateway's own names.
      const direct = await rawRequest(`${guarded.url}/mcp`, {
        method: 'POST',
        headers: { host: 'gateway.example.test', 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
      });
      expect(direct.status).toBe(403);
    },
  );
});

describe('forwarded headers', () => {
  const claims = {
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'public.example.test',
    'x-forwarded-prefix': '/claimed',
    'x-forwarded-port': '443',
    'x-forwarded-server': 'claimed',
    'x-forwarded-scheme': 'https',
    'x-forwarded-ssl': 'on',
    'x-real-ip': '203.0.113.7',
    'x-request-id': 'claimed',
  };
  const host = 'gateway.example.test';
  const forwarded = (seen: RecordedRequest) =>
    Object.fromEntries(
      Object.keys(claims)
        .filter((name) => name !== 'x-request-id')
        .map((name) => [name, valuesOf(seen, name).join(' and ')]),
    );

  it('say who called, and what the client claims is overwritten', async () => {
    const seen = await seenBy('/team/client/mcp', { headers: { host, ...claims } });
    expect(forwarded(seen)).toEqual({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': host,
      'x-forwarded-prefix': '/team/client',
      'x-forwarded-port': '',
      'x-forwarded-server': '',
      'x-forwarded-scheme': '',
      'x-forwarded-ssl': '',
      'x-real-ip': '127.0.0.1',
    });
    expect(seen.headers['x-request-id']).toMatch(REQUEST_ID);
  });

  it('of a trusted proxy are believed', async () => {
    const seen = await seenBy('/own/mcp', { headers: { host, ...claims }, from: TRUSTED });
    expect(forwarded(seen)).toMatchObject({
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'public.example.test',
      'x-forwarded-prefix': '/own',
      'x-real-ip': '203.0.113.7',
    });
  });

  it('of a trusted proxy are believed as far as the proxy saw', async () => {
    const headers = { 'x-forwarded-for': `198.51.100.9, 203.0.113.7, ${TRUSTED}` };
    const seen = await seenBy('/own', { headers, from: TRUSTED });
    expect(valuesOf(seen, 'x-forwarded-for')).toEqual(['203.0.113.7']);
  });

  it.each(['public.example.test/x', 'a b', '"x"', 'a, b', '', 'x'.repeat(400)])(
    'of a trusted proxy are not believed where they are no host: %j',
    async (claimed) => {
      const headers = { host, 'x-forwarded-host': claimed, 'x-forwarded-proto': 'gopher' };
      const seen = await seenBy('/own', { headers, from: TRUSTED });
      expect(valuesOf(seen, 'x-forwarded-host')).toEqual([host]);
      expect(valuesOf(seen, 'x-forwarded-proto')).toEqual(['http']);
    },
  );

  it('name the host that was asked for, also when the request line names it', async () => {
    const seen = await seenBy('/own', {
      path: `http://${host}/own/mcp`,
      headers: { host: 'evil.example.test' },
    });
    expect(valuesOf(seen, 'x-forwarded-host')).toEqual([host]);
  });
});

describe('what belongs to the protocol', () => {
  const headers = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': '2026-07-28',
    'mcp-session-id': 'abc-123',
    'mcp-method': 'tools/call',
    'mcp-name': '=?base64?w6Q=?=',
    'mcp-param-my_id': 'under_score',
    'mcp-param-x': 'y',
    'last-event-id': 'stream_7',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: 'a=1',
    baggage: 'k=v',
    'x-api-key': 'of the upstream',
    'accept-encoding': 'gzip',
    'user-agent': 'agent/1',
  };

  it('reaches the upstream as it was sent', async () => {
    const seen = await seenBy('/own/mcp', { headers });
    for (const [name, value] of Object.entries(headers)) {
      expect([name, valuesOf(seen, name)]).toEqual([name, [value]]);
    }
    expect(seen.body).toBe(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }));
  });

  it('is not confused with hop-by-hop headers', async () => {
    const seen = await seenBy('/own/mcp', {
      headers: { upgrade: 'websocket', connection: 'keep-alive', te: 'trailers' },
    });
    for (const name of ['upgrade', 'te', 'keep-alive']) expect(valuesOf(seen, name)).toEqual([]);
  });
});

describe('the trace that a caller has begun', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const tracestate = 'vendor=opaque,other=1';
  const tokens: Record<string, string> = {};
  const message = (method: string, params: object = {}) =>
    JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

  beforeAll(async () => {
    for (const [name, tools] of [
      ['all', ['*']],
      ['some', ['echo']],
    ] as const) {
      const group = JSON.stringify({ name, servers: ['/closed'], tools });
      await gateway.api('/api/groups', { method: 'POST', body: group });
      tokens[name] = await tokenOfNewUser(gateway, name, [name]);
    }
  });

  it.each([
    ['a public server', '/own/mcp', undefined, message('ping')],
    ['a server that asks for a token', '/closed/mcp', 'all', message('ping')],
    [
      'a server with limited tools',
      '/closed/mcp',
      'some',
      message('tools/call', { name: 'echo', arguments: {} }),
    ],
    ['a server whose list of tools is filtered', '/closed/mcp', 'some', message('tools/list')],
  ])('reaches %s unchanged, and not the access log', async (_what, at, caller, body) => {
    const token = tokens[caller ?? ''];
    const seen = await seenBy(at, {
      body,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        traceparent,
        tracestate,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
    expect(valuesOf(seen, 'traceparent')).toEqual([traceparent]);
    expect(valuesOf(seen, 'tracestate')).toEqual([tracestate]);
    const requestId = String(seen.headers['x-request-id']);
    const log = await eventually(
      () => readFileSync(path.join(gateway.dataDir, 'nginx/logs/access.log'), 'utf8'),
      (text) => text.includes(requestId),
    );
    expect(log).not.toMatch(/4bf92f3577b34da6|vendor=opaque/);
  });
});
