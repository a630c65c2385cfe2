import { useCallback, useSyncExternalStore } from 'react';
import { useMe } from '../../../api/session';
import { MOST_RUNS, runsFromText, runsToText, type RunRecord } from './run-record';

const PREFIX = 'mcpgw-runs ';

/** Runs by person, server and tool, the newest first: whole for as long as the page is open. */
const known = new Map<string, readonly RunRecord[]>();
const listeners = new Set<() => void>();

/** The runs of one tool in this tab of the browser, and the way to add one. They are never sent anywhere. */
export function useEarlierRuns(
  path: string,
  tool: string,
): [readonly RunRecord[], (run: RunRecord) => void] {
  const { data: me } = useMe();
  const key = `${PREFIX}${JSON.stringify([me?.username ?? '', path, tool])}`;
  const runs = useSyncExternalStore(subscribe, () => runsAt(key));
  const add = useCallback(
    (run: RunRecord) => {
      const next = [run, ...runsAt(key)].slice(0, MOST_RUNS);
      known.set(key, next);
      keep(key, next);
      listeners.forEach((listener) => listener());
    },
    [key],
  );
  return [runs, add];
}

function runsAt(key: string): readonly RunRecord[] {
  const found = known.get(key) ?? runsFromText(window.sessionStorage.getItem(key));
  known.set(key, found);
  return found;
}

function keep(key: string, runs: readonly RunRecord[]): void {
  try {
    window.sessionStorage.setItem(key, runsToText(runs));
  } catch {
    // The browser has no room or keeps nothing: they live as long as the page.
    window.sessionStorage.removeItem(key);
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
