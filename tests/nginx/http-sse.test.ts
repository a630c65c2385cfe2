import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../fixtures/gateway.js';
import { openRawStream } from '../fixtures/raw-http.js';
import { connectV1, connectV2 } from '../fixtures/sdk-clients.js';
import { TRICKY_TEXT } from '../fixtures/small-mcp.js';
import {
  endpointShapes,
  startSseServer,
  type SseServer,
  type SseServerOptions,
} from '../fixtures/sse-server.js';

const slug = (name: string) => name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
const shapes: readonly { path: string; options: SseServerOptions }[] = [
  ...Object.entries<SseServerOptions>(endpointShapes).flatMap(([name, options]) => [
    { path: `/shape-${slug(name)}`, options },
    // The upstream's own paths happen to begin with the public one.
    { path: `/same-${slug(name)}`, options: { ...options, basePath: `/same-${slug(name)}` } },
  ]),
  { path: '/foreign', options: { address: 'foreign' } },
  { path: '/both', options: {} },
];

let gateway: TestGateway;
const upstreams: SseServer[] = [];

beforeAll(async () => {
  gateway = await startTestGateway();
  for (const { options } of shapes) upstreams.push(await startSseServer(options));
  await Promise.all(
    shapes.map(({ path }, index) =>
      gateway.register({ name: path, path, url: upstreams[index]?.url, transport: 'sse' }),
    ),
  );
});

afterAll(async () => {
  await gateway.close();
  await Promise.all(upstreams.map((upstream) => upstream.close()));
});

describe('an unmodified HTTP+SSE server', () => {
  const callable = shapes.map(({ path }) => path).filter((path) => /^\/(?:shape|same)/.test(path));

  it.each(callable)('works with both SDK clients at %s', async (path) => {
    for (const connect of [connectV1, connectV2]) {
      const client = await connect({ url: `${gateway.url}${path}/sse`, transport: 'sse' });
      try {
        expect(await client.tools()).toContain('echo');
        // The text quotes an endpoint event; it must arrive as it was sent.
        expect((await client.call('echo', { text: TRICKY_TEXT })).text).toBe(TRICKY_TEXT);
      } finally {
        await client.close();
      }
    }
  });

  it('that announces another host is passed on unchanged, for the client to refuse', async () => {
    const stream = await openRawStream(`${gateway.url}/foreign/sse`);
    const event = await stream.until('\n\n');
    stream.close();
    expect(event).toMatch(/data: https?:\/\/(?!127\.0\.0\.1)/);
  });

  it.each(['/both', '/both/', '/both/mcp', '/both/mcp/', '/both/sse', '/both/sse/'])(
    'gives its stream at %s and takes no calls there',
    async (at) => {
      const stream = await openRawStream(`${gateway.url}${at}`);
      expect(await stream.until('\n\n')).toContain('data: /both/message?');
      stream.close();
      const posted = await fetch(`${gateway.url}${at}`, { method: 'POST', body: '{}' });
      expect(posted.status).toBe(405);
      expect(posted.headers.get('allow')).toBe('GET, OPTIONS');
    },
  );
});
