import type { RegistryState, Store } from '../store/store.js';
import type { GateRecords } from './gate-records.js';

/**
 * The store as the rest of the registry gets it: a commit resolves only when the gate knows of it, so that what was
 * revoked is refused from the next request on, whichever operation it was. What could not be told to the gate is
 * committed all the same; the commit then rejects with `gate-write-failed`.
 */
export function gateCommits(store: Store, gate: Pick<GateRecords, 'changed'>): Store {
  return {
    ...store,
    commit: async (change) => {
      let before: RegistryState | undefined;
      const state = await store.commit((current, revision) => {
        before = current;
        return change(current, revision);
      });
      if (before !== undefined) await gate.changed(state, before);
      return state;
    },
  };
}
