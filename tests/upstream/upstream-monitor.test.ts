import { afterEach, describe, expect, it } from '@jest/globals';
import type { Server } from '../../registry/catalog/server.js';
import { createUpstreamMonitor } from '../../registry/upstream/upstream-monitor.js';
import type { MonitorEvent, UpstreamMonitor } from '../../registry/upstream/monitor.js';
import { ECHO_TOOL, legacyHandler, startMockServer, until } from './mock-server.js';
import type { MockHandler, MockServer } from './mock-server.js';
import { startOldServer } from './sdk-servers.js';
import {
  catalogOf,
  createListLog,
  createMemoryStore,
  openGuard,
  serverAt,
  type MemoryStore,
} from './watched-server.js';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function mock(handler: MockHandler): Promise<MockServer> {
  const server = await startMockServer(handler);
  closers.push(() => server.close());
  return server;
}

interface Setup {
  readonly monitor: UpstreamMonitor;
  readonly store: MemoryStore;
  readonly events: MonitorEvent[];
}

function setUp(config: Partial<Record<string, number>> = {}, store = createMemoryStore()): Setup {
  const events: MonitorEvent[] = [];
  const monitor = createUpstreamMonitor({
    store,
    guard: openGuard,
    config: {
      intervalMs: 60_000,
      timeoutMs: 1000,
      toolsRefreshMs: 600_000,
      publicUrl: 'http://127.0.0.1:8080',
      ...config,
    },
    log: createListLog(),
    random: () => 0,
  });
  monitor.subscribe((event) => events.push(event));
  closers.push(() => monitor.stop());
  return { monitor, store, events };
}

const { path } = serverAt('http://127.0.0.1:1/');

describe('the upstream monitor', () => {
  it('starts without waiting for any upstream and finds out by itself', async () => {
    const upstream = await mock(legacyHandler());
    const server = serverAt(`${upstream.origin}/mcp`);
    const { monitor, store, events } = setUp();
    await monitor.start(catalogOf(server));
    expect(monitor.health(path)).toEqual({ reachable: 'unknown', usable: 'unknown' });
    await until(() => monitor.discovery(path)?.toolsFetchedAt !== undefined);
    expect(monitor.health(path)).toMatchObject({ reachable: 'yes', usable: 'ok' });
    expect(events).toEqual([
      { type: 'health', path },
      { type: 'discovery', path },
    ]);
    await until(() => store.saved.has(path));
    expect(store.saved.get(path)?.tools).toHaveLength(1);
  });

  it('watches a server that is registered while it loads what was remembered', async () => {
    const upstream = await mock(legacyHandler());
    const server = serverAt(`${upstream.origin}/mcp`);
    const store = createMemoryStore();
    let loaded = (): void => undefined;
    const load = new Promise<void>((resolve) => (loaded = resolve));
    const { monitor } = setUp({}, { ...store, load: () => load.then(() => store.load()) });
    const started = monitor.start(catalogOf());
    monitor.watch(catalogOf(server));
    loaded();
    await started;
    await until(() => monitor.discovery(path) !== undefined);
    expect(monitor.health(path)).toMatchObject({ reachable: 'yes', usable: 'ok' });
  });

  it('remembers what the last fifty checks found, and nothing of a server that moved', async () => {
    let status = 500;
    const upstream = await mock((request, response, message) =>
      status === 200
        ? legacyHandler()(request, response, message)
        : void response.writeHead(status).end(),
    );
    const server = serverAt(`${upstream.origin}/mcp`, { enabled: false });
    const { monitor } = setUp();
    await monitor.start(catalogOf(server));
    expect(monitor.checks(path)).toEqual([]);
    await until(() => monitor.checks(path).length === 1);
    status = 200;
    for (let count = 0; count < 50; count += 1) await monitor.refresh(server);
    expect(monitor.checks(path)).toHaveLength(50);
    status = 500;
    await monitor.refresh(server);
    const checks = monitor.checks(path);
    expect(checks).toHaveLength(50);
    expect(checks[0]).toEqual(monitor.health(path));
    expect(checks[0]).toMatchObject({ reachable: 'no', cause: 'http-error', httpStatus: 500 });
    expect(checks[49]).toMatchObject({ reachable: 'yes', usable: 'ok' });
    expect(checks.every(({ checkedAt }) => checkedAt !== undefined)).toBe(true);
    monitor.watch(catalogOf(serverAt(`${upstream.origin}/other`, { enabled: false })));
    expect(monitor.checks(path)).toEqual([]);
  });

  it('probes a disabled server once, and on the schedule when it is enabled', async () => {
    const upstream = await mock(legacyHandler());
    const server = serverAt(`${upstream.origin}/mcp`, { enabled: false });
    const { monitor } = setUp({ intervalMs: 30 });
    await monitor.start(catalogOf(server));
    await until(() => monitor.discovery(path) !== undefined);
    const seen = upstream.requests.length;
    await monitor.refresh(server);
    const once = upstream.requests.length;
    expect(once).toBeGreaterThan(seen);
    monitor.watch(catalogOf({ ...server, enabled: true }));
    await until(() => upstream.requests.length > once + 6);
    expect(upstream.requests.length).toBeGreaterThan(once);
  });

  it('tells what a refresh found different, and keeps the last list when the server is down', async () => {
    let tools = [ECHO_TOOL, tool('old', 'as it was')];
    const handler = legacyHandler({ tools: () => ({ tools }) });
    let isDown = false;
    const upstream = await mock((request, response, message) => {
      if (isDown) response.writeHead(503).end();
      else handler(request, response, message);
    });
    const server = serverAt(`${upstream.origin}/mcp`, { enabled: false });
    const { monitor, events } = setUp();
    await monitor.start(catalogOf());
    const first = await monitor.refresh(server);
    expect(first.tools).toEqual({ added: ['echo', 'old'], removed: [], changed: [] });
    tools = [tool('old', 'changed'), tool('new', 'is new')];
    const second = await monitor.refresh(server);
    expect(second.tools).toEqual({ added: ['new'], removed: ['echo'], changed: ['old'] });
    events.length = 0;
    const third = await monitor.refresh(server);
    expect(third.tools).toEqual({ added: [], removed: [], changed: [] });
    expect(events).toEqual([]);
    isDown = true;
    const fourth = await monitor.refresh(server);
    expect(fourth.health).toMatchObject({ reachable: 'no', cause: 'http-error', httpStatus: 503 });
    expect(fourth.discovery?.tools.map(({ name }) => name)).toEqual(['old', 'new']);
    expect(fourth.discovery?.stale).toContain('503');
    isDown = false;
    const fifth = await monitor.refresh(server);
    expect(fifth.health).toMatchObject({ reachable: 'yes', usable: 'ok' });
    expect(fifth.discovery?.stale).toBeUndefined();
  });

  it('takes a server that was well for down after three failed checks, and back at the first success', async () => {
    const handler = legacyHandler();
    let isDown = false;
    const upstream = await mock((request, response, message) => {
      if (isDown) response.writeHead(500).end();
      else handler(request, response, message);
    });
    const { monitor } = setUp({ intervalMs: 20 });
    const seen: string[] = [];
    monitor.subscribe(() => {
      const { reachable, message = '' } = monitor.health(path);
      seen.push(`${reachable} ${/Check \d of 3/.exec(message)?.[0] ?? ''}`.trim());
    });
    await monitor.start(catalogOf(serverAt(`${upstream.origin}/mcp`)));
    await until(() => monitor.discovery(path)?.toolsFetchedAt !== undefined);
    seen.length = 0;
    isDown = true;
    await until(() => monitor.discovery(path)?.stale !== undefined);
    expect(seen).toEqual(['yes Check 1 of 3', 'yes Check 2 of 3', 'no', 'no']);
    isDown = false;
    await until(() => monitor.discovery(path)?.stale === undefined);
    expect(monitor.health(path)).toMatchObject({ reachable: 'yes', usable: 'ok' });
  });

  it('joins a refresh that is under way', async () => {
    const sessions = new Set<string>();
    const upstream = await mock(legacyHandler({ sessions }));
    const server = serverAt(`${upstream.origin}/mcp`);
    const { monitor } = setUp();
    await monitor.start(catalogOf());
    await Promise.all([monitor.refresh(server), monitor.refresh(server), monitor.refresh(server)]);
    const lists = upstream.requests.filter(({ rpc }) => rpc === 'tools/list');
    expect(lists).toHaveLength(1);
  });

  it('leaves no session behind after fifty refreshes', async () => {
    const upstream = await startOldServer('streamable-http');
    closers.push(() => upstream.close());
    const server = serverAt(`${upstream.origin}/mcp`);
    const { monitor } = setUp();
    await monitor.start(catalogOf());
    for (let round = 0; round < 50; round += 1) {
      const { health } = await monitor.refresh(server);
      expect(health.usable).toBe('ok');
    }
    await until(() => upstream.openSessions() === 0);
    expect(upstream.allSessions()).toBeGreaterThanOrEqual(50);
  });

  it('does not let a hanging upstream delay twenty others', async () => {
    const hanging = await mock(() => undefined);
    const upstream = await mock(legacyHandler());
    const well = Array.from({ length: 20 }, (_, index) =>
      serverAt(`${upstream.origin}/mcp`, { path: `/well-${index}` }),
    );
    const stuck = serverAt(`${hanging.origin}/mcp`, { path: '/stuck' });
    const { monitor } = setUp({ timeoutMs: 15_000 });
    await monitor.start(catalogOf(stuck, ...well));
    await until(() => well.every((server) => monitor.health(server.path).usable === 'ok'));
    expect(monitor.health(stuck.path).reachable).toBe('unknown');
    await monitor.stop();
    await until(() => hanging.openConnections() === 0);
    expect(hanging.openConnections()).toBe(0);
  });

  it('forgets what it knew of another address', async () => {
    const one = await mock(legacyHandler({ tools: [tool('one', '')] }));
    const two = await mock(legacyHandler({ tools: [tool('two', '')] }));
    const { monitor } = setUp();
    await monitor.start(catalogOf(serverAt(`${one.origin}/mcp`)));
    await until(() => monitor.discovery(path) !== undefined);
    monitor.watch(catalogOf(serverAt(`${two.origin}/mcp`)));
    expect(monitor.health(path)).toEqual({ reachable: 'unknown', usable: 'unknown' });
    expect(monitor.discovery(path)).toBeUndefined();
    await until(() => monitor.discovery(path) !== undefined);
    expect(monitor.discovery(path)?.tools.map(({ name }) => name)).toEqual(['two']);
  });

  it('forgets a deleted server, in the store too', async () => {
    const upstream = await mock(legacyHandler());
    const { monitor, store } = setUp();
    await monitor.start(catalogOf(serverAt(`${upstream.origin}/mcp`)));
    await until(() => store.saved.has(path));
    monitor.watch(catalogOf());
    await until(() => !store.saved.has(path));
    expect(monitor.health(path)).toEqual({ reachable: 'unknown', usable: 'unknown' });
    expect(monitor.discovery(path)).toBeUndefined();
  });

  it('remembers after a restart what was discovered, but not of another address', async () => {
    const upstream = await mock(legacyHandler());
    const server = serverAt(`${upstream.origin}/mcp`, { enabled: false });
    const store = createMemoryStore();
    const before = setUp({}, store);
    await before.monitor.start(catalogOf());
    await before.monitor.refresh(server);
    await before.monitor.stop();
    const asked = upstream.requests.length;

    const after = setUp({}, store);
    await after.monitor.start(catalogOf(server));
    expect(after.monitor.discovery(path)?.tools).toHaveLength(1);
    expect(upstream.requests).toHaveLength(asked);

    const moved: Server = serverAt('http://127.0.0.1:9/mcp', { enabled: false });
    const elsewhere = setUp({}, store);
    await elsewhere.monitor.start(catalogOf(moved));
    expect(elsewhere.monitor.discovery(path)).toBeUndefined();
  });

  it('lists the tools anew where the list that it remembers was noted by a clock that was ahead', async () => {
    const upstream = await mock(legacyHandler());
    const server = serverAt(`${upstream.origin}/mcp`);
    const store = createMemoryStore();
    const before = setUp({}, store);
    await before.monitor.start(catalogOf());
    const { discovery } = await before.monitor.refresh(server);
    await before.monitor.stop();
    if (discovery === undefined) throw new Error('nothing was discovered');
    store.saved.set(path, { ...discovery, toolsFetchedAt: '2090-01-01T00:00:00.000Z' });

    const { monitor } = setUp({}, store);
    await monitor.start(catalogOf(server));
    await until(() => monitor.health(path).reachable === 'yes');
    expect(upstream.requests.filter(({ rpc }) => rpc === 'tools/list')).toHaveLength(2);
  });

  it('asks an old server for the new protocol once, not at every check', async () => {
    const upstream = await mock(legacyHandler());
    const { monitor } = setUp({ intervalMs: 10 });
    await monitor.start(catalogOf(serverAt(`${upstream.origin}/mcp`)));
    const count = (rpc: string) => upstream.requests.filter((seen) => seen.rpc === rpc).length;
    await until(() => count('initialize') > 6);
    expect(count('server/discover')).toBe(1);
    expect(count('tools/list')).toBe(1);
  });
});

function tool(name: string, description: string) {
  return { name, description, inputSchema: { type: 'object' } };
}
