import type { Account, TokenRecord } from '../access/account.js';
import type { Group } from '../access/group.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Discovery } from '../catalog/discovery.js';
import type { ServerPath } from '../catalog/server-path.js';

/** Everything that people decided. A value: never mutated, replaced by each commit. */
export interface RegistryState {
  /** Counts commits; 0 is the empty state of a new installation. */
  readonly revision: number;
  readonly catalog: Catalog;
  readonly accounts: readonly Account[];
  readonly groups: readonly Group[];
  readonly tokens: readonly TokenRecord[];
}

/** Whether the store takes changes, and if not, what to do about it. */
export type StoreHealth =
  | { readonly writable: true }
  | { readonly writable: false; readonly reason: string; readonly remedy: string };

export type StateChange = Partial<Omit<RegistryState, 'revision'>>;

/** The one place of truth for what people decided. */
export interface Store {
  /** The newest committed state; cheap. */
  state(): RegistryState;
  /**
   * Runs `change` on the newest state, one at a time, and makes the result durable before it resolves.
   * What `change` throws is passed on and nothing is written. `revision` is the one the commit will have.
   * @throws RegistryError `store-read-only`, `store-write-failed` (the old state stays in force)
   */
  commit(change: (state: RegistryState, revision: number) => StateChange): Promise<RegistryState>;
  health(): StoreHealth;
  /** Calls back after each commit. Returns the way to stop it. */
  subscribe(listener: (state: RegistryState, before: RegistryState) => void): () => void;
  close(): Promise<void>;
}

/** What discovery learned, kept beside the state because it is large and can be learned again. */
export interface DiscoveryStore {
  /** Everything that was saved; unreadable entries are left out and logged. */
  load(): Promise<ReadonlyMap<ServerPath, Discovery>>;
  save(path: ServerPath, discovery: Discovery): Promise<void>;
  remove(path: ServerPath): Promise<void>;
}

/** When tokens were used last: times in ISO 8601 by the id of the token. Losing the newest of them does no harm. */
export interface TokenUseStore {
  /** Everything that was saved; nothing when it cannot be read, and then that is logged. */
  load(): Promise<ReadonlyMap<string, string>>;
  /** Replaces what was saved. */
  save(uses: ReadonlyMap<string, string>): Promise<void>;
}
