import { appendFile, readFile, rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { VectorStore } from '../store.js';
import { ensureDirectory, removeStaleTemporaries, writeDurably } from './durable-write.js';
import { errnoOf } from './errno-of.js';
import { decodeVectors, encodeHead, encodeVectors } from './vector-file.js';

const FILE = 'tool-vectors.bin';

/** Keeps vectors in `dataDir`/tool-vectors.bin, to the end of which new ones are added. */
export function createFileVectorStore({
  dataDir,
  log,
}: {
  readonly dataDir: string;
  readonly log: Log;
}): VectorStore {
  const file = path.join(dataDir, FILE);
  const warn = (reason: string) => {
    log.warn('vectors of tools are made anew: the old ones cannot be read', { file, reason });
  };
  const replace: VectorStore['replace'] = (vectors) =>
    writeDurably(file, Buffer.concat([encodeHead(vectors), encodeVectors(vectors)]));
  let isThere = false;

  return {
    async load() {
      await ensureDirectory(dataDir);
      await removeStaleTemporaries(dataDir, FILE);
      try {
        const bytes = await readFile(file);
        const { vectors, end } = decodeVectors(bytes);
        if (end < bytes.length) {
          warn('its end was cut off or changed');
          await truncate(file, end);
        }
        isThere = true;
        return vectors;
      } catch (thrown) {
        if (errnoOf(thrown) !== 'ENOENT') {
          warn(messageOf(thrown));
          await rm(file, { force: true });
        }
        return new Map();
      }
    },
    async append(vectors) {
      if (isThere) await appendFile(file, encodeVectors(vectors), { flush: true });
      else await replace(vectors);
      isThere = true;
    },
    async replace(vectors) {
      await replace(vectors);
      isThere = true;
    },
  };
}
