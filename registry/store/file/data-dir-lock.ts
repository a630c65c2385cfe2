import { readdir, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import {
  createLock,
  isLockOf,
  makeClaim,
  readLock,
  replaceLock,
  type Claim,
  type FoundLock,
} from './lock-file.js';
import { isRunning, isSeenFrom, ownIdentity } from './process-identity.js';

const FILE = 'registry.lock';
/** How often a holder shows those who cannot see its process that it lives. */
const HEARTBEAT_MS = 5_000;
/** Three missed signs of life. */
const SILENT_MS = 15_000;
/** Longer than `SILENT_MS`, so that a holder that died just now never stops a start. */
const PATIENCE_MS = 20_000;
const POLL_MS = 250;

/** A data directory that this process alone may write to. */
export interface DataDirLock {
  /** Whether it still does: one that was suspended for long may have been taken for dead. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/** Another process uses the data directory; the message says which one and what to do. */
export class DataDirLockedError extends Error {
  override readonly name = 'DataDirLockedError';
}

/**
 * Claims `dataDir` for this process. A claim whose process is gone is taken over at once where that can
 * be seen (same machine, same container); one from elsewhere when it has been silent for 15 seconds.
 * @throws DataDirLockedError
 */
export async function acquireDataDirLock(
  dataDir: string,
  { log, now = Date.now }: { readonly log: Log; readonly now?: () => number },
): Promise<DataDirLock> {
  const file = path.join(dataDir, FILE);
  const own = makeClaim(await ownIdentity(), new Date(now()).toISOString());
  const isStale = createStaleness(own, now);
  const deadline = now() + PATIENCE_MS;
  let announced = false;
  while (!(await createLock(file, own))) {
    const found = await readLock(file);
    if (found === undefined) continue;
    if (await isStale(found)) {
      log.warn('the lock of a process that is gone is taken over', { file, of: holderOf(found) });
      if (await takeOver(file, found, own, isStale)) break;
    } else if (now() >= deadline || (found.claim && isSeenFrom(own, found.claim))) {
      throw new DataDirLockedError(refusal(dataDir, file, found));
    } else if (!announced) {
      announced = true;
      log.info('waiting for the data directory', { file, heldBy: holderOf(found) });
    }
    await delay(POLL_MS);
  }
  await removeLeftovers(dataDir, own);
  return holdLock(file, own, log);
}

type Staleness = (found: FoundLock) => Promise<boolean>;

function createStaleness(own: Claim, now: () => number): Staleness {
  const watched = new Map<string, { readonly touchedMs: number; readonly since: number }>();
  return async (found) => {
    if (found.claim && isSeenFrom(own, found.claim)) return !(await isRunning(found.claim));
    const before = watched.get(found.id);
    const unchanged = before?.touchedMs === found.touchedMs;
    const since = unchanged ? before.since : now();
    watched.set(found.id, { touchedMs: found.touchedMs, since });
    // The second test holds where the clock of another machine is ahead of this one.
    return now() - found.touchedMs > SILENT_MS || now() - since > SILENT_MS;
  };
}

/**
 * Puts `own` in the place of the stale claim `found`. Several starters may try: a claim is replaced
 * only by who holds the guard that is named after it, and only while it is still there. The guard of
 * one who died in the middle is taken over in the same way.
 */
async function takeOver(
  file: string,
  found: FoundLock,
  own: Claim,
  isStale: Staleness,
): Promise<boolean> {
  const guard = `${file}.${found.id}`;
  if (!(await createLock(guard, own))) {
    const other = await readLock(guard);
    if (other === undefined || !(await isStale(other))) return false;
    if (!(await takeOver(guard, other, own, isStale))) return false;
  }
  try {
    if ((await readLock(file))?.id !== found.id) return false;
    await replaceLock(file, own);
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

/** Guards of claims that are history. */
async function removeLeftovers(dataDir: string, own: Claim): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(`${FILE}.`) && !name.includes(own.id)) {
      await rm(path.join(dataDir, name), { force: true });
    }
  }
}

function holdLock(file: string, own: Claim, log: Log): DataDirLock {
  async function showLife(): Promise<void> {
    if (await isLockOf(file, own)) {
      const time = new Date();
      await utimes(file, time, time);
    } else {
      clearInterval(heartbeat);
      log.error('the lock of the data directory was lost', { file });
    }
  }
  const heartbeat = setInterval(() => {
    showLife().catch((thrown: unknown) =>
      log.warn('the lock cannot be touched', { file, reason: messageOf(thrown) }),
    );
  }, HEARTBEAT_MS).unref();
  return {
    isHeld: () => isLockOf(file, own),
    async release() {
      clearInterval(heartbeat);
      if (await isLockOf(file, own)) await rm(file, { force: true });
    },
  };
}

function holderOf({ claim }: FoundLock): string {
  if (claim === undefined) return 'an unknown process';
  return `process ${claim.pid} on host ${claim.host}, since ${claim.since}`;
}

function refusal(dataDir: string, file: string, found: FoundLock): string {
  return (
    `The data directory ${dataDir} is in use by ${holderOf(found)}. ` +
    'Only one registry may write to a data directory: stop that one, or give this one a DATA_DIR of its own. ' +
    `If you are certain that it is not running any more, remove ${file}.`
  );
}
