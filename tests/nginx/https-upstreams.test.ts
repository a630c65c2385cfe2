import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEchoServer, type EchoServer } from '../fixtures/echo-server.js';
import { expectGatewayError } from '../fixtures/gateway-error.js';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { rawRequest, type RawRequest } from '../fixtures/raw-http.js';
import { connectV1, connectV2 } from '../fixtures/sdk-clients.js';
import { TRICKY_TEXT } from '../fixtures/small-mcp.js';
import { endpointShapes, startSseServer, type SseServer } from '../fixtures/sse-server.js';
import { startTlsFront, type TlsFront } from '../fixtures/tls-front.js';
import { createPrivateCa } from '../upstream/private-ca.js';

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const ca = createPrivateCa();
const shapes = [
  'root-relative',
  'relative',
  'session id in the path',
  'a path that ends with a slash',
  'the SSE endpoint itself, below a base path',
] as const;
const slug = (name: string) => `/${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;

let gateway: TestGateway;
let echo: EchoServer;
const sse: SseServer[] = [];
const fronts: TlsFront[] = [];

/** The same address over https. */
async function secured(url: string): Promise<string> {
  const plain = new URL(url);
  const front = await startTlsFront(Number(plain.port), ca.signed);
  fronts.push(front);
  return `https://localhost:${front.port}${plain.pathname}${plain.search}`;
}

beforeAll(async () => {
  [gateway, echo] = await Promise.all([startTestGateway(), startEchoServer()]);
  const tls = { verify: true, caPem: ca.caPem };
  const transport = 'streamable-http';
  const servers: object[] = [
    { path: '/plain', url: await secured(`${echo.url}/mcp`), transport, tls },
    { path: '/odd', url: await secured(`${echo.url}/a%2Fb/end%20point?k=1%26`), transport, tls },
    { path: '/small', url: await secured(`${echo.url}/mcp`), transport, tls, maxBodyBytes: 1024 },
    {
      path: '/hasty',
      url: await secured(`${echo.url}/slow/mcp?ms=3000`),
      transport,
      tls: { verify: false },
      timeoutSeconds: 1,
    },
    {
      path: '/named',
      url: await secured(`${echo.url}/mcp`),
      transport,
      tls: { verify: false },
      hostHeader: 'api.example.test',
    },
  ];
  for (const shape of shapes) {
    const upstream = await startSseServer(endpointShapes[shape]);
    sse.push(upstream);
    servers.push({ path: slug(shape), url: await secured(upstream.url), transport: 'sse', tls });
  }
  await Promise.all(servers.map((server) => gateway.register({ name: 'Over TLS', ...server })));
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([echo, ...sse, ...fronts].map((each) => each.close()));
});

const ask = (at: string, options: RawRequest = {}) =>
  rawRequest(gateway.url, { path: at, method: 'POST', body: PING, ...options });

describe('servers that are reached over https', () => {
  it.each(shapes)('over HTTP+SSE work with both SDK clients: %s', async (shape) => {
    for (const connect of [connectV1, connectV2]) {
      const client = await connect({ url: `${gateway.url}${slug(shape)}/sse`, transport: 'sse' });
      try {
        expect((await client.call('echo', { text: TRICKY_TEXT })).text).toBe(TRICKY_TEXT);
      } finally {
        await client.close();
      }
    }
  });

  it.each([
    ['/plain/mcp', '/mcp'],
    ['/plain/?x=%2F&y', '/mcp?x=%2F&y'],
    ['/odd', '/a%2Fb/end%20point?k=1%26'],
    ['/odd/mcp?x=1', '/a%2Fb/end%20point?k=1%26&x=1'],
  ])('are asked at their own address: %s', async (at, asked) => {
    const before = echo.requests.length;
    expect((await ask(at)).status).toBe(200);
    expect(echo.requests.slice(before).map(({ url }) => url)).toEqual([asked]);
  });

  it('are sent their host name, and what belongs to their prefix', async () => {
    await ask('/plain/mcp');
    expect(echo.requests.at(-1)?.headers).toMatchObject({
      host: expect.stringMatching(/^localhost:\d+$/),
      'x-forwarded-prefix': '/plain',
    });
    await ask('/named/mcp');
    expect(echo.requests.at(-1)?.headers.host).toBe('api.example.test');
  });

  it('have limits of their own', async () => {
    const tooLarge = await ask('/small', { body: 'x'.repeat(2000) });
    expectGatewayError(tooLarge, 413, 'request-too-large');
    expect(tooLarge.body).toContain('1024 bytes');
    expect((await ask('/plain', { body: PING.padEnd(2000) })).status).toBe(200);
    expectGatewayError(await ask('/hasty/mcp'), 504, 'upstream-timeout');
  });

  it('keep their connections', async () => {
    await ask('/plain/mcp');
    const before = echo.connections();
    for (let call = 0; call < 10; call += 1) await ask('/plain/mcp');
    expect(echo.connections() - before).toBeLessThanOrEqual(2);
  });

  it('share the locations that read the certificates', () => {
    const site = gateway.registry.gateway
      .liveFiles()
      .find(({ path }) => path === 'generated/site.conf');
    expect(site?.text.match(/https:\/\/\$mcp_upstream/g)?.length).toBeGreaterThan(0);
    expect(site?.text).not.toMatch(/proxy_pass https:\/\/[^$]/);
  });
});
