import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { expectGatewayError } from '../fixtures/gateway-error.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { startJwksIssuer, type JwksIssuer } from '../fixtures/jwks-issuer.js';
import {
  openRawStream,
  rawRequest,
  type RawRequest,
  type RawStream,
} from '../fixtures/raw-http.js';
import { startSseServer, type SseServer } from '../fixtures/sse-server.js';
import { startTlsFront, type TlsFront } from '../fixtures/tls-front.js';
import { tokenOfNewUser } from '../fixtures/user-token.js';
import { createPrivateCa } from '../upstream/private-ca.js';

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const call = (name: string) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } });

/** So few calls a minute that the time which a test takes brings back none; what counts is the burst. */
const limit = (burst: number) => ({ callsPerMinute: 1, burst });
/** A call a minute is a little less to nginx. */
const AFTER_A_MINUTE = '63';

let gateway: TestGateway;
let upstream: EchoServer;
let issuer: JwksIssuer;
let sse: SseServer;
let front: TlsFront;
const tokens: Record<string, string> = {};

/** Servers that are made for one test each, so that nothing was counted before. */
let made = 0;
let before = 0;
async function serverWith(fields: object): Promise<string> {
  made += 1;
  const at = `/limited-${made}`;
  const url = `${upstream.url}/mcp`;
  const transport = 'streamable-http';
  const access = 'authenticated';
  await gateway.register({ name: at, path: at, url, transport, access, ...fields });
  before = upstream.requests.length;
  return at;
}

beforeAll(async () => {
  [upstream, issuer, sse] = await Promise.all([
    startEchoServer(),
    startJwksIssuer(),
    startSseServer(),
  ]);
  front = await startTlsFront(Number(new URL(upstream.url).port), createPrivateCa().signed);
  gateway = await startTestGateway({
    environment: {
      MAX_STREAMS_PER_PRINCIPAL: '2',
      UNAUTHENTICATED_PER_MINUTE: '6',
      OIDC_ISSUER: issuer.url,
      TRUSTED_PROXIES: '127.0.0.11',
    },
  });
  const groups = [
    { name: 'all', servers: ['/*'], tools: ['*'] },
    { name: 'some', servers: ['/*'], tools: ['echo', 'other'] },
  ];
  for (const group of groups) {
    await gateway.api('/api/groups', { method: 'POST', body: JSON.stringify(group) });
  }
  for (const username of ['ann', 'bea', 'cyd']) {
    tokens[username] = await tokenOfNewUser(gateway, username, ['all']);
  }
  tokens.few = await tokenOfNewUser(gateway, 'few', ['some']);
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([upstream, issuer, sse, front].map((each) => each.close()));
});

/** Requests of callers since the test began and its server was made. */
beforeEach(() => {
  before = upstream.requests.length;
});
const asked = () => upstream.requests.length - before;

const withToken = (token: string | undefined, options: RawRequest = {}): RawRequest => ({
  method: 'POST',
  body: options.method === undefined || options.method === 'POST' ? PING : '',
  ...options,
  headers: {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${tokens[token] ?? token}` }),
    ...options.headers,
  },
});

const ask = (at: string, token?: string, options: RawRequest = {}) =>
  rawRequest(`${gateway.url}${at}`, withToken(token, options));

const patch = async (at: string, fields: object) => {
  const answer = await gateway.api(`/api/servers${at}`, {
    method: 'PATCH',
    body: JSON.stringify(fields),
  });
  expect(answer.status).toBe(200);
  await eventually(
    () => gateway.registry.gateway.status().state,
    (state) => state === 'applied',
  );
};

describe('a limit of a server', () => {
  it('is one for each principal, at every address of the server', async () => {
    const at = await serverWith({ limits: limit(3) });
    expect((await ask(`${at}/mcp`, 'ann')).status).toBe(200);
    expect((await ask(at, 'ann')).status).toBe(200);
    expect((await ask(`${at}/`, 'ann', { method: 'GET' })).status).toBe(405);
    const refused = await ask(`${at}/mcp`, 'ann');
    expect(expectGatewayError(refused, 429, 'too-many-requests')).toContain(AFTER_A_MINUTE);
    expect(refused.headers['retry-after']).toBe(AFTER_A_MINUTE);
    expect((await ask(at, 'ann')).status).toBe(429);
    expect(asked()).toBe(3);
    expect((await ask(`${at}/mcp`, 'bea')).status).toBe(200);
  });

  it('is nothing to another server that is limited alike', async () => {
    const [one, two] = await Promise.all(
      [1, 1].map((burst) => serverWith({ limits: limit(burst) })),
    );
    expect((await ask(`${one}/mcp`, 'ann')).status).toBe(200);
    expect((await ask(`${one}/mcp`, 'ann')).status).toBe(429);
    expect((await ask(`${two}/mcp`, 'ann')).status).toBe(200);
  });

  it('is one for each server also where servers share a location', async () => {
    const url = `https://localhost:${front.port}/mcp`;
    const fields = { url, tls: { verify: false }, limits: limit(1) };
    const [one, two, free] = await Promise.all(
      [fields, fields, { ...fields, limits: {} }].map(serverWith),
    );
    expect((await ask(`${one}/mcp`, 'ann')).status).toBe(200);
    expect((await ask(`${one}/mcp`, 'ann')).headers['retry-after']).toBe(AFTER_A_MINUTE);
    expect((await ask(`${two}/mcp`, 'ann')).status).toBe(200);
    for (let i = 0; i < 5; i++) expect((await ask(`${free}/mcp`, 'ann')).status).toBe(200);
  });

  it('is one for each address on a public server, whatever token comes along', async () => {
    const at = await serverWith({ access: 'public', limits: limit(2) });
    for (const token of ['ann', 'bea', 'cyd']) await ask(`${at}/mcp`, token, { from: '127.0.0.2' });
    expect((await ask(`${at}/mcp`, 'few', { from: '127.0.0.2' })).status).toBe(429);
    expect((await ask(`${at}/mcp`, undefined, { from: '127.0.0.3' })).status).toBe(200);
    expect(asked()).toBe(3);
  });

  it('answers a page of another origin so that it can read why', async () => {
    const at = await serverWith({ limits: limit(1) });
    const headers = { origin: 'http://localhost:6274' };
    await ask(`${at}/mcp`, 'ann', { headers });
    const refused = await ask(`${at}/mcp`, 'ann', { headers });
    expectGatewayError(refused, 429, 'too-many-requests');
    expect(refused.headers['access-control-allow-origin']).toBe(headers.origin);
    expect(refused.headers['access-control-expose-headers']).toContain('Retry-After');
    const preflight = await ask(`${at}/mcp`, undefined, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
  });

  it('can be looked at before it is made', async () => {
    const limits = { callsPerMinute: 60, burst: 5 };
    const preview = await gateway.api('/api/gateway/preview', {
      method: 'POST',
      body: JSON.stringify({ name: 'New', path: '/new', url: upstream.url, enabled: true, limits }),
    });
    const { files } = (await preview.json()) as { files: { path: string; text: string }[] };
    const text = files.map((file) => file.text).join();
    expect(text).toContain('limit_req zone=calls_60 burst=4 nodelay;');
    expect(text).toContain('zone=calls_60:4m rate=60r/m;');
  });

  it('stands in the access log with the principal', async () => {
    const at = await serverWith({ limits: limit(1) });
    await ask(`${at}/mcp`, 'ann');
    const { headers } = await ask(`${at}/mcp`, 'ann');
    const log = path.join(gateway.dataDir, 'nginx', 'logs', 'access.log');
    const text = await eventually(
      () => readFileSync(log, 'utf8'),
      (lines) => lines.includes(`"${String(headers['x-request-id'])}"`),
    );
    const line = text.split('\n').find((each) => each.includes(String(headers['x-request-id'])));
    expect(JSON.parse(line ?? '')).toMatchObject({ status: 429, principal: 'ann', server: at });
  });

  it('goes on through a reload, is another when it changes, and none when it is taken away', async () => {
    const at = await serverWith({ limits: limit(1) });
    await ask(`${at}/mcp`, 'ann');
    expect((await ask(`${at}/mcp`, 'ann')).status).toBe(429);
    const { reloads } = gateway.registry.gateway.status();
    await serverWith({});
    expect(gateway.registry.gateway.status().reloads).toBeGreaterThan(reloads);
    expect((await ask(`${at}/mcp`, 'ann')).status).toBe(429);
    await patch(at, { limits: { callsPerMinute: 2, burst: 2 } });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await ask(`${at}/mcp`, 'ann')).status);
    expect(statuses).toEqual([200, 200, 429]);
    await patch(at, { limits: {} });
    for (let i = 0; i < 5; i++) expect((await ask(`${at}/mcp`, 'ann')).status).toBe(200);
  });

  it('counts callers who may use only some of the tools', async () => {
    const at = await serverWith({ limits: limit(2) });
    const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect((await ask(`${at}/mcp`, 'few', { body: list })).status).toBe(200);
    expect((await ask(`${at}/mcp`, 'few', { body: call('echo') })).status).toBe(200);
    expect((await ask(`${at}/mcp`, 'few', { body: call('echo') })).status).toBe(429);
    expect((await ask(`${at}/mcp`, 'few', { body: list })).status).toBe(429);
  });
});

describe('a limit of a tool', () => {
  const tools = (burst: number) => ({ limits: { tools: [{ name: 'echo', ...limit(burst) }] } });
  const modern = (name: string) => ({
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': name,
  });

  it.each([
    ['authenticated', 'ann'],
    ['authenticated', 'few'],
    ['public', undefined],
  ])('of a server that is %s counts its calls alone, in every era (%s)', async (access, token) => {
    const at = await serverWith({ access, ...tools(3) });
    const of = (body: string, headers = {}) => ask(`${at}/mcp`, token, { body, headers });
    expect((await of(call('echo'))).status).toBe(200);
    expect((await of(call('echo'), { 'mcp-protocol-version': '2025-11-25' })).status).toBe(200);
    expect((await of(call('echo'), modern('echo'))).status).toBe(200);
    for (const headers of [{}, { 'mcp-protocol-version': '2025-11-25' }, modern('echo')]) {
      const refused = await of(call('echo'), headers);
      expectGatewayError(refused, 429, 'too-many-requests');
      expect(refused.headers['retry-after']).toBe(AFTER_A_MINUTE);
    }
    expect((await ask(at, token, { body: call('echo') })).status).toBe(429);
    expect((await of(call('other'))).status).toBe(200);
    expect((await of(call('other'), modern('other'))).status).toBe(200);
    expect((await of(PING)).status).toBe(200);
    expect((await ask(`${at}/mcp`, token, { method: 'GET' })).status).toBe(405);
  });

  /** Nothing of what comes to these is counted. */
  let around: string[];
  beforeAll(async () => {
    const modes = ['authenticated', 'public'];
    around = await Promise.all(modes.map((access) => serverWith({ access, ...tools(1) })));
  });

  it.each([
    ['a version of old', { 'mcp-protocol-version': '2025-11-25' }],
    ['no version', {}],
    ['a version that compares the two', { 'mcp-protocol-version': '2026-07-28' }],
  ])('is not got around by a header that lies, with %s', async (_version, version) => {
    for (const at of around) {
      for (let i = 0; i < 3; i++) {
        const headers = { ...version, 'mcp-method': 'tools/call', 'mcp-name': 'other' };
        const lie = await ask(`${at}/mcp`, 'ann', { body: call('echo'), headers });
        expect([lie.status, lie.headers['x-gateway-error']]).toEqual([400, 'message-refused']);
      }
    }
    expect(asked()).toBe(0);
  });

  it.each([
    ['a batch', `[${call('echo')}]`, {}, 400],
    [
      'a member that occurs twice',
      call('echo').replace('"name"', '"name":"other","name"'),
      {},
      400,
    ],
    ['another spelling', call('other').replace('"name"', '"Name":"echo","name"'), {}, 400],
    ['a compressed body', gzipSync(call('echo')), { 'content-encoding': 'gzip' }, 415],
    ['another encoding', call('echo'), { 'content-type': 'application/json; charset=utf-16' }, 415],
    ['a body that is too large', call('echo').padEnd((1 << 20) + 1), {}, 413],
  ])('is not got around by %s', async (_what, body, headers, status) => {
    for (const at of around) {
      expect((await ask(`${at}/mcp`, 'ann', { body, headers })).status).toBe(status);
    }
    expect(asked()).toBe(0);
  });

  it('counts a name however it is written, and no other', async () => {
    const at = await serverWith({
      limits: {
        tools: [
          { name: 'Échange "$1"; {x}', ...limit(1) },
          { name: 'echo', ...limit(1) },
          { name: 'ECHO', ...limit(2) },
        ],
      },
    });
    const of = async (body: string) => (await ask(`${at}/mcp`, 'ann', { body })).status;
    expect([await of(call('echo')), await of(call('\u0065cho'))]).toEqual([200, 429]);
    expect(await of(call('echo').replace('"echo"', '"\\u0065cho"'))).toBe(429);
    expect([await of(call('ECHO')), await of(call('ECHO')), await of(call('ECHO'))]).toEqual([
      200, 200, 429,
    ]);
    for (let i = 0; i < 3; i++) expect(await of(call('Echo'))).toBe(200);
    expect([await of(call('Échange "$1"; {x}')), await of(call('Échange "$1"; {x}'))]).toEqual([
      200, 429,
    ]);
  });

  it('counts beside the limit of the server', async () => {
    const at = await serverWith({
      limits: { callsPerMinute: 60, burst: 4, tools: [{ name: 'echo', ...limit(2) }] },
    });
    const of = (body: string) => ask(`${at}/mcp`, 'ann', { body });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await of(call('echo'))).status);
    expect(statuses).toEqual([200, 200, 429]);
    const others = await Promise.all(Array.from({ length: 30 }, () => of(PING)));
    expect(others.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(others.find(({ status }) => status === 429)?.headers['retry-after']).toBe('1');
  });

  it('counts the messages of HTTP+SSE', async () => {
    await gateway.register({
      name: 'old',
      path: '/old',
      url: sse.url,
      transport: 'sse',
      ...tools(1),
    });
    const stream = await openRawStream(`${gateway.url}/old/sse`);
    const opened = await stream.until('\n\n');
    const endpoint = /data: (\S+)/.exec(opened)?.[1] ?? '';
    expect((await ask(endpoint, undefined, { body: call('echo') })).status).toBe(202);
    const refused = await ask(endpoint, undefined, { body: call('echo') });
    expectGatewayError(refused, 429, 'too-many-requests');
    expect((await ask(endpoint, undefined, { body: PING })).status).toBe(202);
    stream.close();
  });
});

describe('the limit of open streams', () => {
  /** A stream that says something once and then stays open. */
  const SILENT = 'mcp?mode=silent';
  const open = (at: string, token?: string, options: RawRequest = { method: 'GET' }) =>
    openRawStream(`${gateway.url}${at}`, withToken(token, options));
  /** Streams of HTTP+SSE and subscriptions among them. */
  const LISTEN = {
    method: 'POST',
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': ' subscriptions/listen\t' },
  };
  const body = async (stream: RawStream) => {
    await stream.ended;
    return { ...stream, body: stream.received() };
  };
  const opened: RawStream[] = [];

  it('is one for all servers together, and counts nothing else', async () => {
    const [one, two, plain] = await Promise.all([
      serverWith({}),
      serverWith({ url: sse.url, transport: 'sse' }),
      serverWith({}),
    ]);
    opened.push(await open(`${two}/sse`, 'cyd'), await open(`${one}/${SILENT}`, 'cyd'));
    expect(opened.map(({ status }) => status)).toEqual([200, 200]);
    for (const options of [{ method: 'GET' }, LISTEN]) {
      const refused = await body(await open(`${one}/${SILENT}`, 'cyd', options));
      expect(expectGatewayError(refused, 429, 'too-many-streams')).toContain('streams open');
      expect(refused.headers['retry-after']).toBe('5');
    }
    for (let i = 0; i < 5; i++) expect((await ask(`${plain}/mcp`, 'cyd')).status).toBe(200);
    const other = await open(`${one}/${SILENT}`, 'bea');
    expect(other.status).toBe(200);
    other.close();

    // Those that were opened go on, and each that is closed makes room for one.
    opened.shift()?.close();
    const next = await eventually(
      () => open(`${one}/${SILENT}`, 'cyd', LISTEN),
      ({ status }) => status === 200,
    );
    expect((await open(`${one}/${SILENT}`, 'cyd')).status).toBe(429);
    expect(opened[0]?.received()).toContain('once');
    for (const stream of [...opened, next]) stream.close();
  });

  it('counts client addresses on public servers', async () => {
    const at = await serverWith({ access: 'public' });
    const from = '127.0.0.4';
    const streams = [
      await open(`${at}/${SILENT}`, undefined, { method: 'GET', from }),
      await open(`${at}/${SILENT}`, undefined, { ...LISTEN, from }),
    ];
    expect(streams.map(({ status }) => status)).toEqual([200, 200]);
    expect((await open(`${at}/${SILENT}`, undefined, { method: 'GET', from })).status).toBe(429);
    const elsewhere = await open(`${at}/${SILENT}`, undefined, {
      method: 'GET',
      from: '127.0.0.5',
    });
    expect(elsewhere.status).toBe(200);
    for (const stream of [...streams, elsewhere]) stream.close();
  });
});

describe('requests without a token that is known', () => {
  const bad = (i: number) => `header.payload${i}.signature`;
  let at: string;
  let open: string;
  beforeAll(async () => {
    [at, open] = await Promise.all([serverWith({}), serverWith({ access: 'public' })]);
  });

  it.each([
    ['no token', '127.0.0.6', () => undefined],
    ['unknown tokens', '127.0.0.7', (i: number) => `mcpgw_${i}`],
    ['tokens that the registry has to verify', '127.0.0.8', bad],
  ])('are limited by client address: %s', async (_what, from, token) => {
    const statuses: number[] = [];
    for (let i = 0; i < 8; i++) {
      statuses.push((await ask(`${at}/mcp`, token(i), { from })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
    const refused = await ask(`${at}/mcp`, token(9), { from });
    expectGatewayError(refused, 429, 'too-many-requests');
    expect(refused.headers['retry-after']).toBe('10');
    // Who is known is not concerned, and neither is who need not be, nor anybody elsewhere.
    expect((await ask(`${at}/mcp`, 'ann', { from })).status).toBe(200);
    expect((await ask(`${open}/mcp`, undefined, { from })).status).toBe(200);
    expect((await ask(`${at}/mcp`, token(10), { from: '127.0.0.9' })).status).toBe(401);
  });

  it('are told apart behind a proxy that is trusted', async () => {
    const via = (client: string) =>
      ask(`${at}/mcp`, undefined, {
        from: '127.0.0.11',
        headers: { 'x-forwarded-for': client },
      });
    for (let i = 0; i < 6; i++) expect((await via('192.0.2.1')).status).toBe(401);
    expect((await via('192.0.2.1')).status).toBe(429);
    expect((await via('192.0.2.2')).status).toBe(401);
  });

  it('are held against the limit of the server once their token is verified', async () => {
    const limited = await serverWith({ limits: limit(2) });
    const fresh = (jti: string, sub = 'agent') =>
      issuer.sign({
        sub,
        jti,
        aud: `${gateway.url}${limited}/mcp`,
        exp: Math.floor(Date.now() / 1000) + 300,
        groups: ['all'],
      });
    const from = '127.0.0.10';
    // More than the upstream of this test reads as a message.
    const body = call('x'.repeat(100_000));
    expect((await ask(`${limited}/mcp?a=b`, await fresh('1'), { body, from })).status).toBe(202);
    expect(upstream.requests.at(-1)).toMatchObject({ url: '/mcp?a=b', bodyBytes: body.length });
    expect((await ask(`${limited}/mcp`, await fresh('2'), { from })).status).toBe(200);
    const refused = await ask(`${limited}/mcp`, await fresh('3'), { from });
    expectGatewayError(refused, 429, 'too-many-requests');
    expect(refused.headers['retry-after']).toBe(AFTER_A_MINUTE);
    expect((await ask(`${limited}/mcp`, await fresh('4', 'another'), { from })).status).toBe(200);
  });
});
