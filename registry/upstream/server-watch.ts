import type { Discovery } from '../catalog/discovery.js';
import type { Server } from '../catalog/server.js';
import { checkServer, type CheckDeps, type CheckResult } from './check-server.js';
import { UNKNOWN_HEALTH, type Health } from './health.js';
import { isSameHealth, nextHealth, type Assessment, type TrackedHealth } from './health-state.js';
import { isSameDiscovery } from './discovery-change.js';
import type { Known } from './probe.js';

export interface WatchDeps extends CheckDeps {
  readonly toolsRefreshMs: number;
  readonly now: () => number;
  /** Called when a check found something else than the one before. */
  readonly changed: (what: 'health' | 'discovery') => void;
  /** Called with what is to be remembered. */
  readonly save: (discovery: Discovery) => void;
}

interface CheckKind {
  /** List the tools even where they are fresh enough. */
  readonly isFull: boolean;
  /** Somebody asked: no patience with a server that was well before. */
  readonly isDecisive: boolean;
}

/** What is known of one server at one address. A server that moves gets a new watch. */
export interface ServerWatch {
  health(): Health;
  /** What the last checks found, newest first. */
  checks(): readonly Health[];
  discovery(): Discovery | undefined;
  /** Failed checks in a row. */
  failures(): number;
  retryAfterSeconds(): number | undefined;
  /** Checks the server; joins a check under way that does what is asked. */
  check(kind: CheckKind): Promise<void>;
  /** Ends a check under way; nothing changes any more. */
  stop(): Promise<void>;
}

/** Old servers are asked again now and then whether they have learned the new protocol. */
const ERA_VALID_MS = 24 * 3_600_000;
const REMEMBERED_CHECKS = 50;
const FRESH: TrackedHealth = { health: UNKNOWN_HEALTH, failures: 0 };

export function createServerWatch(
  deps: WatchDeps,
  server: Server,
  remembered: Discovery | undefined,
): ServerWatch {
  let discovery = remembered;
  let tracked = FRESH;
  let checks: readonly Health[] = [];
  let eraAskedAt = deps.now();
  let retryAfterSeconds: number | undefined;
  let running: { readonly promise: Promise<void>; readonly kind: CheckKind } | undefined;
  const ending = new AbortController();

  const learn = (result: CheckResult, kind: CheckKind) => {
    const before = tracked;
    const checkedAt = new Date(deps.now()).toISOString();
    tracked = nextHealth(before, result.assessment, checkedAt, kind.isDecisive);
    // As it was found: patience with one failure is for the present, and not for the history.
    checks = [{ ...result.assessment, checkedAt }, ...checks.slice(0, REMEMBERED_CHECKS - 1)];
    retryAfterSeconds = result.retryAfterSeconds;
    const next = nextDiscovery(server, discovery, result, tracked.health, checkedAt);
    const isNews = !isSameDiscovery(discovery, next);
    if (next !== undefined && (isNews || result.listed !== undefined)) deps.save(next);
    discovery = next;
    if (!isSameHealth(before.health, tracked.health)) deps.changed('health');
    if (isNews) deps.changed('discovery');
  };

  const run = async (kind: CheckKind) => {
    const isEraOld = deps.now() - eraAskedAt >= ERA_VALID_MS;
    if (isEraOld) eraAskedAt = deps.now();
    const result = await checkServer(deps, {
      server,
      known: knownOf(server, discovery, isEraOld),
      wantsListing: ({ usable }) =>
        usable === 'ok' && (kind.isFull || isListingDue(discovery, tracked, deps)),
      signal: ending.signal,
    });
    if (!ending.signal.aborted) learn(result, kind);
  };

  return {
    health: () => tracked.health,
    checks: () => checks,
    discovery: () => discovery,
    failures: () => tracked.failures,
    retryAfterSeconds: () => retryAfterSeconds,
    async check(kind) {
      while (running !== undefined) {
        const { promise, kind: current } = running;
        await promise;
        const isEnough = current.isFull || !kind.isFull;
        if (isEnough && (current.isDecisive || !kind.isDecisive)) return;
      }
      if (ending.signal.aborted) return;
      const promise = run(kind).finally(() => {
        running = undefined;
      });
      running = { promise, kind };
      await promise;
    },
    async stop() {
      ending.abort(new Error('the server is not watched any more'));
      await running?.promise;
    },
  };
}

function knownOf(
  server: Server,
  discovery: Discovery | undefined,
  isEraOld: boolean,
): Known | undefined {
  if (discovery === undefined) return undefined;
  const { endpoint, era } = discovery;
  if (server.transport !== 'auto' && server.transport !== endpoint.transport) return undefined;
  return isEraOld ? { endpoint } : { endpoint, era };
}

function isListingDue(
  discovery: Discovery | undefined,
  { health }: TrackedHealth,
  { now, toolsRefreshMs }: WatchDeps,
): boolean {
  if (discovery?.toolsFetchedAt === undefined || discovery.stale !== undefined) return true;
  if (health.reachable === 'no') return true;
  // The clock may have been ahead when that was noted.
  return Math.abs(now() - Date.parse(discovery.toolsFetchedAt)) >= toolsRefreshMs;
}

/** What is known after a check: new facts where there are any, else the last good ones and why. */
function nextDiscovery(
  server: Server,
  before: Discovery | undefined,
  { found, listed, listingFault, assessment }: CheckResult,
  health: Health,
  at: string,
): Discovery | undefined {
  if (found === undefined) {
    return before === undefined || isTransient(assessment, health)
      ? before
      : { ...before, stale: assessment.message ?? 'The server did not answer as an MCP server.' };
  }
  const { endpoint, era } = found;
  const facts = { of: server.url, endpoint, era };
  if (listed !== undefined) return { ...facts, ...listed, toolsFetchedAt: at };
  const kept = before ?? NOTHING_LISTED;
  return { ...kept, ...facts, ...(listingFault !== undefined && { stale: listingFault }) };
}

/** One failure of a server that still counts as reachable, or a request to slow down. */
function isTransient(assessment: Assessment, health: Health): boolean {
  return assessment.reachable !== health.reachable || assessment.cause === 'rate-limited';
}

const NOTHING_LISTED = { capabilities: [], tools: [], prompts: [], resources: [], warnings: [] };
