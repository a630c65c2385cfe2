import { messageOf } from '../../errors.js';
import { NO_TRACE, type Trace } from '../../trace.js';
import type { NginxAddress } from '../nginx/ask-nginx.js';
import type { NginxLayout } from '../nginx/nginx-layout.js';
import type { ConfigTest, NginxRuntime } from '../nginx/nginx-runtime.js';
import type { Generation } from '../render/render-config.js';
import type { GenerationStore } from './generation-store.js';
import { readServedGeneration, verifyGeneration, watchErrorLog } from './verify.js';

/** What became of one generation. `refused`: the test failed, nothing was touched. */
export type Applied =
  | { readonly state: 'applied'; readonly reloaded: boolean }
  | { readonly state: 'refused'; readonly message: string }
  | { readonly state: 'rejected'; readonly reason: string };

export interface ApplyParts {
  readonly store: GenerationStore;
  readonly runtime: NginxRuntime;
  readonly layout: NginxLayout;
  readonly target: NginxAddress;
  readonly trace?: Trace;
}

/** Stage, test, swap, reload, verify, or go back. */
export async function applyGeneration(generation: Generation, parts: ApplyParts): Promise<Applied> {
  const { store, runtime, trace = NO_TRACE } = parts;
  let test: ConfigTest;
  try {
    const configFile = store.stage(generation);
    // nginx reads it while the disk takes it.
    [test] = await Promise.all([
      trace.span('gateway test', () => runtime.test(configFile)),
      store.sync(generation.id),
    ]);
  } catch (error) {
    return {
      state: 'rejected',
      reason: `the configuration could not be written: ${messageOf(error)}`,
    };
  }
  if (!test.ok) return { state: 'refused', message: test.message };

  const before = store.current();
  store.swap(generation.id);
  const outcome = await bringIn(generation.id, parts);
  if (outcome.state === 'rejected' && before !== undefined && before !== generation.id) {
    await trace.span('gateway go-back', () => goBack(before, parts));
  }
  return outcome;
}

async function bringIn(id: string, parts: ApplyParts): Promise<Applied> {
  const { runtime, layout, target, trace = NO_TRACE } = parts;
  const complaint = watchErrorLog(layout.errorLog);
  const old = runtime.workers().active;
  const running = runtime.pid() !== undefined;
  try {
    await trace.span(running ? 'gateway reload' : 'gateway start', async () => {
      if (running) runtime.reload();
      else await runtime.start();
    });
  } catch (error) {
    return { state: 'rejected', reason: messageOf(error) };
  }
  if (runtime.pid() === undefined) {
    return { state: 'rejected', reason: runtime.downReason() ?? 'nginx is not running' };
  }
  const verdict = await trace.span('gateway verify', () =>
    verifyGeneration(id, target, runtime, complaint, old),
  );
  return verdict.served
    ? { state: 'applied', reloaded: running }
    : { state: 'rejected', reason: verdict.reason };
}

/**
 * Makes the generation that served before serve again. nginx mostly never left it, and only the link has to be put back; one
 * that ended is started, and one that serves something else is reloaded. Whether that helped is not verified here: after
 * a rejection the gateway tries again by itself, and `downReason` tells why an nginx does not start.
 */
async function goBack(id: string, { store, runtime, target }: ApplyParts): Promise<void> {
  store.swap(id);
  if (runtime.pid() === undefined) {
    await runtime.start().catch(() => undefined);
  } else if ((await readServedGeneration(target)) !== id) {
    runtime.reload();
  }
}
