import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ReferenceSetup } from './reference-setup.js';

/** A gateway of another make, in one process of its own. */
export interface Reference {
  readonly pid: number;
  stop(): Promise<void>;
}

/** @throws Error with what the reference says */
export async function startReference(
  name: 'express' | 'undici',
  setup: ReferenceSetup,
): Promise<Reference> {
  const file = fileURLToPath(new URL(`./${name}-gateway.ts`, import.meta.url));
  const child = fork(file, { env: { ...process.env, NODE_ENV: 'production' } });
  const answer = once(child, 'message');
  child.send(setup);
  const [{ ready, error }] = (await answer) as [{ ready?: true; error?: string }];
  if (ready !== true || child.pid === undefined) {
    child.kill();
    throw new Error(`the reference ${name} did not start: ${error}`);
  }
  return {
    pid: child.pid,
    async stop() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
