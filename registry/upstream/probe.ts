import type { Endpoint, MessageEndpoint } from '../catalog/discovery.js';
import type { Era, SpokenTransport, Transport } from '../catalog/server.js';
import { underDeadline } from './deadline.js';
import { assess } from './health-state.js';
import {
  CLIENT_INFO,
  LEGACY_VERSION,
  MODERN_META,
  MODERN_VERSION,
  modernHeaders,
} from './mcp-versions.js';
import { messageEndpointOf } from './message-endpoint.js';
import { probeCandidates } from './probe-candidates.js';
import { isModernError, type ProbeOutcome } from './probe-outcome.js';
import { endSession, openStream, postRpc, type ProbeLine } from './probe-request.js';

/** How a server answered. */
export interface Found {
  readonly endpoint: Endpoint;
  readonly era: Era;
  /** The result of `server/discover`, where there is one. */
  readonly discover?: Readonly<Record<string, unknown>>;
}

export interface Probe {
  /** The answer that decides about health. */
  readonly outcome: ProbeOutcome;
  /** Present when an MCP server answered. */
  readonly found?: Found;
}

/** What an earlier probe found; it makes the next one cheap. */
export interface Known {
  readonly endpoint: Endpoint;
  /** Absent when the era is to be asked for again. */
  readonly era?: Era;
}

/** Causes after which another address or transport is worth a try; the others concern them all. */
const ELSEWHERE: readonly string[] = ['wrong-endpoint', 'protocol-error', 'redirect', 'http-error'];

/**
 * Finds out whether an MCP server answers, where, over which transport and of which era. Leaves no
 * session and no stream behind. Never throws: what goes wrong is the outcome.
 */
export async function probeServer(
  line: ProbeLine & { readonly timeoutMs: number },
  target: { readonly url: string; readonly transport: Transport },
  known?: Known,
): Promise<Probe> {
  if (known !== undefined) {
    const { url, transport } = known.endpoint;
    const probe = await probeOne(line, url, transport, known.era);
    if (!isElsewhere(probe)) return probe;
  }
  const [first, ...others] = probeCandidates(target.url, target.transport);
  let told = await probeOne(line, first.url, first.transport, undefined);
  for (const { url, transport } of others) {
    if (!isElsewhere(told)) break;
    told = moreTelling(told, await probeOne(line, url, transport, undefined));
  }
  return told;
}

function isElsewhere(probe: Probe): boolean {
  if (probe.found !== undefined) return false;
  const { reachable, cause } = assess(probe.outcome);
  return reachable === 'yes' && cause !== undefined && ELSEWHERE.includes(cause);
}

/** An answer that fits ends the search; else a page or a redirect says more than the 404 of a guess. */
function moreTelling(told: Probe, probe: Probe): Probe {
  if (!isElsewhere(probe)) return probe;
  const isBlank = assess(told.outcome).cause === 'wrong-endpoint';
  return isBlank && assess(probe.outcome).cause !== 'wrong-endpoint' ? probe : told;
}

/** Each address has the whole time for itself: a slow 404 must not hide the endpoint below it. */
function probeOne(
  { fetch, signal, timeoutMs }: ProbeLine & { readonly timeoutMs: number },
  url: string,
  transport: SpokenTransport,
  era: Era | undefined,
): Promise<Probe> {
  return underDeadline(timeoutMs, signal, (inner) => {
    const line = { fetch, signal: inner };
    return transport === 'sse' ? probeSse(line, url) : probeStreamable(line, url, era);
  });
}

/** Streamable HTTP: `server/discover` unless the server is known to be old, then `initialize`. */
async function probeStreamable(line: ProbeLine, url: string, era: Era | undefined): Promise<Probe> {
  const modern = era === 'legacy' ? undefined : await discover(line, url);
  if (modern?.found !== undefined || (modern !== undefined && !isEraOpen(modern))) return modern;
  const legacy = await initialize(line, url);
  if (legacy.found !== undefined) return legacy;
  // A server of the new era alone refuses `initialize` in its own words.
  if (modern === undefined && isModernError(legacy.outcome)) return discover(line, url);
  return modern !== undefined && isModernError(modern.outcome)
    ? { outcome: modern.outcome, found: foundAt(modern.outcome, url, 'modern') }
    : legacy;
}

/** Whether the answer to `server/discover` leaves room for an old server. */
function isEraOpen({ outcome }: Probe): boolean {
  const { reachable, cause } = assess(outcome);
  return reachable === 'yes' && (cause === undefined || ELSEWHERE.includes(cause));
}

async function discover(line: ProbeLine, url: string): Promise<Probe> {
  const { outcome } = await postRpc(line, url, {
    method: 'server/discover',
    params: { _meta: MODERN_META },
    headers: modernHeaders('server/discover'),
  });
  const result = outcome.kind === 'answer' ? outcome.reply?.result : undefined;
  if (result !== undefined && speaksModern(result.supportedVersions)) {
    return { outcome, found: { ...foundAt(outcome, url, 'modern'), discover: result } };
  }
  return isModernError(outcome) && isOfNewEraOnly(outcome)
    ? { outcome, found: foundAt(outcome, url, 'modern') }
    : { outcome };
}

/** Some servers answer `server/discover` and yet speak old revisions alone (the Go SDK with sessions). */
function speaksModern(versions: unknown): boolean {
  return (
    Array.isArray(versions) &&
    versions.some((version) => typeof version === 'string' && version >= MODERN_VERSION)
  );
}

/** UnsupportedProtocolVersion that offers nothing older: there is no point in `initialize`. */
function isOfNewEraOnly(outcome: ProbeOutcome): boolean {
  const data = outcome.kind === 'answer' ? outcome.reply?.error?.data : undefined;
  const supported = (data as { supported?: unknown } | null | undefined)?.supported;
  return (
    Array.isArray(supported) &&
    supported.length > 0 &&
    supported.every((version) => typeof version === 'string' && version >= MODERN_VERSION)
  );
}

async function initialize(line: ProbeLine, url: string): Promise<Probe> {
  const { outcome, sessionId } = await postRpc(line, url, {
    method: 'initialize',
    params: { protocolVersion: LEGACY_VERSION, capabilities: {}, clientInfo: CLIENT_INFO },
  });
  if (sessionId !== undefined) await endSession(line.fetch, outcome.url, sessionId);
  const result = outcome.kind === 'answer' ? outcome.reply?.result : undefined;
  return typeof result?.protocolVersion === 'string'
    ? { outcome, found: foundAt(outcome, url, 'legacy') }
    : { outcome: notAHandshake(outcome) };
}

/** A result that is no handshake is no success. */
function notAHandshake(outcome: ProbeOutcome): ProbeOutcome {
  if (outcome.kind === 'fault' || outcome.reply?.result === undefined) return outcome;
  return { ...outcome, problem: 'answered the MCP handshake with something else' };
}

/** HTTP+SSE: the stream is read until it announces its message endpoint. */
async function probeSse(line: ProbeLine, url: string): Promise<Probe> {
  let message: MessageEndpoint | undefined;
  let problem: string | undefined;
  const outcome = await openStream(line, url, (event, data, at) => {
    if (event !== 'endpoint') return false;
    const read = messageEndpointOf(at, data);
    if (read.ok) message = read.value;
    else problem = read.problem;
    return true;
  });
  if (message !== undefined) {
    const endpoint: Endpoint = { url: outcome.url, transport: 'sse', message };
    return { outcome, found: { endpoint, era: 'legacy' } };
  }
  if (problem === undefined || outcome.kind === 'fault') return { outcome };
  return { outcome: { ...outcome, problem } };
}

function foundAt(outcome: ProbeOutcome, url: string, era: Era): Found {
  const at = outcome.kind === 'answer' ? outcome.url : url;
  return { endpoint: { url: at, transport: 'streamable-http' }, era };
}
