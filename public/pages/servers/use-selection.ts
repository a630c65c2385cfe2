import { useMemo, useState } from 'react';
import type { ServerSummary } from '../../api/servers';

/** Which servers of the list are chosen for an action; what is no longer shown is no longer chosen. */
export function useSelection(shown: readonly ServerSummary[]) {
  const [paths, setPaths] = useState<ReadonlySet<string>>(new Set());
  const selected = useMemo(() => shown.filter(({ path }) => paths.has(path)), [shown, paths]);
  return {
    selected,
    isSelected: (path: string) => paths.has(path),
    set: (path: string, isChosen: boolean) =>
      setPaths((now) => {
        const next = new Set(now);
        if (isChosen) next.add(path);
        else next.delete(path);
        return next;
      }),
    selectAll: () => setPaths(new Set(shown.map(({ path }) => path))),
    selectOnly: (only: readonly string[]) => setPaths(new Set(only)),
    clear: () => setPaths(new Set()),
  };
}

export type Selection = ReturnType<typeof useSelection>;
