import { Mutex } from 'async-mutex';
import { Low } from 'lowdb';
import path from 'node:path';
import { messageOf, RegistryError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { RegistryState, StateChange, Store, StoreHealth } from '../store.js';
import { createBackups } from './backups.js';
import { createCatalogFiles } from './catalog-files.js';
import { createDurableJsonFile } from './durable-json-file.js';
import { ensureDirectory, NotDurable, removeStaleTemporaries } from './durable-write.js';
import { freezeDeeply } from './freeze-deeply.js';
import { loadRegistry, type LoadedRegistry } from './load-registry.js';
import {
  formatRegistryDocument,
  parseRegistryDocument,
  writeRegistryDocument,
  type RegistryDocument,
} from './registry-document.js';
import { acquireStoreLock, lostLock, type StoreLock } from './store-lock.js';

const FILE = 'registry.json';

/**
 * Keeps the state in `dataDir`/registry.json, for one registry at a time.
 * A file that cannot be used makes a read-only store, see `health()`.
 * @throws DataDirLockedError when another registry uses the directory
 */
export async function createFileStore({
  dataDir,
  log,
}: {
  readonly dataDir: string;
  readonly log: Log;
}): Promise<Store> {
  await ensureDirectory(dataDir);
  const lock = await acquireStoreLock(dataDir, log);
  try {
    return await openStore(dataDir, log, lock);
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

async function openStore(dataDir: string, log: Log, lock: StoreLock): Promise<Store> {
  const file = path.join(dataDir, FILE);
  if (lock.fault === undefined) await removeStaleTemporaries(dataDir, FILE);
  const backups = createBackups({ file, directory: path.join(dataDir, 'backups'), log });
  const json = createDurableJsonFile({
    file,
    parse: parseRegistryDocument,
    format: formatRegistryDocument,
    beforeReplace: () => backups.keep(store.state().revision),
  });
  const loaded = await loadRegistry({ file, json, backups, log });
  const db = new Low(json, writeRegistryDocument(loaded.state, loaded.aside));
  const store = createStore({ dataDir, log, lock, loaded, db });
  return store;
}

interface StoreParts {
  readonly dataDir: string;
  readonly log: Log;
  readonly lock: StoreLock;
  readonly loaded: LoadedRegistry;
  readonly db: Low<RegistryDocument>;
}

function createStore({ dataDir, log, lock, loaded, db }: StoreParts): Store {
  let { state, lastRevision } = loaded;
  let health = lock.fault ?? loaded.health;
  let lockFault: StoreHealth | undefined;
  const catalogs = createCatalogFiles(dataDir, path.join(dataDir, FILE), state.revision, log);
  const mutex = new Mutex();
  const listeners = new Set<Listener>();

  /** Another process may have taken over from one that was suspended, and knows a newer state. */
  async function requireLock(): Promise<void> {
    const held = await lock.isHeld().catch((thrown: unknown) => {
      throw writeFailed(thrown);
    });
    lockFault = held ? undefined : lostLock(dataDir);
    if (lockFault !== undefined) requireWritable(lockFault);
  }

  return {
    state: () => state,
    health: () => lockFault ?? health,
    catalogs,

    commit: (change) =>
      mutex.runExclusive(async () => {
        requireWritable(health);
        await requireLock();
        const before = state;
        const revision = lastRevision + 1;
        const next = frozenNext(before, change(before, revision), revision);
        await catalogs.beforeCommit(before, next);
        await persist(db, writeRegistryDocument(next, loaded.aside));
        catalogs.committed(before, next);
        state = next;
        lastRevision = revision;
        for (const listener of listeners) notify(listener, next, before, log);
        return next;
      }),

    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    close: () =>
      mutex.runExclusive(async () => {
        health = { writable: false, reason: 'The store is closed.', remedy: 'Start the registry.' };
        await lock.release();
      }),
  };
}

/** What `db` holds is what is on disk: a document that was not written does not stay in it. */
async function persist(db: Low<RegistryDocument>, next: RegistryDocument): Promise<void> {
  const before = db.data;
  db.data = next;
  try {
    await db.write();
  } catch (thrown) {
    db.data = before;
    // Whoever starts next must not find in force what was refused now.
    if (thrown instanceof NotDurable) await db.write().catch(() => undefined);
    throw writeFailed(thrown);
  }
}

function writeFailed(cause: unknown): RegistryError {
  const message = `The change was not saved, and the state before it stays in force: ${messageOf(cause)}`;
  return new RegistryError('store-write-failed', message, { cause });
}

type Listener = Parameters<Store['subscribe']>[0];

function requireWritable(health: StoreHealth): void {
  if (health.writable) return;
  throw new RegistryError('store-read-only', `${health.reason} ${health.remedy}`);
}

/** The state that follows; only what is new is walked, so that a commit costs what it changes. */
function frozenNext(before: RegistryState, change: StateChange, revision: number): RegistryState {
  const { catalog, accounts, groups, tokens, registries } = { ...before, ...change };
  for (const [serverPath, server] of catalog.servers) {
    if (before.catalog.servers.get(serverPath) !== server) freezeDeeply(server);
  }
  if (catalog.invalid !== before.catalog.invalid) freezeDeeply(catalog.invalid);
  const lists = { accounts, groups, tokens, registries };
  for (const list of ['accounts', 'groups', 'tokens', 'registries'] as const) {
    if (lists[list] !== before[list]) freezeDeeply(lists[list]);
  }
  return Object.freeze({ revision, catalog: Object.freeze(catalog), ...lists });
}

/** A listener's fault is not a fault of the commit, which is durable already. */
function notify(listener: Listener, next: RegistryState, before: RegistryState, log: Log): void {
  try {
    listener(next, before);
  } catch (thrown) {
    log.error('a listener of the store failed', { reason: messageOf(thrown) });
  }
}
