import type { Discovery, DiscoveryChange } from '../catalog/discovery.js';
import type { Server } from '../catalog/server.js';
import type { ServerPath } from '../catalog/server-path.js';
import type { CheckResult } from './check-server.js';
import type { Health } from './health.js';

/** What "check now" found, and what is different from before. */
interface RefreshResult {
  readonly health: Health;
  readonly discovery?: Discovery;
  readonly tools: DiscoveryChange;
  readonly prompts: DiscoveryChange;
  readonly resources: DiscoveryChange;
}

export interface MonitorEvent {
  readonly type: 'health' | 'discovery';
  readonly path: ServerPath;
}

/** Knows how the servers are and what they offer; probes them on a schedule and on demand. */
export interface UpstreamMonitor {
  /** Loads what was discovered before and starts the schedule. No upstream I/O is awaited. */
  start(servers: ReadonlyMap<ServerPath, Server>): Promise<void>;
  /** Ends the schedule and every probe under way. */
  stop(): Promise<void>;
  /** Takes note of a changed catalog: new and re-addressed servers are probed soon. */
  watch(servers: ReadonlyMap<ServerPath, Server>): void;
  health(path: ServerPath): Health;
  /** What the last checks found, at most 50, newest first. They are forgotten at the end of the process. */
  checks(path: ServerPath): readonly Health[];
  discovery(path: ServerPath): Discovery | undefined;
  /** Checks and lists one server now, with the same code as the schedule, and stores the result. */
  refresh(server: Server): Promise<RefreshResult>;
  /**
   * Checks a server that need not be in the catalog, once, with the same code as the schedule and within 30 seconds. It
   * remembers nothing, and few run at a time. Never throws.
   */
  probe(server: Server, signal: AbortSignal): Promise<CheckResult>;
  subscribe(listener: (event: MonitorEvent) => void): () => void;
}
