import type { RepositoryRecord, RepositoryStore } from '../../registry/store/store.js';

/** A store of what is known of repositories that forgets everything at the end. */
export function createMemoryRepositoryStore(): RepositoryStore {
  let saved: ReadonlyMap<string, RepositoryRecord> = new Map();
  return {
    load: () => Promise.resolve(saved),
    save: (records) => {
      saved = new Map(records);
      return Promise.resolve();
    },
  };
}
