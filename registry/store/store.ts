import type { Account, TokenRecord } from '../access/account.js';
import type { Group } from '../access/group.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Discovery } from '../catalog/discovery.js';
import type { RepositoryFinding } from '../catalog/repository.js';
import type { RegistrySource } from '../catalog/registry-source.js';
import type { ServerPath } from '../catalog/server-path.js';
import type { ServerReview } from '../catalog/tool-review.js';

/** Everything that people decided. A value: never mutated, replaced by each commit. */
export interface RegistryState {
  /** Counts commits; 0 is the empty state of a new installation. */
  readonly revision: number;
  readonly catalog: Catalog;
  readonly accounts: readonly Account[];
  readonly groups: readonly Group[];
  readonly tokens: readonly TokenRecord[];
  /** Registries that servers are pulled from. */
  readonly registries: readonly RegistrySource[];
}

/** Whether the store takes changes, and if not, what to do about it. */
export type StoreHealth =
  | { readonly writable: true }
  | { readonly writable: false; readonly reason: string; readonly remedy: string };

export type StateChange = Partial<Omit<RegistryState, 'revision'>>;

/** Catalogs that were in force before, as far as they are kept. */
export interface CatalogHistory {
  /** The revision from which on the present catalog is in force; after a start the one that was loaded. */
  revision(): number;
  /** Such revisions of earlier catalogs. */
  kept(): Promise<ReadonlySet<number>>;
  /** Undefined when it is not kept or cannot be read. */
  read(revision: number): Promise<Catalog | undefined>;
}

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
  readonly catalogs: CatalogHistory;
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

/** What people have read of the tools of servers. It cannot be had again, so that damaged records are kept as they are. */
export interface ReviewStore {
  /** Everything that was saved, and of servers whose record is damaged what is wrong and what to do. */
  load(): Promise<{
    readonly reviews: ReadonlyMap<ServerPath, ServerReview>;
    readonly unreadable: ReadonlyMap<ServerPath, string>;
  }>;
  /** Durable when it resolves. @throws RegistryError `store-read-only` for a damaged record; what the disk says */
  save(path: ServerPath, review: ServerReview): Promise<void>;
  /** Leaves a damaged record where it is. */
  remove(path: ServerPath): Promise<void>;
}

/** When tokens were used last: times in ISO 8601 by the id of the token. Losing the newest of them does no harm. */
export interface TokenUseStore {
  /** Everything that was saved; nothing when it cannot be read, and then that is logged. */
  load(): Promise<ReadonlyMap<string, string>>;
  /** Replaces what was saved. */
  save(uses: ReadonlyMap<string, string>): Promise<void>;
}

/** Vectors of texts by the hash of what they were made from: a cache that costs money or time to make again. */
export interface VectorStore {
  /** Everything that was saved; nothing when it cannot be read, and then that is logged. */
  load(): Promise<ReadonlyMap<string, Float32Array>>;
  /** Adds to what was saved, whose vectors are as long. @throws what the disk says */
  append(vectors: ReadonlyMap<string, Float32Array>): Promise<void>;
  /** Replaces what was saved. All vectors have the same length. @throws what the disk says */
  replace(vectors: ReadonlyMap<string, Float32Array>): Promise<void>;
}

/** What GitHub told of a repository, and the tag by which it tells whether that still holds. */
export type RepositoryRecord = RepositoryFinding & { readonly etag?: string | undefined };

/** What is known of repositories, by owner and name: a cache that can be made again. */
export interface RepositoryStore {
  /** Everything that was saved; nothing when it cannot be read, and then that is logged. */
  load(): Promise<ReadonlyMap<string, RepositoryRecord>>;
  /** Replaces what was saved. @throws what the disk says */
  save(records: ReadonlyMap<string, RepositoryRecord>): Promise<void>;
}

/** Files with what was counted of calls. What they say is the business of those who write them. */
export interface UsageStore {
  /** What was counted and up to where, in one text; undefined before the first time. @throws what the disk says */
  readState(): Promise<string | undefined>;
  /** Replaces it: after a crash there is the old text or the new one. */
  writeState(text: string): Promise<void>;
  /** Puts a state that cannot be read out of the way; it is kept. */
  setStateAside(): Promise<void>;
  /** Adds a line to a file; durable when it resolves. A crash may leave a part of the line. */
  append(name: string, line: string): Promise<void>;
  /** The files with lines, by name. */
  list(): Promise<readonly { readonly name: string; readonly bytes: number }[]>;
  /** Lines of a file, those that a crash cut off among them; none when there is no such file. */
  read(name: string): Promise<readonly string[]>;
  remove(name: string): Promise<void>;
}
