import type { Discovery } from '../../registry/catalog/discovery.js';
import type { Server } from '../../registry/catalog/server.js';
import { UNKNOWN_HEALTH, type Health } from '../../registry/upstream/health.js';
import type { MonitorEvent, UpstreamMonitor } from '../../registry/upstream/monitor.js';

/** A monitor that knows what it is told. */
export interface FakeMonitor extends UpstreamMonitor {
  setHealth(path: string, health: Health): void;
  setDiscovery(path: string, discovery: Discovery): void;
  /** What was checked once, without being watched. */
  readonly probed: Server[];
  /** Lets a real one look. */
  answerProbes(probe: UpstreamMonitor['probe']): void;
}

export function createFakeMonitor(): FakeMonitor {
  const healths = new Map<string, Health>();
  const discoveries = new Map<string, Discovery>();
  const listeners = new Set<(event: MonitorEvent) => void>();
  const tell = (type: MonitorEvent['type'], path: string) => {
    for (const listener of listeners) listener({ type, path: path as MonitorEvent['path'] });
  };
  const probed: Server[] = [];
  let look: UpstreamMonitor['probe'] = () => Promise.resolve({ assessment: UNKNOWN_HEALTH });
  const none = { added: [], removed: [], changed: [] };
  return {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    watch: () => undefined,
    health: (path) => healths.get(path) ?? UNKNOWN_HEALTH,
    checks: (path) => {
      const health = healths.get(path);
      return health === undefined ? [] : [health];
    },
    discovery: (path) => discoveries.get(path),
    refresh: (server) => {
      const discovery = discoveries.get(server.path);
      const names = discovery?.tools.map(({ name }) => name) ?? [];
      return Promise.resolve({
        health: healths.get(server.path) ?? UNKNOWN_HEALTH,
        ...(discovery && { discovery }),
        tools: { ...none, added: names },
        prompts: none,
        resources: none,
      });
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setHealth: (path, health) => {
      healths.set(path, health);
      tell('health', path);
    },
    setDiscovery: (path, discovery) => {
      discoveries.set(path, discovery);
      tell('discovery', path);
    },
    probed,
    probe: (server, signal) => {
      probed.push(server);
      return look(server, signal);
    },
    answerProbes: (probe) => {
      look = probe;
    },
  };
}

/** What discovery would have found behind `url`. */
export function discoveryOf(url: string, toolNames: readonly string[]): Discovery {
  return {
    of: url,
    endpoint: { url: `${url}mcp`, transport: 'streamable-http' },
    era: 'modern',
    protocolVersion: '2026-07-28',
    capabilities: ['tools'],
    tools: toolNames.map((name) => ({
      name,
      description: `Does ${name}`,
      inputSchema: { type: 'object' },
      _meta: { internal: true },
    })),
    prompts: [],
    resources: [],
    toolsFetchedAt: '2026-01-02T03:04:05.000Z',
    warnings: [],
  };
}
