import pLimit from 'p-limit';
import type { Server } from '../catalog/server.js';
import { checkServer, type CheckDeps, type CheckResult } from './check-server.js';
import { underDeadline } from './deadline.js';

/** For all addresses that a probe tries and everything that it lists. */
const PROBE_MS = 30_000;
/** Whoever may register servers must not make us a scanner of the network. */
const CONCURRENT_PROBES = 4;

/** Makes the way to check servers that are under no watch. Never throws. */
export function createSingleProbe(
  deps: CheckDeps,
): (server: Server, signal: AbortSignal) => Promise<CheckResult> {
  const limit = pLimit(CONCURRENT_PROBES);
  return (server, signal) =>
    limit(() =>
      underDeadline(PROBE_MS, signal, (inner) =>
        checkServer(deps, {
          server,
          wantsListing: ({ usable }) => usable === 'ok',
          signal: inner,
        }),
      ),
    );
}
