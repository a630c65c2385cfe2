import { faultOf } from './fault.js';
import type { Fetch } from './outbound-channel.js';
import type { ProbeOutcome, RpcReply } from './probe-outcome.js';
import { readSseEvents } from './sse-events.js';

/** How a probe talks: through the guard's channel, until the signal ends it. */
export interface ProbeLine {
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
}

export interface RpcRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

type Answer = Extract<ProbeOutcome, { kind: 'answer' }>;

const MAX_REDIRECTS = 3;
/** A handshake is small; of an error page the start is enough. */
const MAX_JSON = 1024 * 1024;
const MAX_ERROR_TEXT = 64 * 1024;
const GOODBYE_MS = 2000;
/** Of what a server says of an error. */
const MAX_QUOTE = 500;

/** Sends one JSON-RPC request; whatever goes wrong is the outcome. */
export async function postRpc(
  line: ProbeLine,
  url: string,
  request: RpcRequest,
): Promise<{ readonly outcome: ProbeOutcome; readonly sessionId?: string }> {
  const startedAt = performance.now();
  let session = {};
  try {
    const outcome = await exchangeRpc(line, url, request, MAX_JSON, ({ headers }) => {
      const sessionId = headers.get('mcp-session-id');
      if (sessionId !== null) session = { sessionId };
    });
    return { outcome, ...session };
  } catch (error) {
    return { outcome: faultOutcome(error, url, line.signal, startedAt), ...session };
  }
}

/**
 * Sends one JSON-RPC request and reads its one answer, from JSON or from an event stream.
 * `onHead` is called before the body is read. @throws what the line throws
 */
export async function exchangeRpc(
  line: ProbeLine,
  url: string,
  { method, params, headers = {} }: RpcRequest,
  maxJsonBytes: number,
  onHead?: (response: Response) => void,
): Promise<Answer> {
  const startedAt = performance.now();
  const { response, url: at } = await follow(line, url, {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  onHead?.(response);
  const reply = await readReply(response, maxJsonBytes);
  return { ...describe(response, at, startedAt), ...(reply !== undefined && { reply }) };
}

/** Opens an event stream and hands its first events to `accepts` until that gives a verdict. */
export async function openStream(
  line: ProbeLine,
  url: string,
  accepts: (event: string, data: string, url: string) => boolean,
): Promise<ProbeOutcome> {
  const startedAt = performance.now();
  try {
    const { response, url: at } = await follow(line, url, {
      headers: { accept: 'text/event-stream' },
    });
    const answer = describe(response, at, startedAt);
    if (!response.ok || response.body === null || !isEventStream(response)) {
      await response.body?.cancel();
      return answer;
    }
    for await (const { event, data } of readSseEvents(response.body)) {
      if (accepts(event, data, at)) {
        return { ...answer, announced: true, latencyMs: performance.now() - startedAt };
      }
    }
    return { ...answer, problem: 'closed its event stream without announcing a message endpoint' };
  } catch (error) {
    return faultOutcome(error, url, line.signal, startedAt);
  }
}

/** Ends a session that a handshake opened. What a server answers to that does not matter. */
export async function endSession(
  fetch: Fetch,
  url: string,
  sessionId: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  try {
    const response = await fetch(url, {
      method: 'DELETE',
      headers: { ...headers, 'mcp-session-id': sessionId },
      // Not the probe's own signal: a session is ended after a timeout, too.
      signal: AbortSignal.timeout(GOODBYE_MS),
    });
    await response.body?.cancel();
  } catch {
    // The server is gone, and its sessions with it; the probe has said so already.
  }
}

/** Redirects within the origin are followed with the method unchanged; each hop passes the guard. */
async function follow(
  line: ProbeLine,
  url: string,
  init: RequestInit,
): Promise<{ readonly response: Response; readonly url: string }> {
  let at = url;
  for (let hops = 0; ; hops += 1) {
    const response = await line.fetch(at, { ...init, signal: line.signal });
    const target = redirectTarget(response, at);
    if (target === undefined || hops === MAX_REDIRECTS) return { response, url: at };
    if (new URL(target).origin !== new URL(at).origin) return { response, url: at };
    await response.body?.cancel();
    at = target;
  }
}

function redirectTarget(response: Response, url: string): string | undefined {
  const location = response.headers.get('location');
  if (![301, 302, 307, 308].includes(response.status) || location === null) return undefined;
  return URL.canParse(location, url) ? new URL(location, url).href : undefined;
}

function describe(response: Response, url: string, startedAt: number): Answer {
  const { headers, status } = response;
  const challenge = /^[A-Za-z][A-Za-z0-9-]{0,29}(?= |$)/.exec(
    headers.get('www-authenticate') ?? '',
  )?.[0];
  const retryAfter = retryAfterSeconds(headers.get('retry-after'));
  const location = status >= 300 && status < 400 ? redirectLocation(response, url) : undefined;
  return {
    kind: 'answer',
    url,
    status,
    contentType: headers.get('content-type') ?? '',
    isScopeMissing: /\binsufficient_scope\b/.test(headers.get('www-authenticate') ?? ''),
    ...(challenge !== undefined && { challenge }),
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
    ...(location !== undefined && { location }),
    latencyMs: performance.now() - startedAt,
  };
}

function redirectLocation(response: Response, url: string): string {
  return redirectTarget(response, url) ?? response.headers.get('location') ?? '';
}

function retryAfterSeconds(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

function isEventStream(response: Response): boolean {
  return /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '');
}

async function readReply(response: Response, maxJsonBytes: number): Promise<RpcReply | undefined> {
  const { body } = response;
  if (body === null) return undefined;
  if (isEventStream(response)) {
    for await (const { data } of readSseEvents(body)) {
      const reply = parseReply(data);
      if (reply !== undefined) return reply;
    }
    return undefined;
  }
  // Servers send JSON-RPC errors with all kinds of types; anything long is a page for people.
  const isJson = /\bjson\b/i.test(response.headers.get('content-type') ?? '');
  return parseReply(await readStart(body, isJson ? maxJsonBytes : MAX_ERROR_TEXT));
}

async function readStart(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > maxBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseReply(text: string): RpcReply | undefined {
  const message = parseJson(text);
  if (!isRecord(message)) return undefined;
  if (isRecord(message.result)) return { result: message.result };
  const { error } = message;
  if (!isRecord(error) || typeof error.code !== 'number') return undefined;
  return {
    error: {
      code: error.code,
      message: typeof error.message === 'string' ? cutAtBlank(error.message) : '',
      data: error.data,
    },
  };
}

/** Whole words only: the beginning of a secret would not be recognised when secrets are taken out. */
function cutAtBlank(text: string): string {
  if (text.length <= MAX_QUOTE) return text;
  return `${text.slice(0, MAX_QUOTE).replace(/\S*$/, '')}...`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function faultOutcome(
  error: unknown,
  url: string,
  signal: AbortSignal,
  startedAt: number,
): ProbeOutcome {
  // What ended the request is the signal's reason, not the AbortError that it causes.
  const thrown: unknown = signal.aborted ? signal.reason : error;
  return { kind: 'fault', url, ...faultOf(thrown, url), latencyMs: performance.now() - startedAt };
}
