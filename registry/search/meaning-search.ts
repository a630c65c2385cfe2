import type { Log } from '../log.js';
import type { VectorStore } from '../store/store.js';
import type { Embeddings } from './embeddings.js';
import { createEndpointHealth } from './endpoint-health.js';
import { createMeaningIndex } from './meaning-index.js';
import { createQueryVectors } from './query-vectors.js';
import type { ToolSink } from './tool-entry.js';
import type { FoundTool, ToolQuery } from './tool-finder.js';
import { createVectorBook } from './vector-book.js';
import { createVectorMaker } from './vector-maker.js';

/** Tools that mean what was asked for, or why they cannot be told. */
type MeaningFindings =
  | { readonly tools: readonly FoundTool[]; readonly isPartial: boolean }
  | { readonly reason: string };

export interface MeaningStatus {
  readonly model: string;
  readonly tools: number;
  /** So many of the tools have a vector. */
  readonly embedded: number;
  /** Why the endpoint was of no use when it was asked last. */
  readonly fault?: string;
}

/** Search by meaning, over an endpoint that may fail at any time. */
export interface MeaningSearch extends ToolSink {
  /** Reads what was kept; before that nothing is embedded. */
  start(): Promise<void>;
  stop(): Promise<void>;
  find(query: ToolQuery): Promise<MeaningFindings>;
  readonly status: () => MeaningStatus;
}

export function createMeaningSearch(deps: {
  readonly embeddings: Embeddings;
  readonly saved: VectorStore;
  readonly clock: () => Date;
  readonly log: Log;
}): MeaningSearch {
  const { embeddings, saved, clock, log } = deps;
  const health = createEndpointHealth(clock);
  const book = createVectorBook({ saved, log });
  const index = createMeaningIndex(book, embeddings.source);
  const maker = createVectorMaker({ index, book, embeddings, health, log });
  const vectorOf = createQueryVectors({ embeddings, health });
  let hasStarted = false;
  const nudge = () => {
    if (hasStarted) maker.nudge();
  };
  return {
    put: (server, tools) => {
      index.put(server, tools);
      nudge();
    },
    remove: (path) => {
      index.remove(path);
    },
    start: async () => {
      await book.load();
      hasStarted = true;
      nudge();
    },
    stop: () => maker.stop(),
    find: async (query) => {
      if (!index.hasAny()) return { reason: health.fault() ?? 'no tool has been embedded yet' };
      const asked = await vectorOf(query.text);
      if ('reason' in asked) return asked;
      return index.near(asked.vector, query);
    },
    status: () => {
      const fault = health.fault();
      return { model: embeddings.model, ...index.counts(), ...(fault !== undefined && { fault }) };
    },
  };
}
