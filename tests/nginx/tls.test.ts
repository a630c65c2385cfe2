import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, createSecureContext, type SecureVersion } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { freePort } from '../fixtures/free-port.js';
import { expectGatewayError, expectGatewayProblem, REQUEST_ID } from '../fixtures/gateway-error.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { rawRequest } from '../fixtures/raw-http.js';
import { answerMessage, type JsonRpcMessage } from '../fixtures/small-mcp.js';
import { createPrivateCa, type PrivateCa } from '../upstream/private-ca.js';

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const PONG = { jsonrpc: '2.0', id: 1, result: {} };

interface SecureServer {
  readonly port: number;
  close(): Promise<void>;
}

/** An MCP server over https. Those who do not ask for localhost by name (SNI) get another certificate. */
async function startSecureServer(
  ca: PrivateCa,
  others: PrivateCa['signed'] = ca.otherName,
): Promise<SecureServer> {
  const named = createSecureContext(ca.signed);
  const server = https.createServer(
    {
      ...others,
      SNICallback: (name, done) => {
        if (name === 'localhost') done(null, named);
        else done(new Error(`nobody here is called ${name}`));
      },
    },
    (req, res) => {
      const answerTo = (body: string) => {
        const answer = body === '' ? undefined : answerMessage(JSON.parse(body) as JsonRpcMessage);
        res.writeHead(answer === undefined ? 202 : 200, { 'content-type': 'application/json' });
        res.end(answer === undefined ? '' : JSON.stringify(answer));
      };
      text(req).then(answerTo, () => res.destroy());
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

let ca: PrivateCa;

beforeAll(() => {
  ca = createPrivateCa();
});

describe('an https upstream of a private authority', () => {
  let gateway: TestGateway;
  let upstream: SecureServer;
  let nameless: SecureServer;

  beforeAll(async () => {
    [gateway, upstream, nameless] = await Promise.all([
      startTestGateway(),
      startSecureServer(ca),
      startSecureServer(ca, ca.signed),
    ]);
    const url = `https://localhost:${upstream.port}/mcp`;
    const transport = 'streamable-http';
    const trusting = { verify: true, caPem: ca.caPem };
    await Promise.all(
      [
        { name: 'untrusted', path: '/untrusted', url, transport },
        { name: 'trusted', path: '/trusted', url, transport, tls: trusting },
        { name: 'changed', path: '/changed', url, transport },
        { name: 'unverified', path: '/unverified', url, transport, tls: { verify: false } },
        {
          name: 'by address',
          path: '/by-address',
          url: `https://127.0.0.1:${nameless.port}/mcp`,
          transport,
          tls: trusting,
        },
      ].map((server) => gateway.register(server)),
    );
  });

  afterAll(async () => {
    await gateway.close();
    await Promise.all([upstream.close(), nameless.close()]);
  });

  const call = (at: string) =>
    rawRequest(gateway.url, { path: `${at}/mcp`, method: 'POST', body: PING });

  const facts = async (at: string) => {
    const server = (await (await gateway.api(`/api/servers${at}`)).json()) as {
      readonly health: { readonly cause?: string; readonly message?: string };
      readonly toolCount: number;
      readonly tls?: unknown;
      readonly exclusion?: unknown;
    };
    const { health, toolCount, tls, exclusion } = server;
    return { health, toolCount, tls, exclusion };
  };

  it('is refused by nginx and by the health check, which says why', async () => {
    expectGatewayError(await call('/untrusted'), 502, 'upstream-unreachable');
    const { health, toolCount } = await facts('/untrusted');
    expect(health).toMatchObject({ reachable: 'no', cause: 'tls' });
    expect(health.message).toContain('not trusted');
    expect(toolCount).toBe(0);
  });

  it('works for calls, health and discovery with its authority, and is asked for by its name', async () => {
    const answer = await call('/trusted');
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, PONG]);
    const { health, toolCount } = await facts('/trusted');
    expect(health).toMatchObject({ reachable: 'yes', usable: 'ok' });
    expect(toolCount).toBe(1);
  });

  it('begins to work when its authority is added', async () => {
    expectGatewayError(await call('/changed'), 502, 'upstream-unreachable');
    const changed = await gateway.api('/api/servers/changed', {
      method: 'PATCH',
      body: JSON.stringify({ tls: { verify: true, caPem: ca.caPem } }),
    });
    expect(changed.status).toBe(200);
    // A discovery that follows may have found nothing more to change.
    const { state } = await gateway.registry.gateway.outcome(15_000);
    expect(['applied', 'unchanged']).toContain(state);
    expect((await call('/changed')).status).toBe(200);
    expect((await gateway.api('/api/servers/changed/refresh', { method: 'POST' })).ok).toBe(true);
    expect(await facts('/changed')).toMatchObject({ health: { usable: 'ok' }, toolCount: 1 });
  });

  it('works without verification where that is wanted, and says so', async () => {
    expect((await call('/unverified')).status).toBe(200);
    const shown = await facts('/unverified');
    expect(shown).toMatchObject({ health: { usable: 'ok' }, toolCount: 1 });
    expect(shown.tls).toEqual({ verify: false });
  });

  it('cannot be verified by nginx when it is named by an address, and is told so', async () => {
    expectGatewayError(await call('/by-address'), 502, 'upstream-unreachable');
    const { exclusion } = await facts('/by-address');
    expect(exclusion).toMatchObject({
      reason: 'upstream-unverifiable',
      detail: expect.stringContaining('host names'),
    });
    expect((await facts('/trusted')).exclusion).toBeUndefined();
  });
});

describe('the HTTPS port of the gateway', () => {
  let folder: string;
  let tlsPort: number;
  let gateway: TestGateway;
  let lenientPort: number;
  let lenient: TestGateway;
  let start: (port: number, more: Record<string, string>) => Promise<TestGateway>;
  let upstream: EchoServer;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'gateway-tls-'));
    const [certFile, keyFile] = ['cert.pem', 'key.pem'].map((name) => path.join(folder, name));
    writeFileSync(certFile ?? '', ca.signed.cert);
    writeFileSync(keyFile ?? '', ca.signed.key, { mode: 0o600 });
    start = (port, more) =>
      startTestGateway({
        environment: {
          GATEWAY_TLS_PORT: String(port),
          TLS_CERT_FILE: certFile ?? '',
          TLS_KEY_FILE: keyFile ?? '',
          TLS_HSTS_MAX_AGE: '31536000',
          ...more,
        },
      });
    tlsPort = await freePort();
    upstream = await startEchoServer();
    gateway = await start(tlsPort, {});
    lenientPort = await freePort();
    lenient = await start(lenientPort, { GATEWAY_ALLOW_PLAIN: 'true', TLS_HSTS_MAX_AGE: '0' });
    const server = { name: 'a', path: '/a', url: `${upstream.url}/mcp` };
    await Promise.all([
      ...[gateway, lenient].map((each) =>
        each.register({ ...server, transport: 'streamable-http' }),
      ),
      gateway.register({ ...server, path: '/closed', access: 'authenticated' }),
    ]);
  });

  afterAll(async () => {
    await Promise.all([gateway.close(), lenient.close(), upstream.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const overTls = (at: string, method = 'POST', port = tlsPort) =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
      (resolve, reject) => {
        const call = https.request(
          { host: 'localhost', port, path: at, method, ca: ca.caPem, agent: false },
          (res) => {
            const { statusCode: status = 0, headers } = res;
            text(res).then((body) => resolve({ status, headers, body }), reject);
          },
        );
        call.on('error', reject);
        call.end(method === 'POST' ? PING : undefined);
      },
    );

  it('takes calls, and tells the upstream that they came over HTTPS', async () => {
    const before = upstream.requests.length;
    const answer = await overTls('/a/mcp');
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, PONG]);
    expect(upstream.requests[before]?.headers).toMatchObject({
      'x-forwarded-proto': 'https',
      'x-forwarded-host': `localhost:${tlsPort}`,
    });
  });

  it('speaks HTTP/2, errors included', async () => {
    const session = http2.connect(`https://localhost:${tlsPort}`, { ca: ca.caPem });
    const ask = async (at: string, headers: http2.OutgoingHttpHeaders = {}) => {
      const stream = session.request({ ':path': at, ':method': 'POST', ...headers });
      stream.end(PING);
      const answer = new Promise<http2.IncomingHttpHeaders>((resolve, reject) => {
        stream.once('response', resolve).once('error', reject);
      });
      const [shown, body] = [await answer, await text(stream)];
      return { status: Number(shown[':status']), headers: shown, body };
    };
    try {
      expect(session.alpnProtocol ?? 'h2').toBe('h2');
      const before = upstream.requests.length;
      const answer = await ask('/a/mcp');
      expect([answer.status, JSON.parse(answer.body)]).toEqual([200, PONG]);
      expect(upstream.requests[before]?.headers['x-forwarded-host']).toBe(`localhost:${tlsPort}`);
      expectGatewayError(await ask('/unknown/mcp'), 404, 'server-not-found');
      const foreign = await ask('/a/mcp', { ':authority': 'evil.example' });
      expectGatewayError(foreign, 421, 'host-refused');
    } finally {
      session.close();
    }
  });

  it('is what metadata and challenges name', async () => {
    const answer = await overTls('/closed/mcp');
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer resource_metadata="https://127.0.0.1:${tlsPort}/.well-known/oauth-protected-resource/closed/mcp"`,
    );
  });

  it('is JSON even to those who speak plain HTTP to it', async () => {
    const answer = await rawRequest(`http://127.0.0.1:${tlsPort}/a/mcp`, { method: 'POST' });
    expectGatewayError(answer, 400, 'bad-request');
  });

  it('is where the plain port sends browsers', async () => {
    for (const at of ['/', '/ui/servers?x=%20y', '/a/mcp']) {
      const answer = await rawRequest(gateway.url, {
        path: at,
        headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
      });
      expect(answer.status).toBe(308);
      expect(answer.headers.location).toBe(`https://127.0.0.1:${tlsPort}${at}`);
      expect(answer.headers['x-request-id']).toMatch(REQUEST_ID);
    }
  });

  it('is the only one that takes calls', async () => {
    const before = upstream.requests.length;
    for (const [method, at] of [
      ['POST', '/a/mcp'],
      ['GET', '/a/mcp'],
      ['DELETE', '/a'],
      ['GET', '/.well-known/oauth-protected-resource/closed/mcp'],
    ] as const) {
      const answer = await rawRequest(gateway.url, { path: at, method });
      const message = expectGatewayError(answer, 403, 'https-required');
      expect(message).toContain('GATEWAY_ALLOW_PLAIN');
    }
    const login = await rawRequest(gateway.url, { path: '/api/login', method: 'POST' });
    expect(expectGatewayProblem(login, 403, 'https-required')).toContain('GATEWAY_ALLOW_PLAIN');
    expect(upstream.requests).toHaveLength(before);
    expect((await rawRequest(`${gateway.url}/healthz`)).status).toBe(200);
  });

  it('tells browsers to use nothing else for a year, whatever the answer, and no plain answer does', async () => {
    const overHttps = [
      ['/a/mcp', 200],
      ['/closed/mcp', 401],
      ['/unknown/mcp', 404],
      ['/healthz', 200, 'GET'],
      ['/health', 200, 'GET'],
      ['/docs', 200, 'GET'],
      ['/api/nothing', 404, 'GET'],
      ['/.well-known/oauth-protected-resource/closed/mcp', 200, 'GET'],
      ['/a/mcp', 204, 'OPTIONS'],
      ['/a/mcp', 405, 'PUT'],
    ] as const;
    for (const [at, status, method] of overHttps) {
      const answer = await overTls(at, method);
      expect([at, answer.status, answer.headers['strict-transport-security']]).toEqual([
        at,
        status,
        'max-age=31536000',
      ]);
    }
    for (const at of ['/', '/healthz', '/a/mcp']) {
      const headers = { accept: 'text/html' };
      const answer = await rawRequest(gateway.url, { path: at, headers });
      expect(answer.headers).not.toHaveProperty('strict-transport-security');
    }
  });

  it('says nothing of that where plain calls are taken, unless it is told to, and then not in the clear', async () => {
    const age = async (each: TestGateway, port: number) => ({
      plain: (await rawRequest(`${each.url}/health`)).headers['strict-transport-security'],
      https: (await overTls('/health', 'GET', port)).headers['strict-transport-security'],
    });
    expect(await age(lenient, lenientPort)).toEqual({ plain: undefined, https: undefined });
    const port = await freePort();
    const told = await start(port, {
      GATEWAY_ALLOW_PLAIN: 'true',
      TLS_HSTS_MAX_AGE: '60',
    });
    try {
      expect(await age(told, port)).toEqual({ plain: undefined, https: 'max-age=60' });
    } finally {
      await told.close();
    }
  });

  it('offers TLS 1.2 and 1.3 and nothing older', async () => {
    const shake = (maxVersion: SecureVersion) =>
      new Promise<string | null>((resolve, reject) => {
        const socket = connect({
          host: 'localhost',
          port: tlsPort,
          ca: ca.caPem,
          minVersion: 'TLSv1',
          maxVersion,
          // Without it, this side would not even offer the old ones.
          ciphers: 'DEFAULT@SECLEVEL=0',
        });
        socket.once('secureConnect', () => {
          resolve(socket.getProtocol());
          socket.destroy();
        });
        socket.once('error', reject);
      });
    expect(await shake('TLSv1.3')).toBe('TLSv1.3');
    expect(await shake('TLSv1.2')).toBe('TLSv1.2');
    await expect(shake('TLSv1.1')).rejects.toThrow(/alert|version/i);
    await expect(shake('TLSv1')).rejects.toThrow(/alert|version/i);
  });

  it('stands beside the plain one where that is wanted', async () => {
    const answer = await rawRequest(lenient.url, { path: '/a/mcp', method: 'POST', body: PING });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, PONG]);
  });
});
