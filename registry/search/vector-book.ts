import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { VectorStore } from '../store/store.js';

/** Of 1,536 numbers each they take 123 MB. */
export const MAX_VECTORS = 20_000;

/** Vectors by the hash of what they were made from, kept over restarts. */
export interface VectorBook {
  /** Reads what was saved. */
  load(): Promise<void>;
  get(hash: string): Float32Array | undefined;
  /** Takes in vectors of one length; when it is another than before, those of before are dropped. */
  add(vectors: ReadonlyMap<string, Float32Array>): void;
  /** Writes what is new. When they are too many, those go that `isUsed` denies. A fault is logged. */
  save(isUsed: (hash: string) => boolean): Promise<void>;
}

export function createVectorBook({
  saved,
  log,
}: {
  readonly saved: VectorStore;
  readonly log: Log;
}): VectorBook {
  let vectors = new Map<string, Float32Array>();
  /** What is not saved yet. */
  const added = new Map<string, Float32Array>();
  /** Whether something is saved that shall not be. */
  let hasDropped = false;
  const lengthOf = (of: ReadonlyMap<string, Float32Array>) => [...of.values()][0]?.length;
  return {
    load: async () => {
      vectors = new Map(await saved.load());
    },
    get: (hash) => vectors.get(hash),
    add: (fresh) => {
      if (fresh.size === 0) return;
      if (vectors.size > 0 && lengthOf(vectors) !== lengthOf(fresh)) {
        vectors.clear();
        added.clear();
        hasDropped = true;
      }
      for (const [hash, vector] of fresh) {
        vectors.set(hash, vector);
        added.set(hash, vector);
      }
    },
    save: async (isUsed) => {
      if (added.size === 0 && !hasDropped) return;
      if (vectors.size > MAX_VECTORS) hasDropped = dropUnused(vectors, isUsed) || hasDropped;
      const write = hasDropped ? saved.replace(vectors) : saved.append(new Map(added));
      added.clear();
      hasDropped = false;
      try {
        await write;
      } catch (thrown) {
        // What was written in part is no matter when all is written the next time.
        hasDropped = true;
        log.warn('the vectors of tools could not be saved', { reason: messageOf(thrown) });
      }
    },
  };
}

/** @returns whether there was any */
function dropUnused(
  vectors: Map<string, Float32Array>,
  isUsed: (hash: string) => boolean,
): boolean {
  const unused = [...vectors.keys()].filter((hash) => !isUsed(hash));
  for (const hash of unused) vectors.delete(hash);
  return unused.length > 0;
}
