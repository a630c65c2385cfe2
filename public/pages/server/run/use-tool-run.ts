import { useEffect, useRef, useState } from 'react';
import { explain, Problem } from '../../../api/problem';
import { callTool, type LogLine, type Progress } from '../../../api/tool-call';
import type { RunOutcome, RunRecord } from './run-record';

const MOST_LINES = 200;

/** A call that is under way. */
export interface RunningCall {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly progress?: Progress;
  readonly lines: readonly LogLine[];
}

/** Runs a tool, one call at a time. Whoever leaves the page cancels it. */
export function useToolRun(path: string, tool: string, onDone: (run: RunRecord) => void) {
  const [running, setRunning] = useState<RunningCall>();
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);

  const run = async (args: Readonly<Record<string, unknown>>) => {
    abort.current?.abort();
    const controller = new AbortController();
    abort.current = controller;
    const { signal } = controller;
    const since = Date.now();
    const begun = performance.now();
    setRunning({ since, lines: [] });
    const change = (next: (call: RunningCall) => RunningCall) => {
      if (!signal.aborted) setRunning((call) => call && next(call));
    };
    const outcome = await outcomeOf(
      callTool(
        { path, tool, arguments: args, signal },
        {
          progress: (progress) => change((call) => ({ ...call, progress })),
          log: (line) =>
            change((call) => ({ ...call, lines: [...call.lines, line].slice(-MOST_LINES) })),
        },
      ),
      signal,
    );
    if (abort.current !== controller) return;
    abort.current = undefined;
    setRunning(undefined);
    onDone({
      id: `${since.toString(36)}-${Math.random().toString(36).slice(2, 8)}`,
      at: new Date(since).toISOString(),
      arguments: args,
      durationMs: Math.round(performance.now() - begun),
      outcome,
    });
  };

  return { running, run, cancel: () => abort.current?.abort() };
}

async function outcomeOf(
  call: Promise<Readonly<Record<string, unknown>>>,
  signal: AbortSignal,
): Promise<RunOutcome> {
  try {
    return { kind: 'result', result: await call };
  } catch (error) {
    if (signal.aborted) return { kind: 'cancelled' };
    const title = error instanceof Problem ? error.title : 'The call failed';
    return { kind: 'problem', title, detail: explain(error) };
  }
}
