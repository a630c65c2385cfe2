import { setTimeout as delay } from 'node:timers/promises';
import { askNginx, type NginxAddress } from '../nginx/ask-nginx.js';
import { tailLog } from '../nginx/log-tail.js';
import { lastComplaint } from '../nginx/nginx-commands.js';
import type { NginxRuntime } from '../nginx/nginx-runtime.js';

/** How long a reload may take when nginx does not complain; thousands of servers need their time. */
const DEADLINE_MS = 15_000;
/** Once nginx complained: it tries to bind five times, half a second apart, and then gives up. */
const COMPLAINED_DEADLINE_MS = 3500;
const POLL_MS = 10;
/** Old workers take new connections for about 100 ms after the new ones do. */
const RETIRE_DEADLINE_MS = 2000;

/** The generation that nginx serves right now, from its own mouth; undefined when it does not answer. */
export async function readServedGeneration(nginx: NginxAddress): Promise<string | undefined> {
  const text = await askNginx(nginx, '/healthz');
  return /"generation":"([0-9a-f]+)"/.exec(text ?? '')?.[1];
}

/** Remembers where the error log ends, and reads what nginx has complained of since. */
export function watchErrorLog(file: string): () => string | undefined {
  const read = tailLog(file);
  return () => {
    const text = read();
    return /\[(?:emerg|alert|crit)\]/.test(text) ? lastComplaint(text) : undefined;
  };
}

export type Verdict =
  { readonly served: true } | { readonly served: false; readonly reason: string };

/**
 * Waits until nginx serves generation `id` and no old worker takes connections any more. An exit code or a
 * signal that was delivered proves nothing: nginx keeps its old configuration when it cannot apply the new one.
 */
export async function verifyGeneration(
  id: string,
  target: NginxAddress,
  runtime: NginxRuntime,
  complaint: () => string | undefined,
  oldWorkers: readonly number[],
): Promise<Verdict> {
  const begin = performance.now();
  let seen: string | undefined;
  for (;;) {
    seen = await readServedGeneration(target);
    if (seen === id) break;
    const said = complaint();
    if (performance.now() - begin > (said === undefined ? DEADLINE_MS : COMPLAINED_DEADLINE_MS)) {
      return { served: false, reason: said ?? silence(seen, target, runtime) };
    }
    await delay(POLL_MS);
  }
  const retired = performance.now() + RETIRE_DEADLINE_MS;
  while (performance.now() < retired) {
    const active = runtime.workers().active;
    if (!oldWorkers.some((pid) => active.includes(pid))) break;
    await delay(POLL_MS);
  }
  return { served: true };
}

function silence(seen: string | undefined, target: NginxAddress, runtime: NginxRuntime): string {
  const down = runtime.downReason();
  if (down !== undefined) return down;
  return seen === undefined
    ? `nothing answers for nginx on ${target.address}:${target.port}`
    : `nginx still serves generation ${seen} and does not say why`;
}
