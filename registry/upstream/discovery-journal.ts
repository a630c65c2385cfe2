import type { Discovery } from '../catalog/discovery.js';
import type { ServerPath } from '../catalog/server-path.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import type { DiscoveryStore } from '../store/store.js';

/** Writes to the store in the order of the calls, so that no removal is overtaken by a late save. */
export interface DiscoveryJournal {
  save(path: ServerPath, discovery: Discovery): void;
  remove(path: ServerPath): void;
  /** Resolves when everything so far is written, or has failed and was logged. */
  settled(): Promise<void>;
}

export function createDiscoveryJournal(store: DiscoveryStore, log: Log): DiscoveryJournal {
  let last: Promise<void> = Promise.resolve();
  const append = (path: ServerPath, write: () => Promise<void>) => {
    last = last.then(write).catch((error: unknown) => {
      log.warn('What was discovered could not be stored', { path, error: messageOf(error) });
    });
  };
  return {
    save: (path, discovery) => append(path, () => store.save(path, discovery)),
    remove: (path) => append(path, () => store.remove(path)),
    settled: () => last,
  };
}
