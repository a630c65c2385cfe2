import type { ServerPath } from '../catalog/server-path.js';
import type { Gateway } from '../gateway/gateway.js';
import { urgencyOf } from '../gateway/urgency.js';
import type { Store } from '../store/store.js';
import type { AddressBook } from '../upstream/address-book.js';
import type { CredentialFiles } from '../upstream/credential-files.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import type { RepositoryBook } from '../upstream/repository-book.js';

/** A committed change is passed on to everybody whom it concerns. */
export function joinParts(parts: {
  readonly store: Store;
  readonly monitor: UpstreamMonitor;
  readonly addresses: AddressBook;
  readonly gateway: Gateway;
  readonly files: CredentialFiles;
  readonly repositories: Pick<RepositoryBook, 'watch'>;
}): () => void {
  const { store, monitor, addresses, gateway, files, repositories } = parts;
  const endpoints = trackEndpoints(monitor);
  const leaves = [
    store.subscribe((state, before) => {
      if (state.catalog === before.catalog) return;
      // First of all: a route must find its credential.
      files.sync(state.catalog.servers);
      addresses.watch(state.catalog.servers);
      monitor.watch(state.catalog.servers);
      repositories.watch(state.catalog.servers);
      gateway.changed(urgencyOf(before.catalog, state.catalog));
    }),
    addresses.subscribe(() => gateway.changed('soon')),
    monitor.subscribe(({ type, path }) => {
      if (type === 'discovery' && endpoints.isNew(path)) gateway.changed('soon');
    }),
  ];
  return () => leaves.forEach((leave) => leave());
}

/** Most of what discovery learns, such as tools, is nothing to nginx. */
function trackEndpoints(monitor: UpstreamMonitor): { isNew(path: ServerPath): boolean } {
  const known = new Map<ServerPath, string | undefined>();
  return {
    isNew(path) {
      const found = JSON.stringify(monitor.discovery(path)?.endpoint);
      if (known.get(path) === found) return false;
      known.set(path, found);
      return true;
    },
  };
}
