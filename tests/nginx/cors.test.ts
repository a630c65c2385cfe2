import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { expectGatewayError } from '../fixtures/gateway-error.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { rawRequest, type RawResponse } from '../fixtures/raw-http.js';

const INSPECTOR = 'http://localhost:6274';
const LISTED = 'https://inspector.example.test';
const ALLOWED = [INSPECTOR, 'http://127.0.0.1:5173', 'http://[::1]:8000', LISTED];
const FOREIGN = [
  'https://evil.example',
  'null',
  'http://localhost.evil.example',
  'http://evil.example/localhost',
  'http://localhost@evil.example',
  'https://inspector.example.test.evil.example',
  'https://inspector.example.test:444',
  'file://',
  'chrome-extension://abcdef',
];
const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

let gateway: TestGateway;
let upstream: EchoServer;

const ask = (path: string, method: string, headers: Record<string, string>) =>
  rawRequest(gateway.url, { path, method, headers, ...(method === 'POST' && { body: PING }) });

const allowedOrigins = (answer: RawResponse) =>
  answer.rawHeaders.filter(
    (_, at, all) => at % 2 === 1 && all[at - 1]?.toLowerCase() === 'access-control-allow-origin',
  );

beforeAll(async () => {
  upstream = await startEchoServer();
  gateway = await startTestGateway({ environment: { ALLOWED_ORIGINS: LISTED } });
  const url = `${upstream.url}/cors-of-its-own/mcp`;
  await Promise.all([
    gateway.register({ name: 'open', path: '/open', url, transport: 'streamable-http' }),
    gateway.register({ name: 'closed', path: '/closed', url, access: 'authenticated' }),
    gateway.register({ name: 'off', path: '/off', url, enabled: false }),
  ]);
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

describe('a preflight', () => {
  const headers = (origin: string, requested?: string) => ({
    origin,
    'access-control-request-method': 'POST',
    ...(requested !== undefined && { 'access-control-request-headers': requested }),
  });

  it.each(['/open/mcp', '/open', '/closed/mcp', '/closed/sse', '/off/mcp', '/unknown/mcp'])(
    'of an allowed origin is answered at %s, before anybody is asked who they are',
    async (path) => {
      for (const origin of ALLOWED) {
        const before = upstream.requests.length;
        const answer = await ask(path, 'OPTIONS', headers(origin));
        expect(answer.status).toBe(204);
        expect(allowedOrigins(answer)).toEqual([origin]);
        expect(answer.headers).toMatchObject({
          'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
          vary: 'Origin',
        });
        expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
        expect(upstream.requests).toHaveLength(before);
      }
    },
  );

  it('allows whichever headers are asked for: Mcp-Param names are open-ended', async () => {
    const requested = 'authorization,content-type,mcp-method,mcp-param-my_id,mcp-protocol-version';
    const answer = await ask('/open/mcp', 'OPTIONS', headers(INSPECTOR, requested));
    expect(answer.headers['access-control-allow-headers']).toBe(requested);
  });

  it('without a list of headers names the usual ones', async () => {
    const answer = await ask('/open/mcp', 'OPTIONS', headers(INSPECTOR));
    const names = String(answer.headers['access-control-allow-headers']).toLowerCase();
    for (const name of ['authorization', 'mcp-session-id', 'last-event-id', 'mcp-name']) {
      expect(names).toContain(name);
    }
  });

  it.each(FOREIGN)('of the origin %s is refused', async (origin) => {
    for (const path of ['/open/mcp', '/closed/mcp', '/unknown/mcp']) {
      const answer = await ask(path, 'OPTIONS', headers(origin));
      expectGatewayError(answer, 403, 'origin-refused');
      expect(allowedOrigins(answer)).toEqual([]);
    }
  });
});

describe('a call of a browser', () => {
  it.each([
    ['/open/mcp', 'POST', 200],
    ['/open/mcp', 'GET', 405],
    ['/open/mcp?mode=status&code=404', 'POST', 404],
    ['/open/mcp?mode=hang-up', 'POST', 502],
    ['/open/mcp', 'PUT', 405],
    ['/closed/mcp', 'POST', 401],
    ['/off/mcp', 'POST', 503],
    ['/unknown/mcp', 'POST', 404],
  ])('can read the answer to %s %s: %i', async (path, method, status) => {
    const answer = await ask(path, method, { origin: INSPECTOR });
    expect(answer.status).toBe(status);
    expect(allowedOrigins(answer)).toEqual([INSPECTOR]);
    const exposed = String(answer.headers['access-control-expose-headers']).split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining(['Mcp-Session-Id', 'MCP-Protocol-Version', 'WWW-Authenticate']),
    );
    expect(answer.headers.vary).toBe('Origin');
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it.each(FOREIGN)('from the origin %s is refused and reaches nobody', async (origin) => {
    const before = upstream.requests.length;
    for (const method of ['POST', 'GET', 'DELETE']) {
      const answer = await ask('/open/mcp', method, { origin });
      expect(expectGatewayError(answer, 403, 'origin-refused')).toContain('ALLOWED_ORIGINS');
      expect(allowedOrigins(answer)).toEqual([]);
    }
    expect(upstream.requests).toHaveLength(before);
  });

  it('without an Origin is none of our business', async () => {
    const answer = await ask('/open/mcp', 'POST', {});
    expect(answer.status).toBe(200);
    expect(allowedOrigins(answer)).toEqual([]);
  });

  it('can read the metadata of a server that needs a token', async () => {
    const path = '/.well-known/oauth-protected-resource/closed/mcp';
    const preflight = await ask(path, 'OPTIONS', {
      origin: INSPECTOR,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'mcp-protocol-version',
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-headers']).toContain('mcp-protocol-version');
    expect(allowedOrigins(preflight)).toEqual([INSPECTOR]);
    const answer = await ask(path, 'GET', { origin: INSPECTOR });
    expect(answer.status).toBe(200);
    expect(allowedOrigins(answer)).toEqual([INSPECTOR]);
  });
});
