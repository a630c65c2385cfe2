import type { ServerAccess } from '../access/policy.js';
import type { Principal, Visibility } from '../access/principal.js';
import { seesInvalid, viewThrough } from '../access/visibility.js';
import type { Discovery } from '../catalog/discovery.js';
import type { Server } from '../catalog/server.js';
import type { ServerPath } from '../catalog/server-path.js';
import { summaryOf } from '../operations/servers/server-summary.js';
import { factsOf, viewInvalidRecord, type ServerView } from '../operations/servers/server-view.js';
import type { ServerViewer } from '../operations/servers/server-viewer.js';
import type { SystemOperations } from '../operations/system/system-operations.js';
import type { Store } from '../store/store.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import type { WholeView } from './audience.js';
import { listsMark } from './lists-mark.js';
import type { SeenEntry, View } from './view.js';

/** All that decides what somebody sees here. */
export interface Scope {
  readonly visibility: Visibility;
  /** Whether they see the gateway in full. */
  readonly seesGateway: boolean;
}

export function scopeOf({ visibility, permissions }: Principal): Scope {
  return { visibility, seesGateway: permissions.has('gateway:read') };
}

/** Equal for scopes in which the same is seen. */
export function keyOfScope({ visibility, seesGateway }: Scope): string {
  const { all, owner, groups, server } = visibility;
  return JSON.stringify([all, owner, [...groups].sort(), server, seesGateway]);
}

/** How things are at one moment. */
export interface Moment {
  /** Every path that anybody could see. */
  readonly paths: ReadonlySet<string>;
  whole(scope: Scope): WholeView;
  /** Worked out as it is asked for. */
  view(scope: Scope): View;
}

export interface ViewSource {
  /** Forgets what was written of these servers; absent: of all. */
  forget(paths?: Iterable<string>): void;
  moment(): Moment;
}

/** Writes what is seen of servers. What everybody with full sight sees of one is written once and kept. */
export function createViewSource(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly viewer: ServerViewer;
  readonly monitor: Pick<UpstreamMonitor, 'discovery'>;
  readonly system: Pick<SystemOperations, 'gatewayStatus'>;
}): ViewSource {
  const { store, viewer, monitor, system } = deps;
  const inFull = new Map<string, SeenEntry>();

  const moment = (): Moment => {
    const { catalog, groups } = store.state();
    const paths = new Set<string>([
      ...catalog.servers.keys(),
      ...catalog.invalid.map(({ path }) => path),
    ]);
    const show = viewer();
    const invalid = new Map(catalog.invalid.map((record) => [record.path, record]));
    const status = system.gatewayStatus();
    const { state, generation } = status;
    const gateway = { full: JSON.stringify(status), short: JSON.stringify({ state, generation }) };

    const write = (server: Server, seen: ServerAccess): SeenEntry => {
      const kept = seen.kind === 'all' ? inFull.get(server.path) : undefined;
      if (kept !== undefined) return kept;
      const discovery = factsOf(server, monitor.discovery(server.path));
      const entry = entryOf(show({ server, seen }), discovery, seen);
      if (seen.kind === 'all') inFull.set(server.path, entry);
      return entry;
    };
    const seer = ({ visibility }: Scope) => {
      const access = viewThrough(visibility, groups);
      return (path: string): SeenEntry | undefined => {
        const server = catalog.servers.get(path as ServerPath);
        if (server !== undefined) {
          const seen = access(server);
          return seen.kind === 'none' ? undefined : write(server, seen);
        }
        const record = seesInvalid(visibility, path) ? invalid.get(path) : undefined;
        return record && entryOf(viewInvalidRecord(record), undefined, { kind: 'all' });
      };
    };
    const gatewayFor = ({ seesGateway }: Scope) => (seesGateway ? gateway.full : gateway.short);
    return {
      paths,
      view: (scope) => ({ servers: { get: seer(scope) }, gateway: gatewayFor(scope) }),
      whole: (scope) => {
        const see = seer(scope);
        const servers = new Map<string, SeenEntry>();
        for (const path of paths) {
          const entry = see(path);
          if (entry !== undefined) servers.set(path, entry);
        }
        return { servers, gateway: gatewayFor(scope) };
      },
    };
  };
  return {
    moment,
    forget: (changed) => {
      if (changed === undefined) inFull.clear();
      else for (const path of changed) inFull.delete(path);
    },
  };
}

/** The lists are only told from others where something may be different: to read all of thousands of servers takes a second. */
function entryOf(
  view: ServerView,
  discovery: Discovery | undefined,
  seen: ServerAccess,
): SeenEntry {
  let mark: string | undefined;
  return {
    summary: JSON.stringify(summaryOf(view)),
    get lists() {
      return (mark ??= listsMark(discovery, seen));
    },
    found: seen.kind === 'all' ? discovery : undefined,
  };
}
