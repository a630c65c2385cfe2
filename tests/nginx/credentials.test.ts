import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { eventually } from '../fixtures/eventually.js';
import { expectGatewayError } from '../fixtures/gateway-error.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { rawRequest, type RawRequest } from '../fixtures/raw-http.js';
import { connectV2 } from '../fixtures/sdk-clients.js';
import { endpointShapes, startSseServer, type SseServer } from '../fixtures/sse-server.js';
import { startTlsFront, type TlsFront } from '../fixtures/tls-front.js';
import { grant, startTokenEndpoint, type TokenEndpoint } from '../fixtures/token-endpoint.js';
import { createPrivateCa } from '../upstream/private-ca.js';

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const LIST = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
const ca = createPrivateCa();

let folder: string;
let gateway: TestGateway;
let upstream: EchoServer;
let front: TlsFront;
let tokenEndpoint: TokenEndpoint;
let sse: SseServer;
let gateToken = '';

async function create(at: string, input: object): Promise<Record<string, string>> {
  const answer = await gateway.api(at, { method: 'POST', body: JSON.stringify(input) });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Record<string, string>;
}

beforeAll(async () => {
  upstream = await startEchoServer();
  front = await startTlsFront(Number(new URL(upstream.url).port), ca.signed);
  tokenEndpoint = await startTokenEndpoint();
  sse = await startSseServer(endpointShapes['root-relative']);
  folder = mkdtempSync(path.join(tmpdir(), 'credentials-'));
  // Workers have an account of their own, where nginx starts as root.
  chmodSync(folder, 0o755);
  gateway = await startTestGateway({ environment: { GATE_DIR: path.join(folder, 'gate') } });
  const plain = { url: `${upstream.url}/mcp`, transport: 'streamable-http' };
  const tls = {
    url: `https://localhost:${front.port}/mcp`,
    transport: 'streamable-http',
    tls: { verify: true, caPem: ca.caPem },
  };
  const keys = [
    { name: 'X-Api-Key', value: 'k3y: one' },
    { name: 'X_Tenant', value: 'blue' },
  ];
  const oauth = { type: 'oauth-client-credentials', ...oauthClient() };
  const servers: Record<string, object> = {
    '/none': plain,
    '/bearer': { ...plain, auth: { type: 'bearer', token: 't0ken' } },
    '/over-tls': { ...tls, auth: { type: 'basic', username: 'me', password: 'p4ss' } },
    '/keys': { ...plain, auth: { type: 'headers', headers: keys } },
    '/through': {
      ...plain,
      auth: { type: 'pass-through', from: 'X-Upstream-Authorization', to: 'Authorization' },
    },
    '/same': { ...plain, auth: { type: 'pass-through', from: 'Authorization' } },
    '/renamed': { ...plain, auth: { type: 'pass-through', from: 'Authorization', to: 'X-Key' } },
    '/oauth': { ...plain, auth: oauth },
    '/guarded': {
      ...plain,
      access: 'authenticated',
      auth: { type: 'bearer', token: 'for-guarded' },
    },
    '/stream': {
      url: sse.url,
      transport: 'sse',
      auth: { type: 'bearer', token: 'for-the-stream' },
    },
  };
  for (const [at, input] of Object.entries(servers)) {
    await gateway.register({ name: at, path: at, ...input });
  }
  await create('/api/groups', { name: 'some', servers: ['/guarded'], tools: ['echo'] });
  gateToken = (await create('/api/tokens', { name: 'agent', groups: ['some'] })).token ?? '';
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([upstream, front, tokenEndpoint, sse].map((each) => each.close()));
  rmSync(folder, { recursive: true, force: true });
});

const ask = (at: string, options: RawRequest = {}) =>
  rawRequest(gateway.url, {
    path: at,
    method: 'POST',
    body: PING,
    ...options,
    headers: { 'content-type': 'application/json', ...options.headers },
  });

/** The headers with which the upstream was asked last, of those that are named. */
async function shown(at: string, names: readonly string[], options: RawRequest = {}) {
  const before = upstream.requests.length;
  expect((await ask(at, options)).status).toBe(200);
  const mine = upstream.requests.slice(before).find(({ body }) => body === (options.body ?? PING));
  return names.map((name) => mine?.headers[name]);
}

describe('an upstream is shown', () => {
  const FORGED = { authorization: 'Bearer forged', 'x-api-key': 'forged', x_tenant: 'forged' };

  it.each([
    ['nothing, where it has no credential', '/none', [undefined]],
    ['a bearer token', '/bearer', ['Bearer t0ken']],
    ['a name and a password, over https', '/over-tls', ['Basic bWU6cDRzcw==']],
    ['the token of an OAuth client', '/oauth', ['Bearer token-1']],
  ])('%s', async (_what, at, expected) => {
    for (const address of [`${at}/mcp`, at]) {
      expect(await shown(address, ['authorization'], { headers: FORGED })).toEqual(expected);
    }
  });

  it('headers of any name, and not those of the client in another spelling', async () => {
    const names = ['x-api-key', 'x_api_key', 'x_tenant', 'authorization'];
    const headers = { ...FORGED, x_api_key: 'forged' };
    expect(await shown('/keys/mcp', names, { headers })).toEqual([
      'k3y: one',
      undefined,
      'blue',
      undefined,
    ]);
    // They are nobody else's.
    expect(await shown('/none/mcp', names, { headers: { 'x-api-key': 'own' } })).toEqual([
      'own',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('no token of the gateway, also where it is handed the header that has one', async () => {
    const names = ['authorization', 'x-key'];
    for (const [at, sent] of [
      ['/same', gateToken],
      ['/renamed', gateToken],
      ['/same', `${gateToken}x`],
    ] as const) {
      const headers = { authorization: `Bearer ${sent}` };
      const isOurs = sent === gateToken;
      expect(await shown(`${at}/mcp`, names, { headers })).toEqual([
        isOurs ? undefined : headers.authorization,
        undefined,
      ]);
    }
  });

  it('what the client sends for it, under the name that it wants', async () => {
    const names = ['authorization', 'x-upstream-authorization'];
    const headers = { 'x-upstream-authorization': 'Bearer mine', authorization: 'Bearer gate' };
    expect(await shown('/through/mcp', names, { headers })).toEqual(['Bearer mine', undefined]);
    expect(await shown('/through/mcp', names)).toEqual([undefined, undefined]);
    expect(await shown('/same/mcp', names, { headers })).toEqual(['Bearer gate', 'Bearer mine']);
  });

  it('its credential in calls that the gate has let in, and never the token of the gate', async () => {
    const headers = { authorization: `Bearer ${gateToken}` };
    for (const body of [PING, LIST]) {
      expect(await shown('/guarded/mcp', ['authorization'], { headers, body })).toEqual([
        'Bearer for-guarded',
      ]);
    }
    expect((await ask('/guarded/mcp')).status).toBe(401);
  });

  it('its credential in streams and messages of HTTP+SSE', async () => {
    const before = sse.requests.length;
    const client = await connectV2({ url: `${gateway.url}/stream/sse`, transport: 'sse' });
    try {
      expect((await client.call('echo', { text: 'x' })).text).toBe('x');
    } finally {
      await client.close();
    }
    const mine = sse.requests.slice(before);
    expect(mine.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['GET', 'POST', 'POST']),
    );
    for (const { headers } of mine) expect(headers.authorization).toBe('Bearer for-the-stream');
  });
});

describe('a credential', () => {
  const patch = (at: string, auth: object) =>
    gateway.api(`/api/servers${at}`, { method: 'PATCH', body: JSON.stringify({ auth }) });

  it('that is changed or renewed counts from the next call on, without a reload', async () => {
    const { reloads } = gateway.registry.gateway.status();
    const changed = await patch('/bearer', { type: 'bearer', token: 'n3w' });
    expect(await changed.json()).toMatchObject({ gateway: { state: 'unchanged' } });
    expect(await shown('/bearer/mcp', ['authorization'])).toEqual(['Bearer n3w']);
    tokenEndpoint.answer = () => grant('renewed', 3600);
    await patch('/oauth', { type: 'oauth-client-credentials', scope: 'mcp', ...oauthClient() });
    // A token for what is asked for now has to be fetched first.
    await eventually(
      async () => (await ask('/oauth/mcp')).status,
      (status) => status === 200,
    );
    expect(await shown('/oauth/mcp', ['authorization'])).toEqual(['Bearer renewed']);
    expect(gateway.registry.gateway.status().reloads).toBe(reloads);
  });

  it('that is not to be had lets no call through without it, and says so', async () => {
    tokenEndpoint.answer = () => ({ status: 500 });
    await gateway.register({
      name: 'Locked',
      path: '/locked',
      url: `${upstream.url}/mcp`,
      transport: 'streamable-http',
      auth: { type: 'oauth-client-credentials', ...oauthClient(), scope: 'other' },
    });
    const before = upstream.requests.length;
    for (const at of ['/locked/mcp', '/locked']) {
      const message = expectGatewayError(await ask(at), 502, 'no-credential');
      expect(message).toContain('/locked');
    }
    expect(upstream.requests.length).toBe(before);
  });

  it('is for nginx and the registry to read alone', () => {
    const files = readdirSync(path.join(folder, 'gate', 'upstream'));
    expect(files.length).toBeGreaterThan(4);
    for (const name of files) {
      const { mode } = statSync(path.join(folder, 'gate', 'upstream', name));
      expect(mode & 0o007).toBe(0);
    }
  });
});

function oauthClient() {
  return { tokenUrl: tokenEndpoint.url, clientId: 'gw', clientSecret: 's' };
}
