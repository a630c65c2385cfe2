import { isDeepStrictEqual } from 'node:util';
import type { Discovery } from '../catalog/discovery.js';
import type { Server } from '../catalog/server.js';
import type { ServerPath } from '../catalog/server-path.js';
import type { Watched } from './check-timers.js';
import type { DiscoveryJournal } from './discovery-journal.js';
import type { MonitorEvent } from './monitor.js';
import type { ServerWatch } from './server-watch.js';

export interface WatchListDeps {
  readonly open: (server: Server, discovery: Discovery | undefined) => ServerWatch;
  readonly journal: DiscoveryJournal;
  readonly emit: (event: MonitorEvent) => void;
}

/** Which servers are under watch, and what becomes of what is known when the catalog changes. */
export interface WatchList {
  get(path: ServerPath): Watched | undefined;
  /** Brings one server up to date; `isDue` tells whether it is to be checked soon. */
  adopt(
    server: Server,
    remembered?: Discovery,
  ): { readonly entry: Watched; readonly isDue: boolean };
  /** Forgets the servers that are not among `paths`. */
  keepOnly(paths: ReadonlyMap<ServerPath, unknown>): void;
  closeAll(): Promise<void>;
}

export function createWatchList({ open, journal, emit }: WatchListDeps): WatchList {
  const watched = new Map<ServerPath, Watched>();
  const closing = new Set<Promise<void>>();

  const close = (entry: Watched) => {
    entry.isClosed = true;
    clearTimeout(entry.timer);
    const closed: Promise<void> = entry.watch.stop().finally(() => closing.delete(closed));
    closing.add(closed);
  };

  const start = (server: Server, discovery: Discovery | undefined) => {
    const entry: Watched = { server, watch: open(server, discovery), isClosed: false };
    watched.set(server.path, entry);
    return entry;
  };

  const adoptNew = (server: Server, remembered: Discovery | undefined) => {
    const valid = remembered?.of === server.url ? remembered : undefined;
    return { entry: start(server, valid), isDue: server.enabled || valid === undefined };
  };

  const update = (entry: Watched, server: Server) => {
    const isEnabledNow = server.enabled && !entry.server.enabled;
    entry.server = server;
    if (!server.enabled) clearTimeout(entry.timer);
    return { entry, isDue: isEnabledNow };
  };

  /** Another address or another way to it: what was found there says nothing any more. */
  const move = (before: Watched, server: Server) => {
    const { path } = server;
    const known = before.watch.discovery();
    const valid = known?.of === server.url ? stillKnown(known, before.server, server) : undefined;
    close(before);
    const entry = start(server, valid);
    emit({ type: 'health', path });
    if (known !== undefined && valid === undefined) {
      journal.remove(path);
      emit({ type: 'discovery', path });
    }
    return { entry, isDue: true };
  };

  return {
    get: (path) => watched.get(path),
    adopt(server, remembered) {
      const before = watched.get(server.path);
      if (before === undefined) return adoptNew(server, remembered);
      return isSameTarget(before.server, server) ? update(before, server) : move(before, server);
    },
    keepOnly(paths) {
      for (const [path, entry] of watched) {
        if (paths.has(path)) continue;
        watched.delete(path);
        close(entry);
        journal.remove(path);
      }
    },
    async closeAll() {
      for (const entry of watched.values()) close(entry);
      await Promise.all(closing);
    },
  };
}

/** Whether a check of one says something of the other. */
function isSameTarget(one: Server, other: Server): boolean {
  return (
    one.url === other.url &&
    one.transport === other.transport &&
    one.hostHeader === other.hostHeader &&
    one.tls.verify === other.tls.verify &&
    one.tls.caPem === other.tls.caPem &&
    isDeepStrictEqual(one.auth, other.auth)
  );
}

/** Who is let in under another name may be offered other tools. */
function stillKnown(known: Discovery, before: Server, server: Server): Discovery {
  if (isDeepStrictEqual(before.auth, server.auth)) return known;
  return { ...known, stale: 'The credential was changed; the tools are to be listed anew.' };
}
