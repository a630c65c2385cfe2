import pLimit from 'p-limit';
import type { Log } from '../log.js';
import { embedInParts } from './embed-in-parts.js';
import { embeddingsFault, type Embeddings } from './embeddings.js';
import type { EndpointHealth } from './endpoint-health.js';
import type { MeaningIndex, Wanted } from './meaning-index.js';
import type { VectorBook } from './vector-book.js';

/** Tools in a request; each has up to three texts. */
const BATCH = 10;
const AT_ONCE = 2;
const DEADLINE_MS = 30_000;

/** Makes the vectors that the index misses, in the background. */
export interface VectorMaker {
  /** Something may be missing. */
  nudge(): void;
  /** Ends what is under way, and waits for it. */
  stop(): Promise<void>;
}

export function createVectorMaker(deps: {
  readonly index: MeaningIndex;
  readonly book: VectorBook;
  readonly embeddings: Embeddings;
  readonly health: EndpointHealth;
  readonly log: Log;
}): VectorMaker {
  const { index, book, embeddings, health, log } = deps;
  const stopping = new AbortController();
  /** Texts that the endpoint does not take. */
  const refused = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> | undefined;
  let isNudged = false;

  const embed = async (texts: readonly string[]) => {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(DEADLINE_MS)]);
    const vectors = await embeddings.embed(texts, signal);
    health.succeeded();
    return vectors;
  };
  const make = async (wanted: readonly Wanted[]) => {
    const made = await embedInParts(embed, wanted);
    book.add(made.vectors);
    made.refused.forEach((hash) => refused.add(hash));
  };
  const missing = () => index.missing().filter(({ hash }) => !refused.has(hash));
  const round = async () => {
    const all = missing();
    const limit = pLimit(AT_ONCE);
    let fault: unknown;
    await Promise.all(
      batchesOf(all).map((batch) =>
        limit(async () => {
          if (fault === undefined) await make(batch).catch((thrown: unknown) => (fault = thrown));
        }),
      ),
    );
    const used = index.used();
    await book.save((hash) => used.has(hash));
    if (fault !== undefined && !stopping.signal.aborted) {
      const reason = embeddingsFault(fault);
      health.failed(reason);
      log.warn('tools could not be embedded; they are found by their words', { reason });
    }
  };
  const work = async () => {
    try {
      while (isNudged && !stopping.signal.aborted) {
        isNudged = false;
        if (missing().length === 0) return;
        const wait = health.waitMs();
        if (wait > 0) {
          comeBack(wait);
          return;
        }
        await round();
        isNudged ||= missing().length > 0;
      }
    } finally {
      // In the same step as the last look, so that no nudge in between is lost.
      underWay = undefined;
    }
  };
  const comeBack = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(nudge, ms);
    timer.unref();
  };
  const nudge = () => {
    isNudged = true;
    // What changed together is looked at together.
    underWay ??= new Promise<void>((resolve) => setImmediate(resolve)).then(work);
  };
  return {
    nudge,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await underWay;
    },
  };
}

function batchesOf(wanted: readonly Wanted[]): Wanted[][] {
  const count = Math.ceil(wanted.length / BATCH);
  return Array.from({ length: count }, (_, at) => wanted.slice(at * BATCH, (at + 1) * BATCH));
}
