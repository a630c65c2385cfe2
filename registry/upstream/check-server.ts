import type { SecureContext } from 'node:tls';
import type { Server } from '../catalog/server.js';
import { messageOf } from '../errors.js';
import { underDeadline } from './deadline.js';
import { discoverServer, type Listed } from './discover.js';
import { faultOf } from './fault.js';
import { assess, type Assessment } from './health-state.js';
import { openChannel } from './outbound-channel.js';
import type { OutboundGuard } from './outbound-guard.js';
import { probeServer, type Found, type Known } from './probe.js';

export interface CheckDeps {
  readonly guard: OutboundGuard;
  /** For each address that is tried, and for each page of a list. */
  readonly timeoutMs: number;
  readonly publicUrl: string;
  readonly systemTrust?: SecureContext;
}

export interface CheckOrder {
  readonly server: Server;
  readonly known?: Known | undefined;
  /** Whether to list what the server offers, seen how it is. */
  readonly wantsListing: (assessment: Assessment) => boolean;
  readonly signal: AbortSignal;
}

/** Everything that one check learned. */
export interface CheckResult {
  readonly assessment: Assessment;
  readonly found?: Found;
  readonly listed?: Listed;
  /** Why the listing failed, for people. */
  readonly listingFault?: string;
  /** What a rate-limiting server asked for. */
  readonly retryAfterSeconds?: number | undefined;
}

const MAX_BYTES = 16 * 1024 * 1024;
/** A list has several pages, and each may take its time. */
const LISTING_FACTOR = 6;

/**
 * Probes a server the way nginx reaches it (Host, TLS) and lists what it offers where that is wanted.
 * Never throws; nothing is left open.
 */
export async function checkServer(deps: CheckDeps, order: CheckOrder): Promise<CheckResult> {
  const { timeoutMs } = deps;
  const { server, signal } = order;
  const channel = openChannel(deps.guard, {
    tls: server.tls,
    systemTrust: deps.systemTrust,
    hostHeader: hostHeaderOf(server, deps.publicUrl),
    connectTimeoutMs: timeoutMs,
    maxBytes: MAX_BYTES,
  });
  const { fetch } = channel;
  try {
    const { outcome, found } = await probeServer({ fetch, signal, timeoutMs }, server, order.known);
    const assessment = assess(outcome);
    const retryAfterSeconds = outcome.kind === 'answer' ? outcome.retryAfterSeconds : undefined;
    if (found === undefined) return { assessment, retryAfterSeconds };
    if (!order.wantsListing(assessment)) return { assessment, found };
    try {
      const listed = await underDeadline(timeoutMs * LISTING_FACTOR, signal, (inner) =>
        discoverServer(found, { fetch, signal: inner, timeoutMs }),
      );
      return { assessment, found, listed };
    } catch (error) {
      return { assessment, found, listingFault: listingFaultOf(error, found) };
    }
  } finally {
    await channel.close();
  }
}

/** The same choice as nginx makes; undefined is the URL's own authority. */
function hostHeaderOf(server: Server, publicUrl: string): string | undefined {
  if (server.hostHeader === 'upstream') return undefined;
  return server.hostHeader === 'client' ? new URL(publicUrl).host : server.hostHeader;
}

function listingFaultOf(error: unknown, { endpoint }: Found): string {
  const { cause, code } = error as { readonly cause?: unknown; readonly code?: unknown };
  const isOfTheLine = cause !== undefined || code === 'REQUEST_TIMEOUT';
  const message = isOfTheLine ? faultOf(error, endpoint.url).message : messageOf(error);
  return `The tools could not be listed: ${message.slice(0, 500)}`;
}
