import { messageOf } from '../../errors.js';
import type { NginxLayout } from '../nginx/nginx-layout.js';
import type { NginxRuntime } from '../nginx/nginx-runtime.js';
import type { Generation } from '../render/render-config.js';
import type { GenerationStore } from './generation-store.js';
import {
  readServedGeneration,
  verifyGeneration,
  watchErrorLog,
  type VerifyTarget,
} from './verify.js';

/** What became of one generation. `refused`: the test failed, nothing was touched. */
export type Applied =
  | { readonly state: 'applied'; readonly reloaded: boolean }
  | { readonly state: 'refused'; readonly message: string }
  | { readonly state: 'rejected'; readonly reason: string };

export interface ApplyParts {
  readonly store: GenerationStore;
  readonly runtime: NginxRuntime;
  readonly layout: NginxLayout;
  readonly target: VerifyTarget;
}

/** Stage, test, swap, reload, verify, or go back. */
export async function applyGeneration(generation: Generation, parts: ApplyParts): Promise<Applied> {
  const { store, runtime } = parts;
  let configFile: string;
  try {
    configFile = store.stage(generation);
  } catch (error) {
    return {
      state: 'rejected',
      reason: `the configuration could not be written: ${messageOf(error)}`,
    };
  }
  const test = await runtime.test(configFile);
  if (!test.ok) return { state: 'refused', message: test.message };

  const before = store.current();
  store.swap(generation.id);
  const outcome = await bringIn(generation.id, parts);
  if (outcome.state === 'applied') store.retireAllBut(generation.id);
  if (outcome.state === 'rejected' && before !== undefined && before !== generation.id) {
    await goBack(before, parts);
  }
  return outcome;
}

async function bringIn(id: string, { runtime, layout, target }: ApplyParts): Promise<Applied> {
  const complaint = watchErrorLog(layout.errorLog);
  const old = runtime.workers().active;
  const running = runtime.pid() !== undefined;
  try {
    if (running) runtime.reload();
    else await runtime.start();
  } catch (error) {
    return { state: 'rejected', reason: messageOf(error) };
  }
  if (runtime.pid() === undefined) {
    return { state: 'rejected', reason: runtime.downReason() ?? 'nginx is not running' };
  }
  const verdict = await verifyGeneration(id, target, runtime, complaint, old);
  return verdict.served
    ? { state: 'applied', reloaded: running }
    : { state: 'rejected', reason: verdict.reason };
}

/** nginx kept the old configuration in memory; only the link, and a dead nginx, have to be put back. */
async function goBack(id: string, { store, runtime, target }: ApplyParts): Promise<void> {
  store.swap(id);
  if (runtime.pid() === undefined) {
    await runtime.start().catch(() => undefined);
  } else if ((await readServedGeneration(target)) !== id) {
    runtime.reload();
  }
}
