import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

export interface ScriptResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs an operator's script with nothing of this process's environment but PATH. */
export async function runScript(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<ScriptResult> {
  const child = spawn(path.resolve('scripts', name), args, {
    env: { PATH: process.env.PATH, DATA_DIR: '/nonexistent', ...env },
  });
  // A script that ends without reading its input closes the pipe under our hands.
  child.stdin.on('error', () => undefined).end(input);
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, out, err };
}
