import { open, readdir, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { UsageStore } from '../store.js';
import {
  ensureDirectory,
  removeDurably,
  removeStaleTemporaries,
  writeDurably,
} from './durable-write.js';
import { errnoOf } from './errno-of.js';

const STATE = 'state.json';
const LINES = /^[a-z]+-[0-9T-]+\.jsonl$/;

/** Keeps what was counted of calls in `dataDir`/usage. */
export function createFileUsageStore({ dataDir }: { readonly dataDir: string }): UsageStore {
  const folder = path.join(dataDir, 'usage');
  const at = (name: string) => path.join(folder, name);
  return {
    async readState() {
      await ensureDirectory(folder);
      await removeStaleTemporaries(folder);
      return textOf(at(STATE));
    },
    writeState: (text) => writeDurably(at(STATE), text),
    setStateAside: () => rename(at(STATE), at(`${STATE}.unreadable`)),
    async append(name, line) {
      const handle = await open(at(name), 'a', 0o600);
      try {
        // The break before it ends what a crash may have left.
        await handle.writeFile(`\n${line}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    async list() {
      const names = (await readdir(folder)).filter((name) => LINES.test(name)).sort();
      const sizes = await Promise.all(names.map((name) => stat(at(name))));
      return names.map((name, index) => ({ name, bytes: sizes[index]?.size ?? 0 }));
    },
    async read(name) {
      const text = (await textOf(at(name))) ?? '';
      return text.split('\n').filter((line) => line !== '');
    },
    remove: (name) => removeDurably(at(name)),
  };
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}
