import { afterEach, describe, expect, it } from '@jest/globals';
import { callTool } from '../../registry/upstream/call-tool.js';
import { checkServer, type CheckResult } from '../../registry/upstream/check-server.js';
import type { Server } from '../../registry/catalog/server.js';
import { ECHO_TOOL, legacyHandler, sendJson, startMockServer, until } from './mock-server.js';
import type { MockHandler, MockServer } from './mock-server.js';
import { startNewServer, startOldServer, type SdkServer } from './sdk-servers.js';
import { openGuard, serverAt } from './watched-server.js';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

function opened<T extends { close(): Promise<void> }>(server: T): T {
  open.push(server);
  return server;
}

async function mock(handler: MockHandler): Promise<MockServer> {
  return opened(await startMockServer(handler));
}

function check(
  server: Server,
  known?: Parameters<typeof checkServer>[1]['known'],
  timeoutMs = 2000,
) {
  const deps = { guard: openGuard, timeoutMs, publicUrl: 'http://127.0.0.1:8080' };
  const signal = new AbortController().signal;
  return checkServer(deps, { server, known, wantsListing: () => true, signal });
}

async function listTools(handler: MockHandler, timeoutMs?: number): Promise<CheckResult> {
  const server = await mock(handler);
  return check(serverAt(`${server.origin}/mcp`), undefined, timeoutMs);
}

describe('discovery', () => {
  it('speaks the new protocol with a server that has it', async () => {
    const server = opened(await startNewServer());
    const { found, listed } = await check(serverAt(`${server.origin}/mcp`));
    expect(found).toMatchObject({ era: 'modern', endpoint: { transport: 'streamable-http' } });
    expect(listed).toMatchObject({
      protocolVersion: '2026-07-28',
      serverInfo: { name: 'new', version: '2.0.0' },
      instructions: 'Be kind.',
      capabilities: expect.arrayContaining(['tools']),
      tools: [{ name: 'add', title: 'Add', annotations: { readOnlyHint: true } }],
      warnings: [],
    });
    expect(listed?.tools[0]?.inputSchema).toMatchObject({ required: ['a', 'b'] });
  });

  it('lists tools, prompts and resources of an old server and leaves no session', async () => {
    const server = opened(await startOldServer('streamable-http'));
    const { found, listed } = await check(serverAt(`${server.origin}/mcp`));
    expect(found).toMatchObject({ era: 'legacy', endpoint: { transport: 'streamable-http' } });
    expect(listed).toMatchObject({
      protocolVersion: '2025-11-25',
      tools: [{ name: 'greet' }],
      prompts: [{ name: 'hello' }],
      resources: [{ uri: 'file:///readme', name: 'readme' }],
    });
    expect(server.allSessions()).toBeGreaterThan(0);
    await until(() => server.openSessions() === 0);
    expect(server.openSessions()).toBe(0);
  });

  it('lists the tools of an HTTP+SSE server and closes its streams', async () => {
    const server = opened(await startOldServer('sse'));
    const { found, listed } = await check(serverAt(`${server.origin}/sse`));
    expect(found?.endpoint).toMatchObject({
      transport: 'sse',
      message: { kind: 'exact', path: '/messages' },
    });
    expect(listed?.tools.map((tool) => tool.name)).toEqual(['greet']);
    await until(() => server.openSessions() === 0);
    expect(server.openSessions()).toBe(0);
  });

  it('asks a server that is known to be old nothing of the new protocol', async () => {
    const server = await mock(legacyHandler());
    const url = `${server.origin}/mcp`;
    await check(serverAt(url), {
      endpoint: { url, transport: 'streamable-http' },
      era: 'legacy',
    });
    const methods = server.requests.map(({ rpc }) => rpc);
    expect(methods).toContain('initialize');
    expect(methods).not.toContain('server/discover');
  });

  it('looks everywhere again when the known endpoint has gone', async () => {
    const server = await mock(legacyHandler({ path: '/mcp' }));
    const { found } = await check(serverAt(server.origin), {
      endpoint: { url: `${server.origin}/old`, transport: 'streamable-http' },
      era: 'legacy',
    });
    expect(found?.endpoint.url).toBe(`${server.origin}/mcp`);
  });

  it('follows the cursor through three pages', async () => {
    const pages: Record<string, unknown> = {
      first: { tools: [tool('one')], nextCursor: 'second' },
      second: { tools: [tool('two')], nextCursor: 'third' },
      third: { tools: [tool('three')] },
    };
    const { listed } = await listTools(
      legacyHandler({ tools: (cursor = 'first') => pages[cursor] as Record<string, unknown> }),
    );
    expect(listed?.tools.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
    expect(listed?.warnings).toEqual([]);
  });

  it('stops at a repeated cursor with a warning', async () => {
    let pages = 0;
    const { listed } = await listTools(
      legacyHandler({ tools: () => ({ tools: [tool(`t${pages++}`)], nextCursor: 'same' }) }),
    );
    expect(pages).toBe(2);
    expect(listed?.tools).toHaveLength(2);
    expect(listed?.warnings.join()).toContain('repeats a cursor');
  });

  it('takes an empty cursor for the end', async () => {
    const { listed } = await listTools(
      legacyHandler({ tools: () => ({ tools: [tool('one')], nextCursor: '' }) }),
    );
    expect(listed).toMatchObject({ tools: [{ name: 'one' }], warnings: [] });
  });

  it('stops after 64 pages with a warning', async () => {
    let pages = 0;
    const { listed } = await listTools(
      legacyHandler({
        tools: () => ({ tools: [tool(`t${pages++}`)], nextCursor: `page-${pages}` }),
      }),
    );
    expect(pages).toBe(64);
    expect(listed?.tools).toHaveLength(64);
    expect(listed?.warnings.join()).toContain('more than 64 pages');
  });

  it('stops at 5,000 tools with a warning', async () => {
    const tools = Array.from({ length: 5001 }, (_, index) => tool(`t${index}`));
    const { listed } = await listTools(legacyHandler({ tools }));
    expect(listed?.tools).toHaveLength(5000);
    expect(listed?.warnings.join()).toContain('more than 5000');
  });

  it('stops at 16 MiB and keeps the pages it has', async () => {
    const padding = 'x'.repeat(9 * 1024 * 1024);
    let pages = 0;
    const { listed } = await listTools(
      legacyHandler({
        tools: () => ({
          tools: [{ ...tool(`t${pages++}`), description: padding }],
          nextCursor: `page-${pages}`,
        }),
      }),
      // It is about volume: 18 MB are to be written, sent and read first.
      20_000,
    );
    expect(listed?.tools).toHaveLength(1);
    expect(listed?.tools[0]?.description).toHaveLength(64 * 1024);
    expect(listed?.warnings.join()).toContain('sends too much');
  });

  it('leaves an invalid tool out and keeps the rest whole', async () => {
    const whole = {
      name: 'whole',
      title: 'Whole',
      description: 'Kept as it is.',
      inputSchema: {
        type: 'object',
        properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
        unevaluatedProperties: false,
        $defs: { part: { 'x-vendor': { deep: true } } },
      },
      outputSchema: { type: 'object' },
      annotations: { destructiveHint: true },
      _meta: { ui: { resourceUri: 'ui://whole' } },
    };
    const tools = [{ name: 'no-schema' }, { inputSchema: {} }, 7, whole];
    const { listed } = await listTools(legacyHandler({ tools }));
    expect(listed?.tools).toEqual([whole]);
    expect(listed?.warnings).toHaveLength(3);
  });

  it.each([
    ['over JSON of the new protocol', 'no-schema', { name: 'no-schema' }],
    [
      'whose header declaration breaks the rules',
      'x-mcp-header',
      {
        name: 'bad-header',
        inputSchema: {
          type: 'object',
          properties: { a: { type: 'string', 'x-mcp-header': 'not a token' } },
        },
      },
    ],
  ])('leaves out a tool %s', async (_name, reason, bad) => {
    const { found, listed } = await listTools(modernHandler([bad, ECHO_TOOL]));
    expect(found?.era).toBe('modern');
    expect(listed?.tools.map(({ name }) => name)).toEqual(['echo']);
    expect(listed?.warnings.join()).toContain(reason);
  });

  it('calls a tool in either era and over either transport, and ends the session', async () => {
    const call = async (server: SdkServer, path: string, transport: 'sse' | 'streamable-http') => {
      const result = await callTool({
        url: `${server.origin}${path}`,
        transport,
        name: path === '/new' ? 'add' : 'greet',
        arguments: path === '/new' ? { a: 2, b: 3 } : {},
        signal: new AbortController().signal,
        timeoutMs: 5000,
      });
      await until(() => server.openSessions() === 0);
      return result.content;
    };
    const [latest, streamable, sse] = await Promise.all([
      startNewServer(),
      startOldServer('streamable-http'),
      startOldServer('sse'),
    ]).then((servers) => servers.map(opened));
    if (!latest || !streamable || !sse) throw new Error('a server did not start');
    expect(await call(latest, '/new', 'streamable-http')).toMatchObject([{ text: '5' }]);
    expect(await call(streamable, '/mcp', 'streamable-http')).toMatchObject([{ text: 'hello' }]);
    expect(await call(sse, '/sse', 'sse')).toMatchObject([{ text: 'hello' }]);
  });
});

function tool(name: string): Record<string, unknown> {
  return { name, inputSchema: { type: 'object' } };
}

function modernHandler(tools: readonly unknown[]): MockHandler {
  return (_request, response, message) => {
    const results: Record<string, unknown> = {
      'server/discover': {
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {} },
        resultType: 'complete',
        ttlMs: 0,
        cacheScope: 'private',
      },
      'tools/list': { tools, resultType: 'complete', ttlMs: 0, cacheScope: 'private' },
    };
    const result = results[message?.method ?? ''];
    sendJson(response, 200, { jsonrpc: '2.0', id: message?.id, result });
  };
}
