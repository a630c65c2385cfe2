import type { SecureContext } from 'node:tls';
import type { Discovery } from '../catalog/discovery.js';
import type { Server } from '../catalog/server.js';
import type { ServerPath } from '../catalog/server-path.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { Trace } from '../trace.js';
import type { UpstreamCredentials } from './credentials.js';
import type { DiscoveryStore } from '../store/store.js';
import { createCheckTimers } from './check-timers.js';
import { compareDiscoveries } from './discovery-change.js';
import { createDiscoveryJournal } from './discovery-journal.js';
import { UNKNOWN_HEALTH } from './health.js';
import type { MonitorEvent, UpstreamMonitor } from './monitor.js';
import type { OutboundGuard } from './outbound-guard.js';
import { createServerWatch } from './server-watch.js';
import { createSingleProbe } from './single-probe.js';
import { createWatchList } from './watch-list.js';

export interface UpstreamMonitorDeps {
  readonly store: DiscoveryStore;
  readonly guard: OutboundGuard;
  /** What servers want to see of us; absent: nothing. */
  readonly credentials?: UpstreamCredentials;
  readonly config: {
    readonly intervalMs: number;
    readonly timeoutMs: number;
    readonly toolsRefreshMs: number;
    readonly publicUrl: string;
    /** Authorities for servers that name none of their own; Node's where absent. */
    readonly systemTrust?: SecureContext;
  };
  readonly log: Log;
  readonly trace?: Trace;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
}

/** The first checks after a start are spread over this time, */
const START_SPREAD_MS = 2000;
/** or so much for each server, where they are very many: a check takes a millisecond or two of processor time. */
const START_SPREAD_EACH_MS = 4;

/** Watches the servers of the catalog: enabled ones on a schedule, the others when they are new or moved. */
export function createUpstreamMonitor(deps: UpstreamMonitorDeps): UpstreamMonitor {
  const { store, config, log, clock: now = Date.now, random = Math.random } = deps;
  const listeners = new Set<(event: MonitorEvent) => void>();
  const journal = createDiscoveryJournal(store, log);
  const timers = createCheckTimers({ intervalMs: config.intervalMs, random, log });
  const means = { ...config, ...deps };
  let state: 'new' | 'running' | 'stopped' = 'new';
  /** The catalog that was told of last: it may change while `start` waits for what was remembered. */
  let newest: ReadonlyMap<ServerPath, Server> = new Map();

  const isStopped = () => state === 'stopped';

  const emit = (event: MonitorEvent) => {
    for (const listener of [...listeners]) {
      try {
        listener(event);
      } catch (error) {
        log.error('A listener of the monitor failed', { error: messageOf(error) });
      }
    }
  };

  const open = (server: Server, discovery: Discovery | undefined) => {
    const { path } = server;
    const changed = (type: MonitorEvent['type']) => emit({ type, path });
    const save = (learned: Discovery) => journal.save(path, learned);
    return createServerWatch({ ...means, now, changed, save }, server, discovery);
  };

  const list = createWatchList({ open, journal, emit });

  const watchAll = (
    servers: ReadonlyMap<ServerPath, Server>,
    spreadMs: number,
    remembered?: ReadonlyMap<ServerPath, Discovery>,
  ) => {
    list.keepOnly(servers);
    for (const [path, server] of servers) {
      const { entry, isDue } = list.adopt(server, remembered?.get(path));
      if (isDue) timers.soon(entry, spreadMs * random());
    }
  };

  return {
    async start(servers) {
      newest = servers;
      const remembered = await store.load();
      if (isStopped()) return;
      for (const path of remembered.keys()) if (!newest.has(path)) journal.remove(path);
      state = 'running';
      const spreadMs = Math.max(START_SPREAD_MS, newest.size * START_SPREAD_EACH_MS);
      watchAll(newest, Math.min(spreadMs, config.intervalMs / 2), remembered);
    },
    async stop() {
      state = 'stopped';
      await list.closeAll();
      await journal.settled();
    },
    watch(servers) {
      newest = servers;
      if (state === 'running') watchAll(servers, 0);
    },
    health: (path) => list.get(path)?.watch.health() ?? UNKNOWN_HEALTH,
    checks: (path) => list.get(path)?.watch.checks() ?? [],
    discovery: (path) => list.get(path)?.watch.discovery(),
    async refresh(server) {
      const { entry } = list.adopt(server);
      const before = entry.watch.discovery();
      await entry.watch.check({ isFull: true, isDecisive: true });
      await journal.settled();
      timers.next(entry);
      const discovery = entry.watch.discovery();
      return {
        health: entry.watch.health(),
        ...(discovery !== undefined && { discovery }),
        ...compareDiscoveries(before, discovery),
      };
    },
    probe: createSingleProbe(means),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
