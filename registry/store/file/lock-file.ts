import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { errnoOf } from './errno-of.js';
import { processIdentitySchema, type ProcessIdentity } from './process-identity.js';

const claimSchema = processIdentitySchema.extend({
  /** Tells this claim from every other one. */
  id: z.uuid(),
  /** ISO 8601. */
  since: z.iso.datetime(),
});
/** Who holds a lock, as its file says. */
export type Claim = Readonly<z.output<typeof claimSchema>>;

/** A lock file as it was found. */
export interface FoundLock {
  /** Names this very claim, also where the file cannot be read. */
  readonly id: string;
  /** Absent: its maker died, or the machine did, while it was being written. */
  readonly claim?: Claim;
  readonly touchedMs: number;
}

export function makeClaim(identity: ProcessIdentity, since: string): Claim {
  return { ...identity, id: randomUUID(), since };
}

/** Creates the lock file, and tells whether it was this caller who did. */
export async function createLock(file: string, claim: Claim): Promise<boolean> {
  const handle = await open(file, 'wx', 0o600).catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'EEXIST') return undefined;
    throw thrown;
  });
  if (handle === undefined) return false;
  try {
    await handle.writeFile(JSON.stringify(claim));
    return true;
  } catch (thrown) {
    // On a full disk it would be a claim of nobody that keeps others waiting.
    await rm(file, { force: true });
    throw thrown;
  } finally {
    await handle.close();
  }
}

export async function readLock(file: string): Promise<FoundLock | undefined> {
  try {
    const { ino, mtimeMs } = await stat(file);
    const claim = parseClaim(await readFile(file, 'utf8'));
    if (claim === undefined) return { id: `unreadable-${ino}`, touchedMs: mtimeMs };
    return { id: claim.id, claim, touchedMs: mtimeMs };
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Puts `claim` in the place of whatever claim the lock has; only for its rightful heir. */
export async function replaceLock(file: string, claim: Claim): Promise<void> {
  const temporary = `${file}.${claim.id}.new`;
  await createLock(temporary, claim);
  await rename(temporary, file);
}

export async function isLockOf(file: string, claim: Claim): Promise<boolean> {
  return (await readLock(file))?.id === claim.id;
}

function parseClaim(text: string): Claim | undefined {
  try {
    return claimSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
