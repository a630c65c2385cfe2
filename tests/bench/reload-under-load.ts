import type { BenchPlan } from './bench-plan.js';
import { emptyLog, loadOf, type Way } from './throughput.js';
import { runLoad, type LoadResult } from './wrk.js';

const RELOAD_EVERY_MS = 1000;
const KEPT_CONNECTIONS = 32;
const FRESH_CONNECTIONS = 8;
const FRESH_PAUSE_MS = 10;

export interface ReloadedWay extends Way {
  /** Of nginx, to be told to reload. */
  readonly master: number;
}

export interface ReloadResult {
  readonly name: string;
  readonly reloads: number;
  /** 32 connections that are kept, each busy all the time. */
  readonly kept: LoadResult;
  /** A connection for each call, at the same time. */
  readonly fresh: LoadResult;
}

/** Reloads each second below load. The first way is the gateway, the second the plain nginx. */
export async function measureReloads(
  ways: readonly ReloadedWay[],
  plan: BenchPlan,
): Promise<ReloadResult[]> {
  const results: ReloadResult[] = [];
  for (const [index, way] of ways.entries()) {
    const seconds = index === 0 ? plan.reloadSeconds : plan.plainReloadSeconds;
    results.push(await reloadBelowLoad(way, seconds));
  }
  return results;
}

async function reloadBelowLoad(way: ReloadedWay, seconds: number): Promise<ReloadResult> {
  const { name, master } = way;
  const load = loadOf(way);
  let reloads = 0;
  const reloading = setInterval(() => {
    process.kill(master, 'SIGHUP');
    reloads += 1;
    emptyLog(way);
  }, RELOAD_EVERY_MS);
  try {
    const [kept, fresh] = await Promise.all([
      runLoad({ ...load, connections: KEPT_CONNECTIONS, seconds }),
      runLoad({
        ...load,
        connections: FRESH_CONNECTIONS,
        seconds,
        fresh: true,
        pauseMs: FRESH_PAUSE_MS,
      }),
    ]);
    return { name, reloads, kept, fresh };
  } finally {
    clearInterval(reloading);
  }
}
