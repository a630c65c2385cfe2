import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { freePort } from '../fixtures/free-port.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { openRawStream, rawRequest, type RawRequest } from '../fixtures/raw-http.js';
import { sendBytes } from '../fixtures/raw-socket.js';
import { startSseServer, type SseServer } from '../fixtures/sse-server.js';

interface Line {
  readonly requestId: string;
  readonly server: string;
  readonly path: string;
  readonly status: number;
  readonly [field: string]: unknown;
}

const CANARY = 'canary-7f3a';
const CALL = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

let gateway: TestGateway;
let upstream: EchoServer;
let sse: SseServer;

const logs = () => path.join(gateway.dataDir, 'nginx', 'logs');

/** The lines so far; each has to be JSON. */
const lines = (): Line[] =>
  readFileSync(path.join(logs(), 'access.log'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** The one line of the request with this id, as soon as nginx has written it. */
async function lineOf(requestId: unknown): Promise<Line> {
  const found = await eventually(
    () => lines().filter((line) => line.requestId === requestId),
    (some) => some.length > 0,
  );
  const [line, ...more] = found;
  if (line === undefined || more.length > 0) throw new Error(`${found.length} lines`);
  return line;
}

const ask = (at: string, options: RawRequest = {}) =>
  rawRequest(gateway.url, { path: at, method: 'POST', body: CALL, ...options });

beforeAll(async () => {
  [upstream, sse] = await Promise.all([startEchoServer(), startSseServer()]);
  gateway = await startTestGateway();
  const url = `${upstream.url}/mcp`;
  const transport = 'streamable-http';
  await Promise.all(
    [
      { name: 'weather', path: '/team/weather', url, transport },
      { name: 'impatient', path: '/impatient', url, transport, timeoutSeconds: 1 },
      { name: 'old', path: '/old', url: sse.url, transport: 'sse' },
      { name: 'closed', path: '/closed', url, transport, access: 'authenticated' },
      { name: 'off', path: '/off', url, transport, enabled: false },
      { name: 'down', path: '/down', url: `http://127.0.0.1:${await freePort()}/mcp`, transport },
      { name: 'tls', path: '/tls', url: upstream.url.replace('http', 'https'), transport },
    ].map((server) => gateway.register(server)),
  );
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([upstream.close(), sse.close()]);
});

describe('the access log', () => {
  it('has one line for a call, which names the server and what was called', async () => {
    const answer = await ask('/team/weather/mcp', {
      headers: {
        'mcp-method': 'tools/call',
        'mcp-name': 'forecast "today" \\ {$x}',
        'mcp-protocol-version': '2026-07-28',
      },
    });
    expect(await lineOf(answer.headers['x-request-id'])).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      requestId: answer.headers['x-request-id'],
      principal: '',
      server: '/team/weather',
      endpoint: 'streamable-http',
      path: '',
      method: 'POST',
      rpcMethod: 'tools/call',
      rpcName: 'forecast "today" \\ {$x}',
      protocolVersion: '2026-07-28',
      earlier: '',
      status: 200,
      upstreamStatus: '200',
      upstreamAddress: new URL(upstream.url).host,
      seconds: expect.any(Number),
      firstByteSeconds: expect.stringMatching(/^\d+\.\d+$/),
      bytesIn: expect.any(Number),
      bytesOut: expect.any(Number),
      error: '',
      client: '127.0.0.1',
    });
  });

  it.each([
    ['/team/weather', 'GET', '/team/weather', 'streamable-http', 405],
    ['/closed/mcp', 'POST', '/closed', 'streamable-http', 401],
    ['/off', 'POST', '/off', 'disabled', 503],
    ['/down/mcp', 'POST', '/down', 'streamable-http', 502],
    ['/old/message', 'POST', '/old', 'message', 404],
    ['/team/weather/mcp', 'OPTIONS', '/team/weather', 'streamable-http', 204],
    ['/team/weather/mcp', 'PUT', '/team/weather', 'streamable-http', 405],
  ])('names the server of %s %s', async (at, method, server, endpoint, status) => {
    const answer = await ask(at, { method });
    expect(await lineOf(answer.headers['x-request-id'])).toMatchObject({
      server,
      endpoint,
      method,
      status,
      path: '',
      error: answer.headers['x-gateway-error'] ?? '',
    });
  });

  it('names the path where there is no server', async () => {
    const unknown = await ask('/nobody/mcp?x=1');
    expect(await lineOf(unknown.headers['x-request-id'])).toMatchObject({
      server: '',
      endpoint: 'unknown',
      path: '/nobody/mcp',
      status: 404,
    });
    const own = await ask('/api/servers?x=1', { method: 'GET' });
    expect(await lineOf(own.headers['x-request-id'])).toMatchObject({
      server: '',
      path: '/api/servers',
      status: own.status,
    });
  });

  it('has a line for a stream when it ends', async () => {
    const stream = await openRawStream(`${gateway.url}/old/sse`);
    await stream.until('\n\n');
    stream.close();
    expect(await lineOf(stream.headers['x-request-id'])).toMatchObject({
      server: '/old',
      endpoint: 'sse',
      method: 'GET',
    });
  });

  it('has a line for what is no request at all, and for the checks of nobody', async () => {
    const answer = await sendBytes(gateway.url, 'NONSENSE "\u0001\\\r\n\r\n');
    expect(await lineOf(answer.headers['x-request-id'])).toMatchObject({ status: 400, server: '' });
    const health = await rawRequest(`${gateway.url}/healthz`);
    const last = await ask('/team/weather/mcp');
    await lineOf(last.headers['x-request-id']);
    expect(lines().map((line) => line.requestId)).not.toContain(health.headers['x-request-id']);
  });
});

describe('what is nobody else’s business', () => {
  it('is in no log of nginx, whatever happens to the request', async () => {
    const secrets: RawRequest = {
      headers: {
        authorization: `Bearer ${CANARY}`,
        cookie: `session=${CANARY}`,
        'mcp-session-id': CANARY,
        'x-api-key': CANARY,
        referer: `http://localhost/?${CANARY}`,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: CANARY, method: 'ping' }),
    };
    const query = `?sessionId=${CANARY}&token=${CANARY}`;
    const answers = await Promise.all([
      ask(`/team/weather/mcp${query}`, secrets),
      ask(`/team/weather/mcp${query}&mode=hang-up`, secrets),
      ask(`/team/weather/mcp${query}&mode=status&code=500`, secrets),
      ask(`/impatient/mcp${query}&mode=slow&ms=1500`, secrets),
      ask(`/old/message${query}`, secrets),
      ask(`/old/nothing${query}`, secrets),
      ask(`/closed/mcp${query}`, secrets),
      ask(`/off${query}`, secrets),
      ask(`/down/mcp${query}`, secrets),
      ask(`/tls/mcp${query}`, secrets),
      ask(`/nobody/mcp${query}`, secrets),
      ask(`/.mcp/unknown${query}`, secrets),
      ask(`/api/servers${query}`, secrets),
      ask(`/team/weather/mcp${query}`, { ...secrets, body: Buffer.alloc(11 << 20, CANARY) }),
      ask(`/team/weather/mcp${query}`, { headers: { host: 'evil.example' } }),
    ]);
    for (const answer of answers) await lineOf(answer.headers['x-request-id']);
    await sendBytes(gateway.url, `GET /x?${CANARY} HTTP/1.1\r\nHost: a/b?${CANARY}\r\n\r\n`);
    await sendBytes(gateway.url, `GET /x?${CANARY} HTTP/9.1\r\n\r\n`);
    const long = CANARY.repeat(4000);
    await sendBytes(gateway.url, `GET /x HTTP/1.1\r\nHost: localhost\r\nCookie: ${long}\r\n\r\n`);
    const last = await ask('/team/weather/mcp');
    await lineOf(last.headers['x-request-id']);

    const files = readdirSync(logs());
    expect(files).toEqual(expect.arrayContaining(['access.log', 'error.log']));
    const leaks = files.flatMap((name) =>
      readFileSync(path.join(logs(), name), 'utf8')
        .split('\n')
        .filter((line) => line.includes(CANARY))
        .map((line) => `${name}: ${line.slice(0, 300)}`),
    );
    expect(leaks).toEqual([]);
  });
});
