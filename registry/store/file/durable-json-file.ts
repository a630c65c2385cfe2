import { readFile } from 'node:fs/promises';
import type { Adapter } from 'lowdb';
import { messageOf } from '../../errors.js';
import { errnoOf } from './errno-of.js';
import { writeDurably } from './durable-write.js';

interface DurableJsonFileOptions<T> {
  readonly file: string;
  /** Checks the parsed JSON; throws with the rule that it breaks. */
  readonly parse: (json: unknown) => T;
  readonly format?: (data: T) => string;
  /** Runs before the file is replaced, see `writeDurably`. */
  readonly beforeReplace?: () => Promise<void>;
}

/**
 * A lowdb adapter that survives crashes: lowdb's own one does not sync.
 * `read` gives `null` when there is no file and throws when there is one that cannot be used.
 */
export function createDurableJsonFile<T>({
  file,
  parse,
  format = JSON.stringify,
  beforeReplace,
}: DurableJsonFileOptions<T>): Adapter<T> {
  return {
    async read() {
      const bytes = await readIfPresent(file);
      return bytes === undefined ? null : parse(parseJson(bytes));
    },
    write: (data) => writeDurably(file, format(data), beforeReplace),
  };
}

async function readIfPresent(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw new Error('it is empty');
  try {
    // Lenient decoding would replace damaged bytes, and the next write would make that permanent.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (thrown) {
    throw new Error(`it is not valid JSON (${messageOf(thrown)})`, { cause: thrown });
  }
}
