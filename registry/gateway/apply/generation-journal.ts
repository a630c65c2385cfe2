import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { KeptGeneration } from '../gateway.js';

const originSchema = z.object({ after: z.int(), upTo: z.int(), since: z.string() }).readonly();
const noteSchema = z.object({
  appliedAt: z.string().optional(),
  revision: z.int(),
  origin: originSchema.optional(),
});
const journalSchema = z.record(z.string(), noteSchema);
type Journal = Readonly<z.output<typeof journalSchema>>;

/** When a generation was verified last, as far as that is known, and the newest revision of the catalog that gave it. */
export interface GenerationNote extends Pick<KeptGeneration, 'appliedAt'> {
  readonly revision: number;
  /** Where it is given as undefined, what was known of it holds no longer. */
  readonly origin?: KeptGeneration['origin'] | undefined;
}

/** Remembers of generations what their files do not say. */
export interface GenerationJournal {
  read(id: string): GenerationNote | undefined;
  /** What is not given stays what it was. */
  write(id: string, note: GenerationNote): void;
  /** Forgets all but these. */
  keepOnly(ids: ReadonlySet<string>): void;
}

/** @param file one that cannot be read counts as empty: what it says is a help to people, and nginx needs it not */
export function createGenerationJournal(file: string): GenerationJournal {
  let known: Journal | undefined;
  const journal = () => (known ??= load(file));
  const save = (next: Journal) => {
    known = next;
    writeFileSync(`${file}.new`, JSON.stringify(next), { mode: 0o640 });
    renameSync(`${file}.new`, file);
  };
  return {
    read: (id) => {
      const note = journal()[id];
      if (note === undefined) return undefined;
      const { appliedAt, revision, origin } = note;
      return { ...(appliedAt !== undefined && { appliedAt }), revision, ...(origin && { origin }) };
    },
    write: (id, note) => {
      const before = journal()[id];
      const next = { ...before, ...note };
      if (isDeepStrictEqual(before, next)) return;
      save({ ...journal(), [id]: next });
    },
    keepOnly: (ids) => {
      const kept = Object.entries(journal()).filter(([id]) => ids.has(id));
      if (kept.length < Object.keys(journal()).length) save(Object.fromEntries(kept));
    },
  };
}

function load(file: string): Journal {
  try {
    return journalSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
