import { embeddingsFault, isRefusal, type Embeddings } from './embeddings.js';
import type { EndpointHealth } from './endpoint-health.js';

/** A search waits no longer for the endpoint. */
const DEADLINE_MS = 1500;
const MAX_AT_ONCE = 16;
const MAX_KEPT = 200;

/** The vector of a query, or why there is none. */
export type QueryVector = { readonly vector: Float32Array } | { readonly reason: string };

/** Gives queries their vectors; those that were asked for lately are kept. Never throws. */
export function createQueryVectors(deps: {
  readonly embeddings: Embeddings;
  readonly health: EndpointHealth;
  readonly deadlineMs?: number;
}): (text: string) => Promise<QueryVector> {
  const { embeddings, health, deadlineMs = DEADLINE_MS } = deps;
  const kept = new Map<string, Float32Array>();
  let atOnce = 0;

  const keep = (text: string, vector: Float32Array) => {
    kept.delete(text);
    kept.set(text, vector);
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    return { vector };
  };
  const ask = async (text: string): Promise<QueryVector> => {
    const signal = AbortSignal.timeout(deadlineMs);
    try {
      const [vector] = await embeddings.embed([text], signal);
      health.succeeded();
      return vector === undefined ? { reason: 'it gave no vector' } : keep(text, vector);
    } catch (thrown) {
      const reason = embeddingsFault(thrown);
      // One query that the model does not take must not cost others the search.
      if (!isRefusal(thrown)) health.failed(reason);
      return { reason };
    }
  };
  return async (text) => {
    const known = kept.get(text);
    if (known !== undefined) return keep(text, known);
    if (health.waitMs() > 0) return { reason: health.fault() ?? 'it failed a moment ago' };
    if (atOnce >= MAX_AT_ONCE) return { reason: 'it is busy' };
    atOnce += 1;
    try {
      return await ask(text);
    } finally {
      atOnce -= 1;
    }
  };
}
