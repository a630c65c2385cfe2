import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { expectGatewayError, expectGatewayProblem, REQUEST_ID } from '../fixtures/gateway-error.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { freePort } from '../fixtures/free-port.js';
import { rawRequest, type RawRequest, type RawResponse } from '../fixtures/raw-http.js';
import { sendBytes } from '../fixtures/raw-socket.js';

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

let gateway: TestGateway;
let upstream: EchoServer;

/** A request as it is written, without the tidying of a URL parser, and without following redirects. */
function ask(path: string, options: RawRequest = {}): Promise<RawResponse> {
  const body = options.method === 'POST' ? PING : undefined;
  return rawRequest(gateway.url, {
    path,
    headers: JSON_HEADERS,
    ...(body !== undefined && { body }),
    ...options,
  });
}

/** What the upstream was asked since `before`. */
const seenSince = (before: number) =>
  upstream.requests.slice(before).map(({ method, url }) => `${method} ${url}`);

beforeAll(async () => {
  upstream = await startEchoServer();
  // A policy that came later: the API takes no such address.
  const forbidden = { name: '/forbidden', path: '/forbidden', url: 'http://169.254.169.254/mcp' };
  gateway = await startTestGateway({ stored: [forbidden] });
  const streamable = (path: string, more: object = {}) => ({
    name: path,
    path,
    url: `${upstream.url}/up${path}/endpoint`,
    transport: 'streamable-http',
    ...more,
  });
  await Promise.all(
    [
      ...['/a', '/team', '/team/a', '/mcp', '/sse', '/mc', '/x/y/z', '/a-b_c', '/ap'].map((path) =>
        streamable(path),
      ),
      streamable('/off', { enabled: false }),
      streamable('/closed', { access: 'authenticated' }),
      streamable('/team/closed', { access: 'authenticated' }),
      streamable('/small', { maxBodyBytes: 2048 }),
      streamable('/impatient', { url: `${upstream.url}/slow/mcp`, timeoutSeconds: 1 }),
      streamable('/down', { url: `http://127.0.0.1:${await freePort()}/mcp` }),
      streamable('/nowhere', { url: 'http://no-such-host.invalid/mcp' }),
      streamable('/query', { url: `${upstream.url}/q/mcp?tenant=a%20b&x=1+2` }),
      streamable('/top', { url: `${upstream.url}/` }),
    ].map((server) => gateway.register(server)),
  );
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

describe('the addresses of a server', () => {
  const servers = ['/a', '/team', '/team/a', '/mcp', '/sse', '/mc', '/x/y/z', '/a-b_c', '/ap'];
  const addresses = servers.flatMap((path) =>
    ['', '/', '/mcp', '/mcp/'].map((suffix) => ({ path, at: `${path}${suffix}` })),
  );
  const table = addresses.flatMap((row) => [
    { ...row, method: 'GET', status: 405 },
    { ...row, method: 'POST', status: 200 },
    { ...row, method: 'DELETE', status: 405 },
  ]);

  // The upstream answers 405 to GET and DELETE, as servers without streams and sessions do.
  it.each(table)(
    '$method $at is answered by the upstream of $path, directly',
    async ({ path, at, method, status }) => {
      const before = upstream.requests.length;
      const answer = await ask(at, { method });
      expect(answer.status).toBe(status);
      expect(answer.headers.location).toBeUndefined();
      expect(answer.headers['x-gateway-error']).toBeUndefined();
      expect(answer.headers['x-request-id']).toMatch(REQUEST_ID);
      expect(seenSince(before)).toEqual([`${method} /up${path}/endpoint`]);
    },
  );

  it.each(addresses)('OPTIONS $at is answered by the gateway', async ({ at }) => {
    const before = upstream.requests.length;
    const answer = await ask(at, { method: 'OPTIONS' });
    expect(answer.status).toBe(204);
    expect(answer.headers['x-request-id']).toMatch(REQUEST_ID);
    expect(seenSince(before)).toEqual([]);
  });

  it.each(['PUT', 'PATCH', 'TRACE', 'PROPFIND', 'UNHEARDOF'])(
    'refuse %s and say what they take',
    async (method) => {
      for (const at of ['/a', '/a/', '/a/mcp', '/a/mcp/']) {
        const answer = await sendBytes(
          gateway.url,
          `${method} ${at} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
        );
        expect(answer.headers.allow).toBe('GET, POST, DELETE, OPTIONS');
        const message = expectGatewayError(answer, 405, 'method-not-allowed');
        expect(message).toContain('GET, POST, DELETE, OPTIONS');
      }
    },
  );

  it('refuse HEAD, without a body', async () => {
    const answer = await ask('/a/mcp', { method: 'HEAD' });
    expect([answer.status, answer.body]).toEqual([405, '']);
    expect(answer.headers.allow).toBe('GET, POST, DELETE, OPTIONS');
    expect(answer.headers['x-gateway-error']).toBe('method-not-allowed');
  });

  it.each([
    '/a/x',
    '/ab',
    '/ab/mcp',
    '/A/mcp',
    '/A',
    '/a/MCP',
    '/a/mcp/x',
    '/a/mcp/mcp',
    '/a/mcpx',
    '/a/sse',
    '/ax/mcp',
    '/team/b',
    '/team/a/b',
    '/x/y',
    '/x/y/z/w',
    '/off2',
    '/unknown/mcp',
    '/a%2fmcp%2fx',
    '/a%01/mcp',
    '/a/mcp;x=1',
    '/a%0d%0ax/mcp',
  ])('do not include %s', async (at) => {
    const before = upstream.requests.length;
    for (const method of ['GET', 'POST', 'DELETE', 'PUT']) {
      expectGatewayError(await ask(at, { method }), 404, 'server-not-found');
    }
    expect(seenSince(before)).toEqual([]);
  });

  it('include other spellings of the same characters (RFC 3986, 6.2.2), in place and without a redirect', async () => {
    for (const at of ['/%61/mcp', '//a//mcp', '/a/./mcp', '/b/../a/mcp', '/a/mcp?', '/a%2Fmcp']) {
      const before = upstream.requests.length;
      expect((await ask(at, { method: 'POST' })).status).toBe(200);
      expect(seenSince(before)).toEqual(['POST /up/a/endpoint']);
    }
  });

  it("never capture the registry's own addresses", async () => {
    const before = upstream.requests.length;
    for (const at of ['/api/servers', '/health', '/docs', '/a/../api/servers', '/ui', '/api']) {
      const answer = await ask(at);
      expect(answer.headers['x-gateway-error']).toBeUndefined();
      expect(answer.headers['x-request-id']).toMatch(REQUEST_ID);
    }
    for (const at of ['/api', '/a/../api', '/ap/../api', '/.well-known/oauth-protected-resource']) {
      const answer = await ask(at, { method: 'POST' });
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    }
    expect(seenSince(before)).toEqual([]);
  });

  it('are not reachable by the names that nginx uses inside', async () => {
    const site = gateway.registry.gateway
      .liveFiles()
      .find(({ path }) => path === 'generated/site.conf');
    const inside = [...(site?.text ?? '').matchAll(/location (?:= )?(\/\.mcp\/\S+) \{/g)];
    expect(inside.length).toBeGreaterThanOrEqual(2);
    const before = upstream.requests.length;
    const names = inside.map(([, name]) => name ?? '');
    for (const at of [...names, '/.mcp/preflight', '/.mcp/challenge', '/.mcp/error', '/.mcp/']) {
      for (const method of ['GET', 'POST']) {
        expectGatewayError(await ask(at, { method }), 404, 'server-not-found');
      }
    }
    expect(seenSince(before)).toEqual([]);
  });

  it('keep the query as it was written', async () => {
    const query = `a=1&a=2&=&&b=%20+%2B&c=%e4&sessionId='"<>\`^|{}[]\\$x;y,z:@/?!~*()&d`;
    const before = upstream.requests.length;
    await ask(`/a/mcp?${query}`, { method: 'POST' });
    await ask(`/team/a?${query}`, { method: 'GET' });
    expect(seenSince(before)).toEqual([
      `POST /up/a/endpoint?${query}`,
      `GET /up/team/a/endpoint?${query}`,
    ]);
  });

  it("put the query of the caller behind the registered URL's own", async () => {
    const before = upstream.requests.length;
    for (const query of ['', '?', '?y=%20+&y', '?x=3']) {
      await ask(`/query/mcp${query}`, { method: 'POST' });
    }
    expect(seenSince(before)).toEqual([
      'POST /q/mcp?tenant=a%20b&x=1+2',
      'POST /q/mcp?tenant=a%20b&x=1+2',
      'POST /q/mcp?tenant=a%20b&x=1+2&y=%20+&y',
      'POST /q/mcp?tenant=a%20b&x=1+2&x=3',
    ]);
  });

  it('lead to an endpoint at the root of its host', async () => {
    const before = upstream.requests.length;
    expect((await ask('/top/mcp?q', { method: 'POST' })).status).toBe(200);
    expect(seenSince(before)).toEqual(['POST /?q']);
  });
});

describe('a server that cannot be called', () => {
  it('is 503 when it is disabled, for every method but a preflight', async () => {
    for (const at of ['/off', '/off/', '/off/mcp', '/off/sse']) {
      for (const method of ['GET', 'POST', 'DELETE', 'PUT']) {
        const message = expectGatewayError(await ask(at, { method }), 503, 'server-disabled');
        expect(message).toContain('/off');
      }
    }
    expect((await ask('/off', { method: 'HEAD' })).body).toBe('');
    expect((await ask('/off', { method: 'OPTIONS' })).status).toBe(204);
  });

  it.each(['/closed', '/team/closed'])(
    '%s is 401 without a token, and names its metadata (RFC 9728)',
    async (path) => {
      for (const at of ['', '/', '/mcp', '/sse']) {
        const answer = await ask(`${path}${at}`, { method: 'POST' });
        expectGatewayError(answer, 401, 'authentication-required');
        const metadata = `${gateway.url}/.well-known/oauth-protected-resource${path}/mcp`;
        expect(answer.headers['www-authenticate']).toBe(`Bearer resource_metadata="${metadata}"`);
        const document = await fetch(metadata);
        expect(document.status).toBe(200);
        expect(document.headers.get('content-type')).toMatch(/^application\/json/);
        expect(await document.json()).toMatchObject({ resource: `${gateway.url}${path}/mcp` });
      }
    },
  );

  it.each(['/a', '/unknown', '/team/a'])('%s has no metadata: 404 in JSON', async (path) => {
    const answer = await fetch(`${gateway.url}/.well-known/oauth-protected-resource${path}/mcp`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch(/json/);
    expect(await answer.json()).toMatchObject({ status: 404 });
  });

  it.each(['/down', '/nowhere'])('%s is 502 when its upstream is not there', async (path) => {
    const message = expectGatewayError(
      await ask(`${path}/mcp`, { method: 'POST' }),
      502,
      'upstream-unreachable',
    );
    expect(message).toContain(path);
  });

  it('is 503 when the outbound policy forbids its address', async () => {
    const answer = await ask('/forbidden/mcp', { method: 'POST' });
    expect(expectGatewayError(answer, 503, 'server-excluded')).toContain('/forbidden');
  });

  it('is 504 when its upstream is silent for longer than its timeout, and harms no other call', async () => {
    const answer = await ask('/impatient/mcp?ms=1500', { method: 'POST' });
    expect(expectGatewayError(answer, 504, 'upstream-timeout')).toContain('/impatient');
    expect((await ask('/impatient/mcp?ms=1', { method: 'POST' })).status).toBe(200);
  });

  it('is 502 when its upstream hangs up', async () => {
    const answer = await ask('/a/mcp?mode=hang-up', { method: 'POST' });
    expectGatewayError(answer, 502, 'upstream-unreachable');
  });
});

describe('a request that nginx itself refuses', () => {
  it('is 413 and names the limit of the server', async () => {
    const body = 'x'.repeat(2049);
    const answer = await ask('/small/mcp', { method: 'POST', body });
    expect(expectGatewayError(answer, 413, 'request-too-large')).toContain('2048');
    expect((await ask('/small/mcp', { method: 'POST', body: body.slice(1) })).status).toBe(202);
  });

  it("is 413 beyond the limit of the registry's own addresses", async () => {
    const body = 'x'.repeat((2 << 20) + 1);
    const answer = await ask('/api/servers', { method: 'POST', body });
    expect(expectGatewayProblem(answer, 413, 'request-too-large')).not.toContain('  ');
    const file = JSON.stringify({ text: body });
    for (const path of ['/api/import', '/api/import/preview']) {
      const taken = await gateway.api(path, { method: 'POST', body: file });
      // It came through, and is read for what it is.
      expect([path, taken.status]).toEqual([path, 422]);
    }
  });

  it.each([
    ['nonsense instead of a request line', 'NONSENSE\r\n\r\n'],
    ['a control character in the path', 'GET /\u0001 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['no Host', 'POST /a/mcp HTTP/1.1\r\n\r\n'],
    ['two Hosts', 'GET /a HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n'],
    ['a bad Host', 'GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n'],
    [
      'two lengths',
      'POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
    ],
    [
      'a length and chunks',
      'POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a path above the root', 'GET /../a HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('is 400 with %s', async (_what, bytes) => {
    expectGatewayError(await sendBytes(gateway.url, bytes), 400, 'bad-request');
  });

  it('is 505 with an unknown version', async () => {
    const answer = await sendBytes(gateway.url, 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n');
    expectGatewayError(answer, 505, 'version-not-supported');
  });

  it('is 431 with headers that are too large, 414 with such a request line', async () => {
    const long = 'x'.repeat(40_000);
    expectGatewayError(
      await sendBytes(gateway.url, `GET /a HTTP/1.1\r\nHost: localhost\r\nX-Long: ${long}\r\n\r\n`),
      431,
      'request-header-too-large',
    );
    expectGatewayError(
      await sendBytes(gateway.url, `GET /a?${long} HTTP/1.1\r\nHost: localhost\r\n\r\n`),
      414,
      'request-header-too-large',
    );
  });

  it.each(['evil.example.com', 'evil.example.com:8080', '127.0.0.2', 'localhost.evil.example'])(
    'is 421 for the foreign host name %s',
    async (host) => {
      const post = (at: string) => ask(at, { method: 'POST', headers: { ...JSON_HEADERS, host } });
      for (const at of ['/a/mcp', '/']) {
        expect(expectGatewayError(await post(at), 421, 'host-refused')).toContain('ALLOWED_HOSTS');
      }
      const answer = await post('/api/servers');
      expect(expectGatewayProblem(answer, 421, 'host-refused')).toContain('ALLOWED_HOSTS');
    },
  );

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1:99', '[::1]', '[::1]:8080'])(
    'is none for the own name %s',
    async (host) => {
      const headers = { ...JSON_HEADERS, host };
      expect((await ask('/a/mcp', { method: 'POST', headers })).status).toBe(200);
    },
  );
});

/** Where a client goes that asks there and is redirected by the upstream. */
async function redirectedTo(endpoint: string, to: string): Promise<string> {
  const query = new URLSearchParams({ mode: 'redirect-to', to });
  const answer = await ask(`${endpoint}?${query.toString()}`, { method: 'POST' });
  expect(answer.status).toBe(307);
  return new URL(answer.headers.location ?? '', `${gateway.url}${endpoint}`).href;
}

describe('an answer of the upstream', () => {
  it.each([400, 401, 403, 404, 405, 409, 413, 429, 500, 502, 503, 504])(
    'with status %i passes unchanged',
    async (code) => {
      const direct = await rawRequest(`${upstream.url}/up/a/endpoint?mode=status&code=${code}`, {
        method: 'POST',
        body: PING,
      });
      const answer = await ask(`/a/mcp?mode=status&code=${code}`, { method: 'POST' });
      expect(answer.status).toBe(code);
      expect(answer.body).toBe(direct.body);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.headers['x-gateway-error']).toBeUndefined();
      expect(answer.headers['www-authenticate']).toBeUndefined();
    },
  );

  it.each([
    ['redirect-absolute', '/a/mcp/'],
    ['redirect-path', '/a/mcp/'],
    ['redirect-root', '/a/'],
    ['redirect-sibling', '/a/up/other'],
    ['redirect-foreign', 'http://other.example.test/mcp/'],
  ])('that is a %s leads to %s', async (mode, location) => {
    const answer = await ask(`/a/mcp?mode=${mode}`, { method: 'POST' });
    expect(answer.status).toBe(307);
    expect(answer.headers.location).toBe(location);
  });

  it.each([
    ['mcp/', '/a/mcp/'],
    ['?again', '/a/mcp?again'],
    ['//elsewhere/mcp', '/a//elsewhere/mcp'],
    ['https://login.example.test:8443/?a=../b', 'https://login.example.test:8443/?a=../b'],
    ['http://10.1.2.3/', 'http://10.1.2.3/'],
  ])('that is a redirect to %s leads to %s', async (to, expected) => {
    expect(await redirectedTo('/a/mcp', to)).toBe(new URL(expected, gateway.url).href);
  });

  it.each([
    ['its public address', (own: URL) => `${own.origin}/b/mcp`],
    ['the API', (own: URL) => `${own.origin}/api/servers/b`],
    ['another port of its host', (own: URL) => `http://${own.hostname}:1/`],
    ['a scheme in capitals', (own: URL) => `HTTP://${own.host}/b/mcp`],
    ['a user', (own: URL) => `http://x@${own.host}/b/mcp`],
    ['a port with a zero', (own: URL) => `http://${own.hostname}:0${own.port}/b/mcp`],
    ['a number', (own: URL) => `http://2130706433:${own.port}/b/mcp`],
    ['a short address', (own: URL) => `http://127.1:${own.port}/b/mcp`],
    ['zeros in the address', (own: URL) => `http://127.0.0.01:${own.port}/b/mcp`],
    ['a hexadecimal number', (own: URL) => `http://0x7f.0.0.1:${own.port}/b/mcp`],
    ['an escape in the host', (own: URL) => `http://%3127.0.0.1:${own.port}/b/mcp`],
    ['backslashes', (own: URL) => `http:\\\\${own.host}\\b\\mcp`],
    ['a backslash after the host', (own: URL) => `http://${own.host}\\b\\mcp`],
    ['three slashes', (own: URL) => `http:///${own.host}/b/mcp`],
    ['a tab', (own: URL) => `ht\ttp://${own.host}/b/mcp`],
    ['one slash', () => 'http:/b/mcp'],
    ['no slash', () => 'http:../b/mcp'],
    ['two dots', () => '../b/mcp'],
    ['two dots at the root', () => '/../b/mcp'],
    ['two dots below its prefix', (own: URL) => `${own.origin}/a/../b/mcp`],
    ['escaped dots', () => '/.%2E/b/mcp'],
    ['escaped dots and slashes', () => '/x%2f%2e%2e%2f%2e%2e%2fb/mcp'],
    ['a backslash alone', () => '\\b\\mcp'],
    ['a relative address', () => 'b/mcp'],
    ['a tab between dots', () => '.\t./b/mcp'],
  ])('cannot take clients to another server by a redirect with %s', async (_how, to) => {
    for (const endpoint of ['/a/mcp', '/a']) {
      const { origin, pathname } = new URL(await redirectedTo(endpoint, to(new URL(gateway.url))));
      expect(origin).toBe(gateway.url);
      expect(pathname).toMatch(/^\/(?:a\/|\.redirect-refused$)/);
    }
    expect((await ask('/.redirect-refused', { method: 'POST' })).status).toBe(404);
  });

  it('cannot command nginx with X-Accel headers', async () => {
    const answer = await ask('/a/mcp?mode=accel&to=/api/servers', { method: 'POST' });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    for (const name of ['x-accel-redirect', 'x-accel-limit-rate', 'x-accel-expires', 'expires']) {
      expect(answer.headers[name]).toBeUndefined();
    }
  });

  it('sets no cookies, and cannot act in the name of the gateway', async () => {
    const cookie = await ask('/a/mcp?mode=cookie', { method: 'POST' });
    expect(cookie.status).toBe(200);
    expect(cookie.headers['set-cookie']).toBeUndefined();
    const page = await ask('/a/mcp?mode=page');
    expect(page.headers['content-type']).toBe('text/html');
    expect(page.headers['clear-site-data']).toBeUndefined();
    expect(page.headers['strict-transport-security']).toBeUndefined();
    expect(page.headers['content-security-policy']).toBe("default-src 'none'; sandbox");
    expect(page.headers['x-content-type-options']).toBe('nosniff');
  });
});
