import { outcomeOf, type CallOutcome } from './call-outcome.js';

/** The generation of the protocol that a caller speaks: `modern` is 2026-07-28 and later. */
type CallEra = 'legacy' | 'modern';

type SessionChange = 'opened' | 'closed' | '';

/** What is known of a request to an MCP server. Never arguments, results, queries or tokens. */
export interface CallRecord {
  /** Milliseconds since 1970, to the second: when the answer had been given. */
  readonly at: number;
  readonly requestId: string;
  /** Empty where the server asks for no token, and where the caller had no good one. */
  readonly principal: string;
  /** Path of the server. */
  readonly server: string;
  readonly era: CallEra;
  readonly httpMethod: string;
  /** The JSON-RPC method; empty where neither a header nor a body that nginx read names it. */
  readonly method: string;
  /** The tool that was called; empty as `method` is. */
  readonly tool: string;
  /** The prompt that was asked for, or the resource without its query; empty otherwise. */
  readonly subject: string;
  /** What became of an MCP session by it; empty for nothing. */
  readonly session: SessionChange;
  readonly status: number;
  readonly outcome: CallOutcome;
  /** Whether the gateway itself gave the answer. */
  readonly ownAnswer: boolean;
  /** Name of the error with which the gateway answered (`X-Gateway-Error`); empty where it did not. */
  readonly error: string;
  readonly durationMs: number;
  /** Until the upstream began to answer; undefined where none did. */
  readonly firstByteMs: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Address of the upstream; empty where none was asked. */
  readonly upstream: string;
}

/**
 * What a line of nginx's access log is (nginx/snippets/http.conf): a call; `other`, a line of ours that is about no MCP
 * server; `torn`, nothing that can be read.
 */
export type LogLine = { readonly kind: 'call'; readonly record: CallRecord } | Unread;
interface Unread {
  readonly kind: 'other' | 'torn';
}

const OTHER: Unread = { kind: 'other' };
const TORN: Unread = { kind: 'torn' };
const LINE_BEGIN = '{"time":"';
const MAX_NAME = 200;
const MODERN = '2026-07-28';
const PRINTABLE_ASCII = /^[ -~]*$/;

export function parseLogLine(text: string): LogLine {
  const fields = fieldsOf(text);
  return fields === undefined ? TORN : lineOf(fields);
}

type Fields = Readonly<Record<string, unknown>>;

/** A line that was cut off has no end, and then the next one, whole, stands behind it. */
function fieldsOf(text: string): Fields | undefined {
  const whole = jsonOf(text);
  if (whole !== undefined) return whole;
  const at = text.lastIndexOf(LINE_BEGIN);
  return at > 0 ? jsonOf(text.slice(at)) : undefined;
}

function jsonOf(text: string): Fields | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}

function lineOf(fields: Fields): LogLine {
  const { requestId, server, status, seconds, bytesIn, bytesOut } = fields;
  const at = timeOf(fields.time);
  const isOurs =
    at !== undefined &&
    typeof requestId === 'string' &&
    typeof server === 'string' &&
    isCount(status) &&
    isCount(seconds) &&
    isCount(bytesIn) &&
    isCount(bytesOut);
  if (!isOurs) return TORN;
  const httpMethod = textOf(fields.method);
  // Preflights are the browser's, and no calls.
  if (server === '' || httpMethod === 'OPTIONS') return OTHER;
  const upstreamStatus = textOf(fields.upstreamStatus);
  return {
    kind: 'call',
    record: {
      at,
      requestId,
      principal: nameOf(fields.principal),
      server,
      httpMethod,
      ...namesOf(fields),
      status,
      outcome: outcomeOf(status, upstreamStatus, httpMethod),
      ownAnswer: upstreamStatus === '',
      error: errorNameOf(fields.error),
      durationMs: Math.round(seconds * 1000),
      firstByteMs: millisecondsOf(fields.firstByteSeconds),
      bytesIn,
      bytesOut,
      upstream: nameOf(fields.upstreamAddress),
    },
  };
}

type Names = Pick<CallRecord, 'era' | 'method' | 'tool' | 'subject' | 'session'>;

/** Headers count for callers of 2026-07-28 alone: to others they mean nothing, and could say anything. */
function namesOf(fields: Fields): Names {
  const version = textOf(fields.protocolVersion);
  if (!/^\d{4}-\d\d-\d\d$/.test(version) || version < MODERN) {
    const [change = '', method = '', ...name] = textOf(fields.earlier).split(' ');
    const session = isSuccess(fields.status) ? sessionChange(change) : '';
    return { era: 'legacy', session, ...calledBy(method, unescaped(name.join(' '))) };
  }
  const called = calledBy(textOf(fields.rpcMethod), decoded(textOf(fields.rpcName)));
  return { era: 'modern', session: '', ...called };
}

function calledBy(method: string, name: string): Pick<CallRecord, 'method' | 'tool' | 'subject'> {
  return {
    method: nameOf(method),
    tool: method === 'tools/call' ? nameOf(name) : '',
    subject: subjectOf(method, name),
  };
}

function sessionChange(said: string): SessionChange {
  return said === 'opened' || said === 'closed' ? said : '';
}

function isSuccess(status: unknown): boolean {
  return typeof status === 'number' && status >= 200 && status < 300;
}

/** A text as it stands in JSON, without its quotes; empty when it is none. */
function unescaped(text: string): string {
  try {
    return textOf(JSON.parse(`"${text}"`));
  } catch {
    return '';
  }
}

function subjectOf(method: string, name: string): string {
  if (method === 'prompts/get') return nameOf(name);
  return method === 'resources/read' ? nameOf(name.replace(/[?#].*$/s, '')) : '';
}

/** `=?base64?...?=` stands for what a header cannot hold (2026-07-28). */
function decoded(value: string): string {
  const sealed = /^=\?base64\?([A-Za-z0-9+/=]*)\?=$/.exec(value)?.[1];
  return sealed === undefined ? value : Buffer.from(sealed, 'base64').toString();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Absent from lines of earlier versions. */
function errorNameOf(value: unknown): string {
  const name = textOf(value);
  return /^[a-z][a-z-]{0,39}$/.test(name) ? name : '';
}

/** Callers choose these: what is too long is told by its beginning. */
function nameOf(value: unknown): string {
  const said = textOf(value);
  // Nearly all are.
  if (said.length <= MAX_NAME && PRINTABLE_ASCII.test(said)) return said;
  // Halves of a surrogate pair as well are nothing that could be written down.
  const text = said.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/\p{Cs}/gu, '\ufffd');
  return text.length <= MAX_NAME ? text : `${text.slice(0, MAX_NAME)}...`;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}

let lastTime = { text: '', at: 0 };

/** Thousands of lines in a row are of one second. */
function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (value !== lastTime.text) lastTime = { text: value, at: Date.parse(value) };
  return Number.isNaN(lastTime.at) ? undefined : lastTime.at;
}

/** Of a request that was sent to several addresses one after the other it is the last that counts. */
function millisecondsOf(value: unknown): number | undefined {
  const last = textOf(value).split(/[,:]/).at(-1)?.trim() ?? '';
  return /^\d+\.\d+$/.test(last) ? Math.round(Number(last) * 1000) : undefined;
}
