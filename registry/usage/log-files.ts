import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** The access log of nginx: the file that it writes to, and those that were renamed before. */
export interface LogFiles {
  /**
   * Oldest first, the one that nginx writes to last; without it when there is none.
   * @throws what the disk says: a file that cannot be seen is not gone
   */
  list(): Promise<readonly LogFile[]>;
  /** Gives the current file another name; nginx goes on writing to it until it is told. @returns false without a file */
  setAside(now: Date): Promise<boolean>;
  remove(file: LogFile): Promise<void>;
}

export interface LogFile {
  readonly file: string;
  readonly inode: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  /** Whether it has been renamed. */
  readonly aside: boolean;
}

/** @param current such as `logs/access.log`, beside which `access-20260102T030405678Z.log` come to lie */
export function createLogFiles(current: string): LogFiles {
  const folder = path.dirname(current);
  const { name, ext } = path.parse(current);
  const isAside = (entry: string) =>
    entry.startsWith(`${name}-`) &&
    /^\d{8}T\d{9}Z$/.test(entry.slice(name.length + 1, -ext.length));
  return {
    async list() {
      const entries = (await orMissing(readdir(folder))) ?? [];
      const aside = entries.filter(isAside).sort();
      const files = [...aside.map((entry) => path.join(folder, entry)), current];
      const found = await Promise.all(files.map((file) => look(file, file !== current)));
      return found.filter((file) => file !== undefined);
    },
    async setAside(now) {
      const stamp = now.toISOString().replaceAll(/[-:.]/g, '');
      const target = path.join(folder, `${name}-${stamp}${ext}`);
      if ((await look(current, false)) === undefined) return false;
      // Never over another one.
      if ((await look(target, true)) !== undefined) return false;
      await rename(current, target);
      return true;
    },
    remove: ({ file }) => rm(file, { force: true }),
  };
}

async function look(file: string, aside: boolean): Promise<LogFile | undefined> {
  const facts = await orMissing(stat(file));
  if (facts === undefined) return undefined;
  const { ino, size, mtimeMs } = facts;
  return { file, inode: String(ino), bytes: size, writtenAt: mtimeMs, aside };
}

async function orMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}
