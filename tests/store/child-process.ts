import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** One of the programs of this folder, running as a process of its own. */
export interface Child {
  readonly pid: number;
  readonly lines: readonly string[];
  /** Resolves when that many lines have come, or all that ever will. */
  linesReached(count: number): Promise<void>;
  kill(): void;
  /** Ends the input of the child; it may end then by itself. */
  endInput(): void;
  /** Resolves when the child has ended and all its output is read. */
  ended(): Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

interface ChildOptions {
  /** KiB that a file may grow to. */
  readonly fileSizeLimit?: number;
}

export function startChild(
  program: string,
  args: readonly string[],
  { fileSizeLimit }: ChildOptions = {},
): Child {
  const limit = fileSizeLimit === undefined ? '' : `ulimit -f ${fileSizeLimit}; `;
  const child = spawn(
    'bash',
    [
      '-c',
      `${limit}exec "$@"`,
      'bash',
      process.execPath,
      '--import',
      'tsx',
      path.join(import.meta.dirname, program),
      ...args,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  if (child.pid === undefined) throw new Error(`${program} did not start`);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const closed = Promise.all([once(child, 'close'), once(reader, 'close')]);
  return {
    pid: child.pid,
    lines,
    async linesReached(count) {
      while (lines.length < count) {
        const more = await Promise.race([once(reader, 'line'), closed.then(() => undefined)]);
        if (more === undefined) return;
      }
    },
    kill: () => void child.kill('SIGKILL'),
    endInput: () => child.stdin.end(),
    async ended() {
      await closed;
      return { code: child.exitCode, signal: child.signalCode };
    },
  };
}
