import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BUILD_DEADLINE_MS = 300_000;
const run = promisify(execFile);
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Makes a virtual environment below `dir` with the pinned packages; resolves with its Python. */
export async function buildPython(dir: string, line: 1 | 2): Promise<string> {
  const home = join(dir, `python-${line}`);
  const python = join(home, 'bin', 'python');
  await step('python3', ['-m', 'venv', home], 'Install python3 with its venv module');
  const requirements = here(`./python/requirements-${line}.txt`);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await step(python, [...install, '-r', requirements], 'PyPI must be reachable');
  return python;
}

/** Builds the Go server below `dir`; resolves with the program. */
export async function buildGo(dir: string): Promise<string> {
  const program = join(dir, 'go-server');
  const hint = 'Install Go 1.25 or later; the module proxy must be reachable';
  await step('go', ['build', '-o', program, '.'], hint, here('./go'));
  return program;
}

async function step(command: string, args: string[], hint: string, cwd?: string): Promise<void> {
  try {
    await run(command, args, { timeout: BUILD_DEADLINE_MS, ...(cwd !== undefined && { cwd }) });
  } catch (error) {
    throw new Error(`${[command, ...args].join(' ')} failed. ${hint}.`, { cause: error });
  }
}
