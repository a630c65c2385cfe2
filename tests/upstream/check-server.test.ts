import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { checkServer, type CheckResult } from '../../registry/upstream/check-server.js';
import type { Server } from '../../registry/catalog/server.js';
import { legacyHandler, rpcError, sendJson, startMockServer, until } from './mock-server.js';
import type { MockHandler, MockServer } from './mock-server.js';
import { openGuard, serverAt } from './watched-server.js';

const open: MockServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function start(handler: MockHandler): Promise<MockServer> {
  const server = await startMockServer(handler);
  open.push(server);
  return server;
}

function check(server: Server, timeoutMs = 1000): Promise<CheckResult> {
  return checkServer(
    { guard: openGuard, timeoutMs, publicUrl: 'https://gateway.example.com:8443' },
    { server, wantsListing: () => true, signal: new AbortController().signal },
  );
}

async function expectNothingOpen(server: MockServer): Promise<void> {
  await until(() => server.openConnections() === 0);
  expect(server.openConnections()).toBe(0);
}

describe('a check of a server', () => {
  it.each([404, 405, 406])('does not mind that GET is answered with %d', async (getStatus) => {
    const server = await start(legacyHandler({ getStatus }));
    const { assessment, found, listed } = await check(serverAt(`${server.origin}/mcp`));
    expect(assessment).toMatchObject({ reachable: 'yes', usable: 'ok', httpStatus: 200 });
    expect(found).toMatchObject({ era: 'legacy', endpoint: { transport: 'streamable-http' } });
    expect(listed?.tools.map((tool) => tool.name)).toEqual(['echo']);
    expect(server.requests.some(({ rpc }) => rpc === 'ping')).toBe(false);
    await expectNothingOpen(server);
  });

  it('counts 401 as reachable and says that a credential is wanted', async () => {
    const server = await start((_request, response) => void response.writeHead(401).end());
    const { assessment, found } = await check(serverAt(`${server.origin}/mcp`));
    expect(assessment).toMatchObject({
      reachable: 'yes',
      usable: 'auth-required',
      cause: 'auth-required',
      httpStatus: 401,
    });
    expect(found).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [
      'insufficient_scope as a missing credential',
      'Bearer error="insufficient_scope"',
      'auth-required',
    ],
    ['another 403 as a refusal of the registry', '', 'forbidden'],
  ])('counts %s', async (_name, challenge, cause) => {
    const server = await start((_request, response) => {
      response.writeHead(403, challenge ? { 'www-authenticate': challenge } : {}).end();
    });
    const { assessment } = await check(serverAt(server.origin));
    expect(assessment).toMatchObject({ reachable: 'yes', cause, httpStatus: 403 });
  });

  it('counts 500 as down and does not look elsewhere', async () => {
    const server = await start((_request, response) => void response.writeHead(500).end());
    const { assessment } = await check(serverAt(server.origin));
    expect(assessment).toMatchObject({ reachable: 'no', usable: 'unknown', cause: 'http-error' });
    expect(server.requests).toHaveLength(1);
  });

  it('hands on how long a rate-limited server wants to be left alone', async () => {
    const server = await start(
      (_request, response) => void response.writeHead(429, { 'retry-after': '120' }).end(),
    );
    const { assessment, retryAfterSeconds } = await check(serverAt(server.origin));
    expect(assessment).toMatchObject({ reachable: 'yes', cause: 'rate-limited' });
    expect(retryAfterSeconds).toBe(120);
  });

  it('recognises an HTML page with 200 as something else than MCP, even an endless one', async () => {
    const server = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const timer = setInterval(() => response.write('<p>'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    const { assessment } = await check(serverAt(server.origin));
    expect(assessment).toMatchObject({
      reachable: 'yes',
      usable: 'error',
      cause: 'protocol-error',
    });
    expect(assessment.message).toContain('HTML page');
    await expectNothingOpen(server);
  });

  it('calls a URL without an MCP endpoint wrong', async () => {
    const server = await start((_request, response) => void response.writeHead(404).end());
    const { assessment } = await check(serverAt(server.origin));
    expect(assessment).toMatchObject({ usable: 'error', cause: 'wrong-endpoint', httpStatus: 404 });
  });

  it('takes an error that only the new protocol has as an answer', async () => {
    const server = await start((_request, response, message) => {
      sendJson(response, 400, rpcError(message?.id, -32021, 'Missing required client capability'));
    });
    const { assessment, found } = await check(serverAt(server.origin));
    expect(assessment).toMatchObject({ reachable: 'yes', usable: 'ok' });
    expect(found?.era).toBe('modern');
  });

  it('says that nothing listens at a dead port, and what localhost means in a container', async () => {
    const port = await freePort();
    const { assessment } = await check(serverAt(`http://127.0.0.1:${port}/mcp`));
    expect(assessment).toMatchObject({ reachable: 'no', usable: 'unknown', cause: 'tcp' });
    expect(assessment.message).toContain('host.docker.internal');
  });

  it('says that a name does not resolve', async () => {
    const { assessment } = await check(serverAt('http://nowhere.invalid/mcp'));
    expect(assessment).toMatchObject({ reachable: 'no', cause: 'dns' });
  });

  it('gives up on a server that does not answer in time, and reaches it when it is awake', async () => {
    let isAwake = false;
    const handler = legacyHandler();
    const server = await start((request, response, message) => {
      if (isAwake) handler(request, response, message);
    });
    const asleep = await check(serverAt(`${server.origin}/mcp`), 150);
    expect(asleep.assessment).toMatchObject({ reachable: 'no', cause: 'timeout' });
    await expectNothingOpen(server);
    isAwake = true;
    const awake = await check(serverAt(`${server.origin}/mcp`));
    expect(awake.assessment).toMatchObject({ reachable: 'yes', usable: 'ok' });
  });

  it('finds the endpoint below a base URL', async () => {
    const server = await start(legacyHandler({ path: '/mcp' }));
    const { found } = await check(serverAt(server.origin));
    expect(found?.endpoint).toEqual({
      url: `${server.origin}/mcp`,
      transport: 'streamable-http',
    });
  });

  it('follows a redirect within the origin and keeps the final URL', async () => {
    const handler = legacyHandler({ path: '/mcp/' });
    const server = await start((request, response, message) => {
      if (request.url !== '/mcp') {
        handler(request, response, message);
        return;
      }
      response.writeHead(307, { location: '/mcp/' }).end();
    });
    const { found, listed } = await check(serverAt(`${server.origin}/mcp`));
    expect(found?.endpoint.url).toBe(`${server.origin}/mcp/`);
    expect(listed?.tools).toHaveLength(1);
  });

  it('does not follow a redirect to another origin', async () => {
    const other = await start(legacyHandler());
    const server = await start((_request, response) => {
      response.writeHead(302, { location: `${other.origin}/mcp` }).end();
    });
    const { assessment } = await check(serverAt(server.origin));
    expect(assessment).toMatchObject({ reachable: 'yes', usable: 'error', cause: 'redirect' });
    expect(assessment.message).toContain(other.origin);
    expect(other.requests).toHaveLength(0);
  });

  it('stops following redirects that go round in a circle', async () => {
    const server = await start((_request, response) => {
      response.writeHead(302, { location: '/again' }).end();
    });
    const { assessment } = await check(serverAt(server.origin, { transport: 'streamable-http' }));
    expect(assessment.cause).toBe('redirect');
    expect(server.requests.length).toBeLessThanOrEqual(8);
  });

  it.each([
    ['upstream', (origin: string) => new URL(origin).host],
    ['internal.example:81', () => 'internal.example:81'],
    ['client', () => 'gateway.example.com:8443'],
  ])('sends the Host header that hostHeader "%s" asks for', async (hostHeader, expected) => {
    const server = await start(legacyHandler());
    await check(serverAt(`${server.origin}/mcp`, { hostHeader }));
    const hosts = new Set(server.requests.map(({ headers }) => headers.host));
    expect([...hosts]).toEqual([expected(server.origin)]);
  });

  it('finds an HTTP+SSE server and where it takes messages', async () => {
    const server = await start(sseHandler('/messages?sessionId=abc'));
    const { assessment, found, listed } = await check(serverAt(server.origin));
    expect(assessment).toMatchObject({ reachable: 'yes', usable: 'ok' });
    expect(found).toEqual({
      era: 'legacy',
      endpoint: {
        url: `${server.origin}/sse`,
        transport: 'sse',
        message: { kind: 'exact', path: '/messages' },
      },
    });
    expect(listed?.tools).toHaveLength(1);
    await expectNothingOpen(server);
  });

  it('refuses an HTTP+SSE server whose messages go to another origin', async () => {
    const server = await start(sseHandler('http://other.example/messages?s=1'));
    const { assessment, found } = await check(serverAt(`${server.origin}/sse`));
    expect(assessment).toMatchObject({ usable: 'error', cause: 'protocol-error' });
    expect(assessment.message).toContain('other.example');
    expect(found).toBeUndefined();
  });

  it('says so when a server does not speak HTTP', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { assessment } = await check(serverAt(`http://127.0.0.1:${port}/mcp`));
    await new Promise((resolve) => server.close(resolve));
    expect(assessment).toMatchObject({ usable: 'error', cause: 'protocol-error' });
  });

  it('refuses a metadata address by policy', async () => {
    const { assessment } = await check(serverAt('http://169.254.169.254/latest'));
    expect(assessment).toMatchObject({ reachable: 'no', cause: 'refused-by-policy' });
    expect(assessment.message).toContain('UPSTREAM_POLICY');
  });
});

/** HTTP+SSE by hand: /sse announces `endpoint`, and answers come on the stream. */
function sseHandler(endpoint: string): MockHandler {
  const legacy = legacyHandler();
  let stream: { write(text: string): boolean } | undefined;
  return (request, response, message) => {
    if (request.method === 'GET' && request.url === '/sse') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: endpoint\ndata: ${endpoint}\n\n`);
      stream = response;
    } else if (request.url?.startsWith('/messages') === true) {
      response.writeHead(202).end();
      const answer = { writeHead: () => answer, end: (text?: string) => send(text) };
      const send = (text?: string) => text !== undefined && stream?.write(`data: ${text}\n\n`);
      legacy(request, answer as never, message);
    } else {
      response.writeHead(404).end();
    }
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
