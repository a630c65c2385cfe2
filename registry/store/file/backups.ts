import { constants } from 'node:fs';
import { copyFile, link, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { createDurableJsonFile } from './durable-json-file.js';
import { ensureDirectory } from './durable-write.js';
import { errnoOf } from './errno-of.js';
import { parseRegistryDocument, type RegistryDocument } from './registry-document.js';

const BACKUP = /^registry-(\d{10,})\.json$/;
/** How many are kept where nothing else is said. */
const KEPT = 10;
/** What file systems without hard links answer. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
]);

interface Backup {
  readonly file: string;
  readonly revision: number;
}

/** A backup that parses. */
export interface GoodBackup extends Backup {
  readonly document: RegistryDocument;
  /** ISO 8601; when this revision was committed. */
  readonly savedAt: string;
}

/** The last few revisions of the registry file, to go back to. */
export interface Backups {
  readonly directory: string;
  /** Keeps the current file under its revision, and the newest ten in all. */
  keep(revision: number): Promise<void>;
  /** Newest first. */
  list(): Promise<readonly Backup[]>;
  newestGood(): Promise<GoodBackup | undefined>;
  /** One of them; undefined when it is not there or cannot be used. */
  read(revision: number): Promise<GoodBackup | undefined>;
}

export function createBackups({
  file,
  directory,
  log,
  kept = KEPT,
}: {
  readonly file: string;
  readonly directory: string;
  readonly log: Log;
  readonly kept?: number;
}): Backups {
  async function list(): Promise<readonly Backup[]> {
    const names = await readdir(directory).catch((thrown: unknown) => {
      if (errnoOf(thrown) === 'ENOENT') return [];
      throw thrown;
    });
    return names
      .map((name) => ({ file: path.join(directory, name), digits: BACKUP.exec(name)?.[1] }))
      .filter(({ digits }) => digits !== undefined)
      .map((found) => ({ file: found.file, revision: Number(found.digits) }))
      .sort((a, b) => b.revision - a.revision);
  }

  async function prune(): Promise<void> {
    for (const old of (await list()).slice(kept)) await rm(old.file, { force: true });
  }

  const readGood = (backup: Backup) =>
    readBackup(backup).catch((thrown: unknown) => {
      log.warn('a backup cannot be used', { file: backup.file, reason: messageOf(thrown) });
      return undefined;
    });

  return {
    directory,
    list,

    async keep(revision) {
      await ensureDirectory(directory);
      const name = `registry-${String(revision).padStart(10, '0')}.json`;
      await linkOrCopy(file, path.join(directory, name));
      await prune().catch((thrown: unknown) =>
        log.warn('old backups could not be removed', { directory, reason: messageOf(thrown) }),
      );
    },

    async newestGood() {
      for (const backup of await list()) {
        const good = await readGood(backup);
        if (good) return good;
      }
      return undefined;
    },

    async read(revision) {
      const backup = (await list()).find((candidate) => candidate.revision === revision);
      return backup && readGood(backup);
    },
  };
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (thrown) {
    const code = errnoOf(thrown);
    // No file yet: nothing to keep. A backup of that name: the same content, since a revision is
    // never given out twice.
    if (code === 'ENOENT' || code === 'EEXIST') return;
    if (!NO_LINKS.has(code)) throw thrown;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

async function readBackup(backup: Backup): Promise<GoodBackup | undefined> {
  const document = await createDurableJsonFile({
    file: backup.file,
    parse: parseRegistryDocument,
  }).read();
  if (document === null) return undefined;
  const { mtime } = await stat(backup.file);
  return { ...backup, document, savedAt: mtime.toISOString() };
}
