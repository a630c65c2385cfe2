import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { StoreHealth } from '../store.js';
import { acquireDataDirLock, type DataDirLock } from './data-dir-lock.js';
import { errnoOf } from './errno-of.js';

/** The right to write, or the reason why there is none. */
export interface StoreLock extends DataDirLock {
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

/**
 * Locks the directory, or explains why nothing can be written to it.
 * @throws DataDirLockedError
 */
export async function acquireStoreLock(dataDir: string, log: Log): Promise<StoreLock> {
  try {
    return await acquireDataDirLock(dataDir, { log });
  } catch (thrown) {
    if (!UNWRITABLE.has(errnoOf(thrown))) throw thrown;
    return noLock(dataDir, messageOf(thrown), log);
  }
}

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

/** What is wrong with a store whose lock is no longer its own. */
export function lostLock(dataDir: string): StoreHealth {
  return {
    writable: false,
    reason: `The lock of ${dataDir} is gone or belongs to another process by now.`,
    remedy: 'Make sure that the directory is there and that one registry uses it; then restart it.',
  };
}
