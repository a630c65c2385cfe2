import type { RegistryState, Store, StoreHealth } from '../../registry/store/store.js';
import { EMPTY_CATALOG, type Catalog } from '../../registry/catalog/catalog.js';
import { RegistryError } from '../../registry/errors.js';

/** A store that forgets everything at the end. */
export interface MemoryStore extends Store {
  /** Makes it read-only, or writable again. */
  setHealth(health: StoreHealth): void;
}

export function createMemoryStore(initial: Partial<RegistryState> = {}): MemoryStore {
  let state: RegistryState = {
    revision: 0,
    catalog: EMPTY_CATALOG,
    accounts: [],
    groups: [],
    tokens: [],
    registries: [],
    ...initial,
  };
  let health: StoreHealth = { writable: true };
  let catalogRevision = state.revision;
  const earlier = new Map<number, Catalog>();
  const listeners = new Set<(state: RegistryState, before: RegistryState) => void>();
  return {
    state: () => state,
    commit: async (change) => {
      await Promise.resolve();
      if (!health.writable) throw new RegistryError('store-read-only', health.reason);
      const before = state;
      const revision = before.revision + 1;
      state = { ...before, ...change(before, revision), revision };
      if (state.catalog !== before.catalog) {
        earlier.set(catalogRevision, before.catalog);
        catalogRevision = revision;
      }
      for (const listener of listeners) listener(state, before);
      return state;
    },
    catalogs: {
      revision: () => catalogRevision,
      kept: () => Promise.resolve(new Set(earlier.keys())),
      read: (revision) => Promise.resolve(earlier.get(revision)),
    },
    health: () => health,
    setHealth: (next) => {
      health = next;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
}
