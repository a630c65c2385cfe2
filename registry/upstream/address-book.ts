import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import type { Resolution } from '../catalog/resolution.js';
import type { Server } from '../catalog/server.js';
import type { ServerPath } from '../catalog/server-path.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { canonicalHost, parseAddress } from './address-policy.js';
import {
  lookUpAddress,
  type AddressFinding,
  type ConnectTest,
  type LookupDeps,
} from './lookup-address.js';
import { portOf, systemLookup, type Lookup, type OutboundGuard } from './outbound-guard.js';
import { acceptsConnections } from './tcp-connect.js';

export interface AddressChange {
  readonly host: string;
  readonly port: number;
  readonly resolution: Resolution;
}

/** Keeps one address for every upstream host and notices when a name moves. */
export interface AddressBook {
  /** Takes note of a changed catalog; literal addresses are known when this returns. */
  watch(servers: ReadonlyMap<ServerPath, Server>): void;
  /** `host` as in a URL, IPv6 with or without brackets. */
  get(host: string, port: number): Resolution;
  /** Resolves when every watched name has an answer, or when `deadlineMs` have passed. */
  ready(deadlineMs: number): Promise<void>;
  /** The same for the name of one server. */
  known(server: { readonly url: string }, deadlineMs: number): Promise<void>;
  /** Calls back when a resolution changes. Returns the way to stop it. */
  subscribe(listener: (change: AddressChange) => void): () => void;
  /** Looks names up on a timer until `stop`. */
  start(): void;
  stop(): void;
}

export interface AddressBookDeps {
  readonly guard: OutboundGuard;
  readonly log: Log;
  readonly lookup?: Lookup;
  readonly intervalMs?: number;
  readonly connectTest?: ConnectTest;
  readonly random?: () => number;
}

interface Entry {
  readonly host: string;
  readonly port: number;
  resolution: Resolution;
  isLookedUp: boolean;
  /** The last lookup gave nothing. */
  isFailing: boolean;
}

const PENDING: Resolution = { state: 'pending' };
const CONCURRENT_LOOKUPS = 16;
/** Names that failed last time wait among themselves, so that dead ones hold up nobody. */
const CONCURRENT_RETRIES = 4;

export function createAddressBook(deps: AddressBookDeps): AddressBook {
  const { guard, log, intervalMs = 5000, random = Math.random } = deps;
  const { lookup = systemLookup, connectTest = acceptsConnections } = deps;
  const entries = new Map<string, Entry>();
  const listeners = new Set<(change: AddressChange) => void>();
  const limits = { well: pLimit(CONCURRENT_LOOKUPS), failing: pLimit(CONCURRENT_RETRIES) };
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;

  const settle = (entry: Entry, resolution: Resolution) => {
    const { host, port, resolution: before } = entry;
    entry.resolution = resolution;
    if (isDeepStrictEqual(before, resolution)) return;
    log.info('An upstream address changed', { host, port, before, after: resolution });
    for (const listener of [...listeners]) listener({ host, port, resolution });
  };

  const lookUp = async (entry: Entry) => {
    const { host, port, resolution, isFailing } = entry;
    const current = resolution.state === 'resolved' ? resolution.address : undefined;
    const way = { guard, lookup, connectTest };
    await lookUpToTheEnd({ host, port, current }, way, (finding) => {
      entry.isFailing = finding.kind !== 'found';
      if (!isRunning || entries.get(keyOf(host, port)) !== entry) return;
      if (finding.kind === 'failed' && current !== undefined) {
        // A DNS outage must not cut traffic: the last address stays in force.
        if (!isFailing)
          log.warn(`${finding.reason} Its last address stays in use.`, { host, current });
      } else {
        settle(entry, resolutionOf(finding));
      }
    }).finally(() => (entry.isLookedUp = false));
  };

  const enqueue = (entry: Entry) => {
    if (entry.isLookedUp || parseAddress(entry.host) !== undefined) return;
    entry.isLookedUp = true;
    const limit = entry.isFailing ? limits.failing : limits.well;
    limit(() => lookUp(entry)).catch((error: unknown) => {
      log.error('A listener of the address book failed', { error: messageOf(error) });
    });
  };

  const round = () => {
    for (const entry of entries.values()) enqueue(entry);
    timer = setTimeout(round, intervalMs * (0.8 + 0.4 * random()));
    timer.unref();
  };

  return {
    watch(servers) {
      const wanted = new Map([...servers.values()].map(targetOf));
      for (const key of entries.keys()) if (!wanted.has(key)) entries.delete(key);
      for (const [key, { host, port }] of wanted) {
        if (entries.has(key)) continue;
        const resolution = literal(guard, host, port);
        const entry = { host, port, resolution, isLookedUp: false, isFailing: false };
        entries.set(key, entry);
        if (isRunning) enqueue(entry);
      }
    },
    get: (host, port) => entries.get(keyOf(host, port))?.resolution ?? PENDING,
    ready: (deadlineMs) => untilAnswered(() => [...entries.values()], listeners, deadlineMs),
    known(server, deadlineMs) {
      const [key] = targetOf(server);
      const wanted = () => [entries.get(key)].filter((entry) => entry !== undefined);
      return untilAnswered(wanted, listeners, deadlineMs);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      if (isRunning) return;
      isRunning = true;
      round();
    },
    stop() {
      isRunning = false;
      clearTimeout(timer);
    },
  };
}

/**
 * Gives out what was found as soon as that is known, and ends when the system has done with the name. That may be long
 * after, and the system has few threads for lookups: those that hang must not gather there and hold up all others.
 */
async function lookUpToTheEnd(
  target: Parameters<typeof lookUpAddress>[0],
  deps: LookupDeps,
  take: (finding: AddressFinding) => void,
): Promise<void> {
  let ended: Promise<unknown> = Promise.resolve();
  const lookup: Lookup = (host) => {
    const found = deps.lookup(host);
    ended = found.catch(() => undefined);
    return found;
  };
  try {
    take(await lookUpAddress(target, { ...deps, lookup }));
  } finally {
    await ended;
  }
}

function resolutionOf(finding: AddressFinding): Resolution {
  if (finding.kind === 'found') return { state: 'resolved', address: finding.address };
  const { reason } = finding;
  return finding.kind === 'refused'
    ? { state: 'refused', reason }
    : { state: 'unresolved', reason };
}

function keyOf(host: string, port: number): string {
  return `${canonicalHost(host)} ${port}`;
}

function targetOf(server: { readonly url: string }): [string, { host: string; port: number }] {
  const url = new URL(server.url);
  const host = canonicalHost(url.hostname);
  const port = portOf(url.protocol, url.port);
  return [keyOf(host, port), { host, port }];
}

/** A literal address needs no lookup. */
function literal(guard: OutboundGuard, host: string, port: number): Resolution {
  const address = parseAddress(host);
  if (address === undefined) return PENDING;
  const verdict = guard.judge(host, port, address.toString());
  return verdict.ok
    ? { state: 'resolved', address: address.toString() }
    : { state: 'refused', reason: verdict.reason };
}

function untilAnswered(
  wanted: () => readonly Entry[],
  listeners: Set<(change: AddressChange) => void>,
  deadlineMs: number,
): Promise<void> {
  const isReady = () => wanted().every(({ resolution }) => resolution !== PENDING);
  if (isReady()) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(deadline);
      listeners.delete(check);
      resolve();
    };
    const check = () => {
      if (isReady()) done();
    };
    const deadline = setTimeout(done, deadlineMs);
    listeners.add(check);
  });
}
