import { Mutex } from 'async-mutex';
import { Low } from 'lowdb';
import path from 'node:path';
import { messageOf, RegistryError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { RegistryState, StateChange, Store, StoreHealth } from '../store.js';
import { createBackups } from './backups.js';
import { acquireDataDirLock, type DataDirLock } from './data-dir-lock.js';
import { createDurableJsonFile } from './durable-json-file.js';
import { ensureDirectory, removeStaleTemporaries } from './durable-write.js';
import { errnoOf } from './errno-of.js';
import { freezeDeeply } from './freeze-deeply.js';
import { loadRegistry } from './load-registry.js';
import {
  formatRegistryDocument,
  parseRegistryDocument,
  writeRegistryDocument,
} from './registry-document.js';

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
  const lock = await acquireDataDirLock(dataDir, { log }).catch((thrown: unknown) => {
    if (!UNWRITABLE.has(errnoOf(thrown))) throw thrown;
    return noLock(dataDir, messageOf(thrown), log);
  });
  try {
    return await openStore(dataDir, log, lock);
  } catch (thrown) {
    await lock.release();
    throw thrown;
  }
}

interface StoreLock extends DataDirLock {
  /** Set where there could be no lock, and so no writing. */
  readonly fault?: StoreHealth;
}

/** What a directory answers that can perhaps be read: serving that is better than not starting. */
const UNWRITABLE: ReadonlySet<string | undefined> = new Set([
  'EACCES',
  'EDQUOT',
  'ENOSPC',
  'EPERM',
  'EROFS',
]);

function noLock(dataDir: string, message: string, log: Log): StoreLock {
  const reason = `${dataDir} cannot be written: ${message}.`;
  const remedy = 'Free space on it or make it writable for this user, and restart the registry.';
  log.error('the registry starts read-only', { reason, remedy });
  return {
    fault: { writable: false, reason, remedy },
    isHeld: () => Promise.resolve(false),
    release: () => Promise.resolve(),
  };
}

async function openStore(dataDir: string, log: Log, lock: StoreLock): Promise<Store> {
  const file = path.join(dataDir, FILE);
  if (lock.fault === undefined) await removeStaleTemporaries(dataDir, FILE);
  const backups = createBackups({ file, directory: path.join(dataDir, 'backups'), log });
  const json = createDurableJsonFile({
    file,
    parse: parseRegistryDocument,
    format: formatRegistryDocument,
    beforeReplace: () => backups.keep(state.revision),
  });
  const loaded = await loadRegistry({ file, json, backups, log });
  const { aside } = loaded;
  let { state, lastRevision } = loaded;
  let health = lock.fault ?? loaded.health;
  let lockFault: StoreHealth | undefined;
  const db = new Low(json, writeRegistryDocument(state, aside));
  const mutex = new Mutex();
  const listeners = new Set<Listener>();

  async function persist(next: RegistryState): Promise<void> {
    const before = db.data;
    db.data = writeRegistryDocument(next, aside);
    try {
      await db.write();
    } catch (thrown) {
      db.data = before;
      const message = `The change was not saved, and the state before it stays in force: ${messageOf(thrown)}`;
      throw new RegistryError('store-write-failed', message, { cause: thrown });
    }
  }

  /** Another process may have taken over from one that was suspended, and knows a newer state. */
  async function requireLock(): Promise<void> {
    const held = await lock.isHeld();
    lockFault = held ? undefined : lostLock(dataDir);
    if (lockFault !== undefined) requireWritable(lockFault);
  }

  return {
    state: () => state,
    health: () => lockFault ?? health,

    commit: (change) =>
      mutex.runExclusive(async () => {
        requireWritable(health);
        await requireLock();
        const before = state;
        const revision = lastRevision + 1;
        const next = frozenNext(before, change(before, revision), revision);
        await persist(next);
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

function lostLock(dataDir: string): StoreHealth {
  return {
    writable: false,
    reason: `The lock of ${dataDir} is gone or belongs to another process by now.`,
    remedy: 'Make sure that the directory is there and that one registry uses it; then restart it.',
  };
}

type Listener = Parameters<Store['subscribe']>[0];

function requireWritable(health: StoreHealth): void {
  if (health.writable) return;
  throw new RegistryError('store-read-only', `${health.reason} ${health.remedy}`);
}

/** The state that follows; only what is new is walked, so that a commit costs what it changes. */
function frozenNext(before: RegistryState, change: StateChange, revision: number): RegistryState {
  const { catalog = before.catalog, accounts = before.accounts, tokens = before.tokens } = change;
  for (const [serverPath, server] of catalog.servers) {
    if (before.catalog.servers.get(serverPath) !== server) freezeDeeply(server);
  }
  if (catalog.invalid !== before.catalog.invalid) freezeDeeply(catalog.invalid);
  if (accounts !== before.accounts) freezeDeeply(accounts);
  if (tokens !== before.tokens) freezeDeeply(tokens);
  return Object.freeze({ revision, catalog: Object.freeze(catalog), accounts, tokens });
}

/** A listener's fault is not a fault of the commit, which is durable already. */
function notify(listener: Listener, next: RegistryState, before: RegistryState, log: Log): void {
  try {
    listener(next, before);
  } catch (thrown) {
    log.error('a listener of the store failed', { reason: messageOf(thrown) });
  }
}
