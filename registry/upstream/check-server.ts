import type { SecureContext } from 'node:tls';
import type { Server } from '../catalog/server.js';
import { messageOf } from '../errors.js';
import { NO_TRACE, type Trace } from '../trace.js';
import { CredentialFault } from './credential-fault.js';
import {
  fetchWith,
  NO_CREDENTIALS,
  NO_HEADERS,
  type CredentialHeaders,
  type UpstreamCredentials,
} from './credentials.js';
import { underDeadline } from './deadline.js';
import { discoverServer, type Listed } from './discover.js';
import { faultOf } from './fault.js';
import { assess, type Assessment } from './health-state.js';
import { openChannel, type Fetch } from './outbound-channel.js';
import type { OutboundGuard } from './outbound-guard.js';
import { probeServer, type Found, type Known, type Probe } from './probe.js';
import { tracedFetch } from './traced-fetch.js';
import { listedWithoutSecrets, withoutSecrets, type SentSecrets } from './without-secrets.js';

export interface CheckDeps {
  readonly guard: OutboundGuard;
  /** For each address that is tried, and for each page of a list. */
  readonly timeoutMs: number;
  readonly publicUrl: string;
  readonly systemTrust?: SecureContext;
  /** What servers want to see of us; absent: nothing. */
  readonly credentials?: UpstreamCredentials;
  readonly trace?: Trace;
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
 * Probes a server the way nginx reaches it (Host, TLS, credential) and lists what it offers where that
 * is wanted.
 * Never throws; nothing is left open.
 */
export function checkServer(deps: CheckDeps, order: CheckOrder): Promise<CheckResult> {
  const { trace = NO_TRACE } = deps;
  return trace.span(
    'server check',
    async (span) => {
      const result = await checkOnce(deps, order);
      const { reachable, usable } = result.assessment;
      span.note({ 'mcp_gateway.reachable': reachable, 'mcp_gateway.usable': usable });
      return result;
    },
    { facts: { 'mcp_gateway.server': order.server.path } },
  );
}

async function checkOnce(deps: CheckDeps, order: CheckOrder): Promise<CheckResult> {
  const { server } = order;
  const channel = openChannel(deps.guard, {
    tls: server.tls,
    systemTrust: deps.systemTrust,
    hostHeader: hostHeaderOf(server, deps.publicUrl),
    connectTimeoutMs: deps.timeoutMs,
    maxBytes: MAX_BYTES,
  });
  try {
    return await checkThrough(tracedFetch(channel.fetch, deps.trace), deps, order);
  } finally {
    await channel.close();
  }
}

async function checkThrough(open: Fetch, deps: CheckDeps, order: CheckOrder): Promise<CheckResult> {
  const { timeoutMs, trace = NO_TRACE } = deps;
  const { signal } = order;
  const { probe, headers, fault } = await probeWithCredential(open, deps, order);
  const { outcome, found } = probe;
  const sent = { headers, url: order.server.url };
  const assessment = toldOf(assess(outcome), sent, fault);
  const retryAfterSeconds = outcome.kind === 'answer' ? outcome.retryAfterSeconds : undefined;
  if (found === undefined) return { assessment, retryAfterSeconds };
  if (!order.wantsListing(assessment)) return { assessment, found };
  const fetch = fetchWith(open, headers, order.server.url);
  try {
    const listed = await trace.span('server discovery', () =>
      underDeadline(timeoutMs * LISTING_FACTOR, signal, (inner) =>
        discoverServer(found, { fetch, signal: inner, timeoutMs }),
      ),
    );
    return { assessment, found, listed: listedWithoutSecrets(listed, sent) };
  } catch (error) {
    return { assessment, found, listingFault: listingFaultOf(error, found, sent) };
  }
}

interface CredentialProbe {
  readonly probe: Probe;
  /** What was sent. */
  readonly headers: CredentialHeaders;
  /** Why nothing could be sent; the probe tells at least whether the server answers. */
  readonly fault?: CredentialFault | undefined;
}

async function probeWithCredential(
  fetch: Fetch,
  { timeoutMs, credentials = NO_CREDENTIALS }: CheckDeps,
  { server, known, signal }: CheckOrder,
): Promise<CredentialProbe> {
  const attempt = async (): Promise<CredentialProbe> => {
    const { headers, fault } = await headersFor(credentials, server);
    const line = { fetch: fetchWith(fetch, headers, server.url), signal, timeoutMs };
    return { probe: await probeServer(line, server, known), headers, fault };
  };
  const first = await attempt();
  const { outcome } = first.probe;
  const isRefused = outcome.kind === 'answer' && outcome.status === 401;
  if (!isRefused || first.fault !== undefined || !(await credentials.renew(server))) return first;
  return attempt();
}

async function headersFor(
  credentials: UpstreamCredentials,
  server: Server,
): Promise<{ readonly headers: CredentialHeaders; readonly fault?: CredentialFault }> {
  try {
    return { headers: await credentials.headersOf(server) };
  } catch (thrown) {
    if (!(thrown instanceof CredentialFault)) throw thrown;
    return { headers: NO_HEADERS, fault: thrown };
  }
}

/** What a credential has to do with the health of a server, in words that tell no secret. */
function toldOf(
  assessment: Assessment,
  sent: SentSecrets,
  fault: CredentialFault | undefined,
): Assessment {
  const { message } = assessment;
  if (fault !== undefined && assessment.reachable === 'yes') {
    return { ...assessment, usable: 'error', cause: fault.reason, message: fault.message };
  }
  if (message === undefined) return assessment;
  if (assessment.cause === 'auth-required' && sent.headers !== NO_HEADERS) {
    return {
      ...assessment,
      message: `The server does not accept the credential that is stored for it (${assessment.httpStatus ?? 401}). Set another one.`,
    };
  }
  return { ...assessment, message: withoutSecrets(message, sent) };
}

/** The same choice as nginx makes; undefined is the URL's own authority. */
function hostHeaderOf(server: Server, publicUrl: string): string | undefined {
  if (server.hostHeader === 'upstream') return undefined;
  return server.hostHeader === 'client' ? new URL(publicUrl).host : server.hostHeader;
}

function listingFaultOf(error: unknown, { endpoint }: Found, sent: SentSecrets): string {
  const { cause, code } = error as { readonly cause?: unknown; readonly code?: unknown };
  const isOfTheLine = cause !== undefined || code === 'REQUEST_TIMEOUT';
  const message = isOfTheLine ? faultOf(error, endpoint.url).message : messageOf(error);
  // Before it is cut: a part of a secret would not be recognised.
  return `The tools could not be listed: ${withoutSecrets(message, sent).slice(0, 500)}`;
}
