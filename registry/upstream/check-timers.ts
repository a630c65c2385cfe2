import pLimit from 'p-limit';
import type { Server } from '../catalog/server.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { nextCheckDelayMs } from './check-schedule.js';
import type { ServerWatch } from './server-watch.js';

/** A server under watch and the time of its next check. */
export interface Watched {
  server: Server;
  readonly watch: ServerWatch;
  timer?: NodeJS.Timeout;
  isClosed: boolean;
}

/** Runs the checks of the schedule, a limited number at a time. Nothing is thrown out of a timer. */
export interface CheckTimers {
  /** Checks once after `delayMs`, and then on the schedule if the server is enabled. */
  soon(entry: Watched, delayMs: number): void;
  /** Plans the check after one that is done. */
  next(entry: Watched): void;
}

const CONCURRENT_CHECKS = 64;
/** Servers that failed last time wait among themselves, so that hanging ones hold up nobody. */
const CONCURRENT_RETRIES = 16;

export function createCheckTimers(deps: {
  readonly intervalMs: number;
  readonly random: () => number;
  readonly log: Log;
}): CheckTimers {
  const { intervalMs, random, log } = deps;
  const checks = pLimit(CONCURRENT_CHECKS);
  const retries = pLimit(CONCURRENT_RETRIES);

  const check = async (entry: Watched) => {
    if (!entry.isClosed) await entry.watch.check({ isFull: false, isDecisive: false });
  };

  const soon = (entry: Watched, delayMs: number) => {
    clearTimeout(entry.timer);
    if (entry.isClosed) return;
    entry.timer = setTimeout(() => {
      const lane = entry.watch.failures() > 0 ? retries : checks;
      lane(() => check(entry))
        .finally(() => next(entry))
        .catch((error: unknown) => {
          log.error('A check failed', { path: entry.server.path, error: messageOf(error) });
        });
    }, delayMs);
    entry.timer.unref();
  };

  const next = (entry: Watched) => {
    clearTimeout(entry.timer);
    if (!entry.server.enabled) return;
    const facts = {
      intervalMs,
      failures: entry.watch.failures(),
      retryAfterSeconds: entry.watch.retryAfterSeconds(),
      random: random(),
    };
    soon(entry, nextCheckDelayMs(facts));
  };

  return { soon, next };
}
