import { accept, refuse, type Result } from './result.js';

declare const brand: unique symbol;

/** Where a server runs: an absolute http or https URL in its serialised form (WHATWG URL). */
export type UpstreamUrl = string & { readonly [brand]: 'UpstreamUrl' };

const MAX_LENGTH = 2048;
/** What is left of a host name after WHATWG parsing, or an IPv6 literal in brackets. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])$/;
/**
 * RFC 3986 path and query characters. Quotes, braces, backslash, `$`, `;` and white space are not
 * among them: a URL that needs them must percent-encode them.
 */
const PATH_AND_QUERY = /^[A-Za-z0-9\-._~!&()*+,=:@%/?]*$/;

/** Reads the address of an MCP server: http or https, no user information, no fragment. */
export function parseUpstreamUrl(input: string): Result<UpstreamUrl> {
  if (input.length > MAX_LENGTH) return refuse(`must be at most ${MAX_LENGTH} characters long`);
  if (input === '') return refuse('must be an absolute URL such as http://weather:8000/mcp');
  // WHATWG drops tabs and newlines silently and trims blanks; we do not.
  if (!/^[\x21-\x7e]+$/.test(input)) {
    return refuse('must be a URL without blanks, control or non-ASCII characters (encode them)');
  }
  const url = URL.canParse(input) ? new URL(input) : undefined;
  if (url === undefined) return refuse('must be an absolute URL such as http://weather:8000/mcp');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return refuse('must begin with http:// or https://');
  }
  if (input.includes('#')) return refuse('must not contain a fragment (#...)');
  if (url.username !== '' || url.password !== '' || /^[^/?]*\/\/[^/?]*@/.test(input)) {
    return refuse('must not contain a user name or password');
  }
  if (!HOST.test(url.hostname))
    return refuse('must name a host of letters, digits, ".", "-" and "_"');
  if (url.port === '0') return refuse('must not use port 0');
  if (!PATH_AND_QUERY.test(url.pathname + url.search)) {
    return refuse('must percent-encode the characters " \' $ ; { } \\ < > ^ ` | in path and query');
  }
  return accept(url.href as UpstreamUrl);
}
