import { accept, refuse, type Result } from './result.js';

/**
 * A subset of the tokens of RFC 9110, section 5.6.2: the characters that real header names have, and
 * that mean nothing in a configuration of nginx.
 */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

/** Reads the name of an HTTP header; case is kept as it was written. */
export function parseHeaderName(input: string): Result<string> {
  return NAME.test(input)
    ? accept(input)
    : refuse(
        'must be the name of a header: a letter, then at most 99 letters, digits, "-" and "_", e.g. X-Api-Key',
      );
}

/** Of the connection, the message, the MCP transport and the gateway: nobody else sets them. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'cookie',
  'cookie2',
  'date',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'last-event-id',
  'max-forwards',
  'origin',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
  'x-real-ip',
  'x-request-id',
]);
const RESERVED_PREFIXES = [
  'accept',
  'access-control-',
  'content-',
  'mcp-',
  'proxy-',
  'sec-',
  'x-accel-',
  'x-forwarded-',
];

/** Whether a header must not be set by hand, because the protocol or the gateway sets it. */
export function isReservedHeader(name: string): boolean {
  // Some servers take "_" for "-": what is reserved is so in either spelling.
  const plain = name.toLowerCase().replaceAll('_', '-');
  return RESERVED.has(plain) || RESERVED_PREFIXES.some((prefix) => plain.startsWith(prefix));
}
