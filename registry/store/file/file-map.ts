import { Low } from 'lowdb';
import path from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { coalesceWrites } from './coalesced-write.js';
import { describeProblems } from './describe-problems.js';
import { createDurableJsonFile } from './durable-json-file.js';
import { ensureDirectory, removeStaleTemporaries } from './durable-write.js';

/** A map in one JSON file that is written whole: for what does no harm when it is lost. */
export interface FileMap<Value> {
  /** Everything that was saved; nothing when it cannot be read, and then that is logged. */
  load(): Promise<ReadonlyMap<string, Value>>;
  /** Replaces what was saved. @throws what the disk says */
  save(entries: ReadonlyMap<string, Value>): Promise<void>;
}

export interface FileMapKind<Value> {
  /** The name of the file. */
  readonly file: string;
  /** The member that holds the map, beside `version`. */
  readonly member: string;
  readonly value: z.ZodType<Value>;
  /** What the file is a document of. */
  readonly of: string;
  /** What is said in the log when the file cannot be read. */
  readonly whenLost: string;
}

/** The map in `dataDir`/`kind.file`. */
export function createFileMap<Value>(
  { dataDir, log }: { readonly dataDir: string; readonly log: Log },
  kind: FileMapKind<Value>,
): FileMap<Value> {
  const file = path.join(dataDir, kind.file);
  const schema = z.strictObject({
    version: z.literal(1),
    [kind.member]: z.record(z.string(), kind.value),
  });
  /** @throws Error with the rule that is broken */
  const parse = (json: unknown): Record<string, Value> => {
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data[kind.member] as Record<string, Value>;
    throw new Error(`it is not a document of ${kind.of} (${describeProblems(parsed.error)})`);
  };
  const format = (entries: Record<string, Value>) =>
    JSON.stringify({ version: 1, [kind.member]: entries });
  const db = new Low(createDurableJsonFile({ file, parse, format }), {});
  const write = coalesceWrites(() => db.write());
  return {
    async load() {
      await ensureDirectory(dataDir);
      await removeStaleTemporaries(dataDir, kind.file);
      await db.read().catch((thrown: unknown) => {
        log.warn(kind.whenLost, { file, reason: messageOf(thrown) });
      });
      return new Map(Object.entries(db.data));
    },
    save(entries) {
      db.data = Object.fromEntries(entries);
      return write();
    },
  };
}
