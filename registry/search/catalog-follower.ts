import { setImmediate as others } from 'node:timers/promises';
import type { Discovery } from '../catalog/discovery.js';
import type { Server } from '../catalog/server.js';
import type { ServerPath } from '../catalog/server-path.js';
import type { Store } from '../store/store.js';
import type { ToolSink } from './tool-entry.js';

/** Where tools come from: what the monitor knows of it. */
export interface DiscoverySource {
  discovery(path: ServerPath): Discovery | undefined;
  subscribe(
    listener: (event: { readonly type: string; readonly path: ServerPath }) => void,
  ): () => void;
}

export interface CatalogFollower {
  /**
   * Makes sure that nothing was missed: what was remembered from before the start is not told of as a change. Where that
   * is much, others get their turn meanwhile.
   */
  refresh(): Promise<void>;
  /** Stops listening, and a refresh under way. */
  close(): void;
}

/** So many milliseconds may be worked on end. */
const SLICE_MS = 10;

/** What of a server was passed on; other objects mean that there may be something to do. */
interface Passed {
  readonly server: Server;
  readonly discovery: Discovery | undefined;
}

/** Tells indices of tools what the catalog and discovery say, as they change, server by server. */
export function followCatalog(deps: {
  readonly store: Pick<Store, 'state' | 'subscribe'>;
  readonly discoveries: DiscoverySource;
  readonly sinks: readonly ToolSink[];
}): CatalogFollower {
  const { store, discoveries, sinks } = deps;
  const passed = new Map<ServerPath, Passed>();
  let isClosed = false;

  const forget = (path: ServerPath) => {
    for (const sink of sinks) sink.remove(path);
    passed.delete(path);
  };
  const refreshOne = (path: ServerPath) => {
    const server = store.state().catalog.servers.get(path);
    if (server === undefined) {
      forget(path);
      return;
    }
    const discovery = discoveries.discovery(path);
    const before = passed.get(path);
    if (before?.server === server && before.discovery === discovery) return;
    // What was found at another address says nothing of the present one.
    const tools = discovery?.of === server.url ? discovery.tools : [];
    for (const sink of sinks) sink.put(server, tools);
    passed.set(path, { server, discovery });
  };
  const refresh = async () => {
    const { servers } = store.state().catalog;
    for (const path of [...passed.keys()]) if (!servers.has(path)) forget(path);
    let begin = performance.now();
    for (const path of servers.keys()) {
      if (isClosed) return;
      refreshOne(path);
      if (performance.now() - begin < SLICE_MS) continue;
      await others();
      begin = performance.now();
    }
  };
  const leaves = [
    store.subscribe((state, before) => {
      const { servers } = state.catalog;
      for (const path of before.catalog.servers.keys()) if (!servers.has(path)) forget(path);
      for (const [path, server] of servers) {
        if (server !== before.catalog.servers.get(path)) refreshOne(path);
      }
    }),
    discoveries.subscribe(({ type, path }) => {
      if (type === 'discovery') refreshOne(path);
    }),
  ];
  const close = () => {
    isClosed = true;
    for (const leave of leaves) leave();
  };
  return { refresh, close };
}
