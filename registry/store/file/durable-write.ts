import { randomInt } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../errors.js';
import { errnoOf } from './errno-of.js';

const TEMPORARY = /^\.(.+)\.\d+\.\d+\.tmp$/;
const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

/** The new bytes are in place, and perhaps not after a loss of power. */
export class NotDurable extends Error {
  override readonly name = 'NotDurable';
}

/**
 * Replaces the content of `file` so that after any crash it holds either the old bytes or the new
 * ones, and the new ones once this resolves. The mode of an existing file is kept.
 * @param beforeReplace runs when the new bytes are safe and the old ones are still in place; what it
 *   throws cancels the replacement
 * @throws NotDurable when the file was replaced nevertheless; what the disk says when it was not
 */
export async function writeDurably(
  file: string,
  content: string | Uint8Array,
  beforeReplace?: () => Promise<void>,
): Promise<void> {
  const directory = path.dirname(file);
  const name = `.${path.basename(file)}.${process.pid}.${randomInt(2 ** 31)}.tmp`;
  const temporary = path.join(directory, name);
  // Before anything is replaced: there may be no file descriptor left for it.
  const folder = await open(directory, 'r');
  try {
    await replace(file, temporary, content, beforeReplace);
    await folder.sync().catch((cause: unknown) => {
      throw new NotDurable(messageOf(cause), { cause });
    });
  } finally {
    await folder.close();
  }
}

async function replace(
  file: string,
  temporary: string,
  content: string | Uint8Array,
  beforeReplace?: () => Promise<void>,
): Promise<void> {
  try {
    await writeSynced(temporary, content, await modeOf(file));
    await beforeReplace?.();
    await rename(temporary, file);
  } catch (thrown) {
    // The first fault is the one to report; a left-over temporary file is removed at the next start.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

/** Removes `file`, and makes that last. A file that is not there is no fault. */
export async function removeDurably(file: string): Promise<void> {
  await rm(file, { force: true });
  await syncDirectory(path.dirname(file));
}

/** Makes sure that there is such a directory; what has to be created is for its owner alone. */
export async function ensureDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  if (first !== undefined) await syncDirectory(path.dirname(first));
}

/** Removes what writes that were cut off have left: of the file named `name`, or of all files. */
export async function removeStaleTemporaries(directory: string, name?: string): Promise<void> {
  for (const entry of await readdir(directory)) {
    const of = TEMPORARY.exec(entry)?.[1];
    if (of !== undefined && (name === undefined || of === name)) {
      await rm(path.join(directory, entry), { force: true });
    }
  }
}

async function writeSynced(
  file: string,
  content: string | Uint8Array,
  mode: number,
): Promise<void> {
  const handle = await open(file, 'wx', PRIVATE_FILE);
  try {
    // The umask does not apply to an explicit change of mode.
    if (mode !== PRIVATE_FILE) await handle.chmod(mode);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode & 0o7777;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return PRIVATE_FILE;
    throw thrown;
  }
}

/** A rename is durable only when the directory that records it is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
