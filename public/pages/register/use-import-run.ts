import { useState } from 'react';
import { useImport } from '../../api/import';
import { useToggle } from '../../api/servers';
import { notifyDone, notifyError } from '../../components/notify';
import { outcomeOf, serverOfFile, type ImportOutcome, type ReadyItem } from './import-items';

/** Registers servers of the list in one request, and enables those that somebody has said that of. */
export function useImportRun() {
  const imports = useImport();
  const toggle = useToggle();
  const [isRunning, setRunning] = useState(false);

  const enable = async (path: string) => {
    try {
      await toggle.mutateAsync({ path, enabled: true });
    } catch (error) {
      notifyError(`${path} is registered, and could not be enabled`, error);
    }
  };
  const register = async (ready: readonly ReadyItem[]) => {
    const { results } = await imports.mutateAsync(ready.map(serverOfFile));
    const outcomes = new Map<number, ImportOutcome>();
    for (const [at, { id, values }] of ready.entries()) {
      const result = results[at];
      if (result === undefined) continue;
      const outcome = outcomeOf(result);
      outcomes.set(id, outcome);
      // An import enables nothing.
      if (outcome.state === 'registered' && values.enabled) await enable(outcome.path);
    }
    return outcomes;
  };
  /** @returns what became of them, by their ids; none where the whole request failed */
  const run = async (ready: readonly ReadyItem[]): Promise<ReadonlyMap<number, ImportOutcome>> => {
    setRunning(true);
    try {
      const outcomes = await register(ready);
      const count = [...outcomes.values()].filter(({ state }) => state === 'registered').length;
      const done = `${String(count)} of ${String(ready.length)} registered`;
      if (count === ready.length) notifyDone(done, 'The list below leads to them.');
      else notifyError(done, new Error('The list says what was wrong with the others.'));
      return outcomes;
    } catch (error) {
      notifyError('Nothing was registered', error);
      return new Map();
    } finally {
      setRunning(false);
    }
  };
  return { run, isRunning };
}
