import { Low } from 'lowdb';
import pLimit from 'p-limit';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseServerPath, type ServerPath } from '../../catalog/server-path.js';
import { messageOf } from '../../errors.js';
import { coalesceWrites } from './coalesced-write.js';
import { createDurableJsonFile } from './durable-json-file.js';
import { ensureDirectory, removeDurably, removeStaleTemporaries } from './durable-write.js';

const EXTENSION = '.json';
const READS_AT_ONCE = 16;

/** A file that cannot be used. `path` is absent where even its name says nothing. */
interface FileFault {
  readonly file: string;
  readonly path?: ServerPath;
  readonly reason: string;
}

/** One JSON file for each server, in a folder of their own. */
export interface ServerFiles<T> {
  load(): Promise<{
    readonly entries: ReadonlyMap<ServerPath, T>;
    readonly faults: readonly FileFault[];
  }>;
  /** Of saves and removals at once the last one counts. @throws what the disk says */
  save(path: ServerPath, value: T): Promise<void>;
  remove(path: ServerPath): Promise<void>;
}

/** What is wanted of one file: its content, or that there is none. */
interface Wanted<T> {
  value: T | undefined;
  readonly write: () => Promise<void>;
  waiting: number;
}

/** @param parse checks the parsed JSON and freezes what it gives; throws with the rule that is broken */
export function createServerFiles<T extends object>(
  directory: string,
  parse: (json: unknown) => T,
): ServerFiles<T> {
  const wanted = new Map<ServerPath, Wanted<T>>();

  const write = async (serverPath: ServerPath, value: T | undefined) => {
    const file = path.join(directory, fileNameOf(serverPath));
    await ensureDirectory(directory);
    await (value === undefined
      ? removeDurably(file)
      : new Low<T>(createDurableJsonFile({ file, parse }), value).write());
  };

  /** One write of a file at a time; what was asked for last is what it holds. */
  const want = async (serverPath: ServerPath, value: T | undefined) => {
    const entry: Wanted<T> = wanted.get(serverPath) ?? {
      value,
      waiting: 0,
      write: coalesceWrites(() => write(serverPath, entry.value)),
    };
    wanted.set(serverPath, entry);
    entry.value = value;
    entry.waiting += 1;
    try {
      await entry.write();
    } finally {
      entry.waiting -= 1;
      if (entry.waiting === 0) wanted.delete(serverPath);
    }
  };

  return {
    async load() {
      await ensureDirectory(directory);
      await removeStaleTemporaries(directory);
      const limit = pLimit(READS_AT_ONCE);
      const names = (await readdir(directory)).filter((name) => name.endsWith(EXTENSION));
      const read = await Promise.all(
        names.map((name) => limit(() => readEntry(path.join(directory, name), parse))),
      );
      return {
        entries: new Map(
          read.flatMap((one) =>
            one !== undefined && 'value' in one ? [[one.path, one.value]] : [],
          ),
        ),
        faults: read.flatMap((one) => (one !== undefined && 'reason' in one ? [one] : [])),
      };
    },
    save: (serverPath, value) => want(serverPath, value),
    remove: (serverPath) => want(serverPath, undefined),
  };
}

/** Paths never contain "~", so that file names can be read back. */
function fileNameOf(serverPath: ServerPath): string {
  return serverPath.replaceAll('/', '~') + EXTENSION;
}

function pathIn(file: string): ServerPath | undefined {
  const text = path.basename(file, EXTENSION).replaceAll('~', '/');
  const parsed = parseServerPath(text);
  return parsed.ok && parsed.value === text ? parsed.value : undefined;
}

async function readEntry<T extends object>(
  file: string,
  parse: (json: unknown) => T,
): Promise<{ readonly path: ServerPath; readonly value: T } | FileFault | undefined> {
  const serverPath = pathIn(file);
  if (serverPath === undefined) return { file, reason: 'its name is not that of a server path' };
  try {
    const value = await createDurableJsonFile({ file, parse }).read();
    return value === null ? undefined : { path: serverPath, value };
  } catch (thrown) {
    return { file, path: serverPath, reason: messageOf(thrown) };
  }
}
