import type { TokenUseStore } from '../../registry/store/store.js';

/** Keeps what was saved last. */
export function createMemoryTokenUseStore(
  saved: ReadonlyMap<string, string> = new Map(),
): TokenUseStore {
  let uses = saved;
  return {
    load: () => Promise.resolve(uses),
    save: (newer) => {
      uses = newer;
      return Promise.resolve();
    },
  };
}
