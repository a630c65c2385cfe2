import { createHash } from 'node:crypto';
import type { ServerPath } from '../catalog/server-path.js';
import { bestOf } from './best-of.js';
import { meaningTexts } from './meaning-texts.js';
import { entriesOf, type ToolEntry, type ToolSink } from './tool-entry.js';
import type { FoundTool, ToolQuery } from './tool-finder.js';
import { MAX_VECTORS, type VectorBook } from './vector-book.js';

/** What is less than half as near as the nearest is no answer; there is always something that is nearest. */
const LEAST_SHARE = 0.5;

interface Meaning extends ToolEntry {
  readonly texts: readonly string[];
  readonly hash: string;
}

/** What a search looks at stands side by side: to follow each tool through memory would take most of its time. */
interface ServerMeanings {
  readonly path: ServerPath;
  readonly entries: readonly Meaning[];
  readonly names: readonly string[];
  /** As the book had them when somebody asked last. */
  readonly vectors: (Float32Array | undefined)[];
}

/** Texts that need a vector between theirs, and the hash under which the book shall have it. */
export interface Wanted {
  readonly texts: readonly string[];
  readonly hash: string;
}

/** Tools by what they mean, as far as the book has their vectors. */
export interface MeaningIndex extends ToolSink {
  /** Tools that mean nearly what the vector does, the nearest first; by how many standard deviations nearer than all are. */
  near(
    vector: Float32Array,
    query: Pick<ToolQuery, 'limit' | 'admits'>,
  ): {
    readonly tools: readonly FoundTool[];
    /** Whether the asker may see tools that could not be compared. */
    readonly isPartial: boolean;
  };
  /** Whether there is a tool with a vector. */
  hasAny(): boolean;
  /** What has no vector yet, each text once. */
  missing(): Wanted[];
  /** Hashes of all texts. */
  used(): ReadonlySet<string>;
  counts(): { readonly tools: number; readonly embedded: number };
}

/** @param source vectors from another one are others */
export function createMeaningIndex(book: Pick<VectorBook, 'get'>, source: string): MeaningIndex {
  const byPath = new Map<string, ServerMeanings>();
  // `flat` takes milliseconds for thousands.
  const all = function* () {
    for (const { entries } of byPath.values()) yield* entries;
  };
  const vectorAt = ({ entries, vectors }: ServerMeanings, at: number, length: number) => {
    const known = vectors[at];
    if (known?.length === length) return known;
    const own = book.get(entries[at]?.hash ?? '');
    vectors[at] = own;
    return own?.length === length ? own : undefined;
  };
  return {
    put: (server, tools) => {
      const fresh = entriesOf(server, tools).map((entry) => {
        const texts = meaningTexts(entry.tool, server);
        return { ...entry, texts, hash: hashOf(source, texts) };
      });
      byPath.set(server.path, {
        path: server.path,
        entries: fresh,
        names: fresh.map(({ tool }) => tool.name),
        vectors: [],
      });
    },
    remove: (path) => {
      byPath.delete(path);
    },
    near: (vector, { limit, admits }) => {
      const entries: (Meaning | undefined)[] = [];
      const nearness: number[] = [];
      let isPartial = false;
      for (const of of byPath.values()) {
        for (const [at, name] of of.names.entries()) {
          if (!admits(of.path, name)) continue;
          const own = vectorAt(of, at, vector.length);
          if (own === undefined) {
            isPartial = true;
          } else {
            entries.push(of.entries[at]);
            nearness.push(product(own, vector));
          }
        }
      }
      const usual = spreadOf(nearness);
      const best = bestOf(entries.keys(), limit, (at) => nearness[at] ?? 0);
      const least = (best[0]?.score ?? 0) * LEAST_SHARE;
      const tools = best.flatMap(({ item, score: near }) => {
        const entry = entries[item];
        if (entry === undefined || near <= least) return [];
        const { id, path, tool } = entry;
        const score = (near - usual.mean) / usual.deviation;
        return [{ id, path, tool, score, reasons: [`alike in meaning (${near.toFixed(2)} of 1)`] }];
      });
      return { tools, isPartial };
    },
    hasAny: () => {
      for (const { hash } of all()) if (book.get(hash) !== undefined) return true;
      return false;
    },
    missing: () => {
      const wanted = new Map<string, Wanted>();
      for (const { texts, hash } of all()) wanted.set(hash, { texts, hash });
      return [...wanted.values()].slice(0, MAX_VECTORS).filter(({ hash }) => !book.get(hash));
    },
    used: () => new Set(Array.from(all(), ({ hash }) => hash)),
    counts: () => {
      let [tools, embedded] = [0, 0];
      for (const { hash } of all()) {
        tools += 1;
        if (book.get(hash) !== undefined) embedded += 1;
      }
      return { tools, embedded };
    },
  };
}

function hashOf(source: string, texts: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([source, ...texts]))
    .digest('hex');
}

function spreadOf(values: readonly number[]): {
  readonly mean: number;
  readonly deviation: number;
} {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  const variance = squares / values.length - mean * mean;
  // Where all are as near as each other none stands out.
  return { mean, deviation: variance > 1e-9 ? Math.sqrt(variance) : 1 };
}

/** In four sums: an addition to the same one would wait for the last. */
function product(one: Float32Array, other: Float32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let at = 0; at < one.length; at += 4) {
    a += (one[at] ?? 0) * (other[at] ?? 0);
    b += (one[at + 1] ?? 0) * (other[at + 1] ?? 0);
    c += (one[at + 2] ?? 0) * (other[at + 2] ?? 0);
    d += (one[at + 3] ?? 0) * (other[at + 3] ?? 0);
  }
  return a + b + c + d;
}
