import { describe, expect, it } from '@jest/globals';
import { startEchoServer } from '../fixtures/echo-server.js';
import { openRawStream, rawRequest } from '../fixtures/raw-http.js';
import { sdkClients } from '../fixtures/sdk-clients.js';
import { TRICKY_TEXT } from '../fixtures/small-mcp.js';
import { endpointShapes, startSseServer } from '../fixtures/sse-server.js';

describe.each(sdkClients)('$name, without a gateway between', ({ connect }) => {
  it.each(Object.entries(endpointShapes))(
    'reaches an SSE server whose endpoint event is: %s',
    async (_shape, options) => {
      const server = await startSseServer(options);
      const client = await connect({ url: server.url, transport: 'sse' });
      expect(await client.tools()).toEqual(['echo']);
      expect((await client.call('echo', { text: TRICKY_TEXT })).text).toBe(TRICKY_TEXT);
      await client.close();
      await server.close();
    },
  );

  it('refuses an SSE server whose endpoint event names a foreign origin', async () => {
    const server = await startSseServer({ address: 'foreign' });
    await expect(connect({ url: server.url, transport: 'sse' })).rejects.toThrow(/origin/i);
    await server.close();
  });

  it('uses the echo server', async () => {
    const server = await startEchoServer();
    const client = await connect({ url: `${server.url}/mcp`, transport: 'streamable-http' });
    expect((await client.call('echo', { text: TRICKY_TEXT })).text).toBe(TRICKY_TEXT);
    await client.close();
    await server.close();
  });
});

describe('the echo server', () => {
  it('records what it was sent and knows when a caller has gone', async () => {
    const server = await startEchoServer();
    const stream = await openRawStream(`${server.url}/silent/mcp`, {
      headers: { 'X-Asked': 'yes' },
    });
    expect(await stream.until('\n\n')).toContain('event: message');
    expect(server.requests[0]).toMatchObject({ method: 'GET', headers: { 'x-asked': 'yes' } });
    expect(server.openRequests()).toBe(1);
    stream.close();
    await server.until(() => server.openRequests() === 0);
    await server.close();
  });

  it('counts a body that it does not keep', async () => {
    const server = await startEchoServer();
    await rawRequest(`${server.url}/mcp`, { method: 'POST', body: Buffer.alloc(5_000_000, 'x') });
    expect(server.requests[0]?.bodyBytes).toBe(5_000_000);
    await server.close();
  });

  it.each([
    ['/redirect-path/mcp', 307, { location: '/redirect-path/mcp/' }],
    ['/redirect-foreign/mcp', 307, { location: 'http://other.example.test/mcp/' }],
    ['/redirect-path/mcp/', 405, { allow: 'POST' }],
    ['/mcp?mode=cookie', 405, { 'set-cookie': ['sid=1; Path=/'] }],
    ['/mcp?mode=accel', 405, { 'x-accel-redirect': '/healthz' }],
    ['/mcp?mode=status&code=503', 503, {}],
  ])('answers %s with %i', async (path, status, headers) => {
    const server = await startEchoServer();
    expect(await rawRequest(`${server.url}${path}`)).toMatchObject({ status, headers });
    await server.close();
  });
});
