import { Low } from 'lowdb';
import pLimit from 'p-limit';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Discovery } from '../../catalog/discovery.js';
import { parseServerPath, type ServerPath } from '../../catalog/server-path.js';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { DiscoveryStore } from '../store.js';
import { coalesceWrites } from './coalesced-write.js';
import { describeProblems } from './describe-problems.js';
import { discoverySchema } from './discovery-schema.js';
import { createDurableJsonFile } from './durable-json-file.js';
import { ensureDirectory, removeDurably, removeStaleTemporaries } from './durable-write.js';
import { freezeDeeply } from './freeze-deeply.js';

const EXTENSION = '.json';
const READS_AT_ONCE = 16;

/** What is wanted of one file: its content, or that there is none. */
interface Wanted {
  discovery: Discovery | undefined;
  readonly write: () => Promise<void>;
  waiting: number;
}

/** Keeps what discovery learned in `dataDir`/discovery, one file for each server. */
export function createFileDiscoveryStore({
  dataDir,
  log,
}: {
  readonly dataDir: string;
  readonly log: Log;
}): DiscoveryStore {
  const directory = path.join(dataDir, 'discovery');
  const wanted = new Map<ServerPath, Wanted>();

  /** One write of a file at a time; what was asked for last is what it holds. */
  async function want(serverPath: ServerPath, discovery: Discovery | undefined): Promise<void> {
    const entry: Wanted = wanted.get(serverPath) ?? {
      discovery,
      waiting: 0,
      write: coalesceWrites(() => writeFile(directory, serverPath, entry.discovery)),
    };
    wanted.set(serverPath, entry);
    entry.discovery = discovery;
    entry.waiting += 1;
    try {
      await entry.write();
    } finally {
      entry.waiting -= 1;
      if (entry.waiting === 0) wanted.delete(serverPath);
    }
  }

  return {
    async load() {
      await ensureDirectory(directory);
      await removeStaleTemporaries(directory);
      const limit = pLimit(READS_AT_ONCE);
      const names = (await readdir(directory)).filter((name) => name.endsWith(EXTENSION));
      const found = await Promise.all(
        names.map((name) => limit(() => readEntry(directory, name, log))),
      );
      return new Map(found.filter((entry) => entry !== undefined));
    },
    save: (serverPath, discovery) => want(serverPath, discovery),
    remove: (serverPath) => want(serverPath, undefined),
  };
}

/** Paths never contain "~", so that file names can be read back. */
function fileNameOf(serverPath: ServerPath): string {
  return serverPath.replaceAll('/', '~') + EXTENSION;
}

function requirePathOf(fileName: string): ServerPath {
  const text = fileName.slice(0, -EXTENSION.length).replaceAll('~', '/');
  const parsed = parseServerPath(text);
  if (!parsed.ok || parsed.value !== text) throw new Error('its name is not that of a server path');
  return parsed.value;
}

async function readEntry(
  directory: string,
  name: string,
  log: Log,
): Promise<readonly [ServerPath, Discovery] | undefined> {
  const file = path.join(directory, name);
  try {
    const serverPath = requirePathOf(name);
    const discovery = await fileOf(file).read();
    return discovery === null ? undefined : [serverPath, freezeDeeply(discovery)];
  } catch (thrown) {
    log.warn('a stored discovery is left out; it will be learned again', {
      file,
      reason: messageOf(thrown),
    });
    return undefined;
  }
}

async function writeFile(
  directory: string,
  serverPath: ServerPath,
  discovery: Discovery | undefined,
): Promise<void> {
  const file = path.join(directory, fileNameOf(serverPath));
  await ensureDirectory(directory);
  await (discovery === undefined
    ? removeDurably(file)
    : new Low<Discovery>(fileOf(file), discovery).write());
}

function fileOf(file: string) {
  return createDurableJsonFile<Discovery>({ file, parse: parseDiscovery });
}

function parseDiscovery(json: unknown): Discovery {
  const parsed = discoverySchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`it is not a discovery (${describeProblems(parsed.error)})`);
}
