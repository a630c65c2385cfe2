import { afterEach, describe, expect, it } from '@jest/globals';
import { openChannel, type OutboundChannel } from '../../registry/upstream/outbound-channel.js';
import { createOutboundGuard, type Lookup } from '../../registry/upstream/outbound-guard.js';
import { startMockServer, until, type MockHandler, type MockServer } from './mock-server.js';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function mock(handler: MockHandler): Promise<MockServer> {
  const server = await startMockServer(handler);
  closers.push(() => server.close());
  return server;
}

function channel(options: {
  lookup?: Lookup;
  ownPorts?: number[];
  maxBytes?: number;
}): OutboundChannel {
  const { lookup, ownPorts = [], maxBytes = 1000 } = options;
  const guard = createOutboundGuard({
    policy: { mode: 'private-allowed', allow: [] },
    ownPorts,
    ...(lookup && { lookup }),
  });
  const opened = openChannel(guard, { tls: { verify: true }, connectTimeoutMs: 1000, maxBytes });
  closers.push(() => opened.close());
  return opened;
}

/** The message of whatever is at the root of a failed fetch. */
async function refusalOf(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (error) {
    return (error as { cause?: { message?: string } }).cause?.message ?? String(error);
  }
  return 'it was not refused';
}

describe('the guarded way out', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://metadata.google.internal/',
    'http://[fe80::1]/',
    'http://0.0.0.0:9000/',
  ])('does not lead to %s', async (url) => {
    expect(await refusalOf(channel({}).fetch(url))).toContain('is refused');
  });

  it('does not lead to metadata by way of a name', async () => {
    const { fetch } = channel({ lookup: () => Promise.resolve(['169.254.169.254']) });
    expect(await refusalOf(fetch('http://innocent.example/'))).toContain('169.254.169.254');
  });

  it("does not lead to the registry's own port, whatever the address is called", async () => {
    const server = await mock((_request, response) => void response.end());
    const lookup = () => Promise.resolve(['127.0.0.1']);
    const { fetch } = channel({ ownPorts: [server.port], lookup });
    for (const host of ['127.0.0.1', '127.0.0.2', 'localhost', 'me.example', '[::1]']) {
      const refusal = await refusalOf(fetch(`http://${host}:${server.port}/`));
      expect(refusal).toContain('own port');
    }
    expect(server.requests).toEqual([]);
  });

  it('looks a name up once and connects to what was judged', async () => {
    const server = await mock((_request, response) => void response.end('here'));
    let lookups = 0;
    const lookup = () => Promise.resolve([lookups++ === 0 ? '127.0.0.1' : '169.254.169.254']);
    const { fetch } = channel({ lookup });
    const response = await fetch(`http://rebinding.example:${server.port}/`);
    expect(await response.text()).toBe('here');
    expect(lookups).toBe(1);
    expect(server.requests[0]?.headers.host).toBe(`rebinding.example:${server.port}`);
  });

  it('tries the next address of a name when nothing listens at the first', async () => {
    const server = await mock((_request, response) => void response.end('here'));
    const { fetch } = channel({ lookup: () => Promise.resolve(['127.0.0.9', '127.0.0.1']) });
    const response = await fetch(`http://two.example:${server.port}/`);
    expect(await response.text()).toBe('here');
  });

  it('hands a redirect back instead of following it', async () => {
    const server = await mock((_request, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    });
    const response = await channel({}).fetch(server.origin);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('http://169.254.169.254/');
  });

  it('fails a body that is longer than the budget and closes the connection', async () => {
    const server = await mock((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(400)), 1);
      response.on('close', () => clearInterval(timer));
    });
    const opened = channel({ maxBytes: 1000 });
    const response = await opened.fetch(server.origin);
    await expect(response.text()).rejects.toThrow('more than 1000 bytes');
    await opened.close();
    await until(() => server.openConnections() === 0);
  });
});
