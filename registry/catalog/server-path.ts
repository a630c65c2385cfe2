import { accept, refuse, type Result } from './result.js';

declare const brand: unique symbol;

/**
 * The public prefix of a server in its canonical form: a slash and one to three segments of
 * `[a-z0-9][a-z0-9_-]*`, e.g. `/weather` or `/team/weather`.
 */
export type ServerPath = string & { readonly [brand]: 'ServerPath' };

const SEGMENT = /^[a-z0-9][a-z0-9_-]*$/;
const MAX_SEGMENTS = 3;
const MAX_LENGTH = 128;

/** First segments that belong to the gateway itself. */
const RESERVED_SEGMENTS: ReadonlySet<string> = new Set([
  'ui',
  'api',
  'ws',
  'login',
  'logout',
  'auth',
  'assets',
  'static',
  'docs',
  'metrics',
  'health',
  'healthz',
  'mcpgw',
  'v0',
  'v0.1',
  'register',
  'virtual',
  '.well-known',
]);

/** Later segments that would collide with the endpoints of the server one level up. */
const ENDPOINT_SEGMENTS: ReadonlySet<string> = new Set(['mcp', 'sse']);

function isReserved(firstSegment: string): boolean {
  return RESERVED_SEGMENTS.has(firstSegment);
}

/**
 * Reads a path as an operator writes it: with or without the leading slash and with trailing slashes.
 * Nothing else is repaired: upper case and percent-encoding are refused, so that two spellings never
 * mean the same server.
 */
export function parseServerPath(input: string): Result<ServerPath> {
  const trimmed = input.replace(/^\//, '').replace(/\/+$/, '');
  if (trimmed === '') return refuse('must name a path such as /weather');
  if (trimmed.length > MAX_LENGTH) return refuse(`must be at most ${MAX_LENGTH} characters long`);
  const segments = trimmed.split('/');
  const first = segments[0] ?? '';
  if (isReserved(first.toLowerCase())) {
    return refuse(
      `begins with "${first.toLowerCase()}", which the gateway keeps for itself; choose another first segment`,
    );
  }
  if (segments.length > MAX_SEGMENTS) return refuse(`must have at most ${MAX_SEGMENTS} segments`);
  if (!segments.every((segment) => SEGMENT.test(segment))) {
    return refuse(
      'must consist of one to three segments of lower-case letters, digits, "-" and "_", each beginning with a letter or digit, e.g. /team/weather',
    );
  }
  const collision = segments.slice(1).find((segment) => ENDPOINT_SEGMENTS.has(segment));
  if (collision !== undefined) {
    return refuse(
      `must not have the segment "${collision}" after the first: it is an endpoint of the server above`,
    );
  }
  return accept(`/${trimmed}` as ServerPath);
}
