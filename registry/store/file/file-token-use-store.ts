import { Low } from 'lowdb';
import path from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { TokenUseStore } from '../store.js';
import { coalesceWrites } from './coalesced-write.js';
import { describeProblems } from './describe-problems.js';
import { createDurableJsonFile } from './durable-json-file.js';
import { ensureDirectory, removeStaleTemporaries } from './durable-write.js';

const FILE = 'token-use.json';

const documentSchema = z.strictObject({
  version: z.literal(1),
  /** Times in ISO 8601, by the id of the token. */
  lastUsedAt: z.record(z.string(), z.iso.datetime()),
});
type TokenUseDocument = z.output<typeof documentSchema>;

/** Keeps the last uses of tokens in `dataDir`/token-use.json. One that cannot be read is as good as none. */
export function createFileTokenUseStore({
  dataDir,
  log,
}: {
  readonly dataDir: string;
  readonly log: Log;
}): TokenUseStore {
  const file = path.join(dataDir, FILE);
  const db = new Low<TokenUseDocument>(
    createDurableJsonFile<TokenUseDocument>({ file, parse: parseDocument }),
    { version: 1, lastUsedAt: {} },
  );
  const write = coalesceWrites(() => db.write());
  return {
    async load() {
      await ensureDirectory(dataDir);
      await removeStaleTemporaries(dataDir, FILE);
      await db.read().catch((thrown: unknown) => {
        log.warn('when tokens were used last is not known any more', {
          file,
          reason: messageOf(thrown),
        });
      });
      return new Map(Object.entries(db.data.lastUsedAt));
    },
    save(uses) {
      db.data = { version: 1, lastUsedAt: Object.fromEntries(uses) };
      return write();
    },
  };
}

/** @throws Error with the rule that is broken */
function parseDocument(json: unknown): TokenUseDocument {
  const parsed = documentSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`it is not a document of token uses (${describeProblems(parsed.error)})`);
}
