import type { VectorStore } from '../../registry/store/store.js';

/** Keeps vectors for as long as the test holds it. */
export function createMemoryVectorStore(): VectorStore {
  let kept: ReadonlyMap<string, Float32Array> = new Map();
  return {
    load: () => Promise.resolve(new Map(kept)),
    append: (vectors) => {
      kept = new Map([...kept, ...vectors]);
      return Promise.resolve();
    },
    replace: (vectors) => {
      kept = new Map(vectors);
      return Promise.resolve();
    },
  };
}
