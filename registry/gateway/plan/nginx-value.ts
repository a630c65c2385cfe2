/**
 * Text that is safe at one syntactic place of an nginx configuration. Templates accept nothing else.
 *
 * Every constructor checks its input against the grammar of its place and throws otherwise: `nginx -t`
 * is no defence, since `/a/ { return 200; } location /z` renders to a file that passes it. nginx knows
 * no way to escape `$`, so no constructor lets one through.
 */
declare const brand: unique symbol;
export type NginxValue = string & { readonly [brand]: 'NginxValue' };

/** A value that has no place in the configuration. The server that carries it is excluded. */
class NginxValueError extends Error {
  override readonly name = 'NginxValueError';
}

function checked(kind: string, grammar: RegExp, maxLength = 2048) {
  return (text: string): NginxValue => {
    if (text.length > maxLength || !grammar.test(text)) {
      throw new NginxValueError(`${JSON.stringify(text.slice(0, 120))} is not a valid ${kind}`);
    }
    return text as NginxValue;
  };
}

/** The public prefix of a server; also stands in comments. */
export const publicPath = checked('server path', /^(?:\/[a-z0-9][a-z0-9_-]*){1,3}$/, 200);

/** The path of an upstream request: RFC 3986 characters without those that mean something to nginx. */
export const requestPath = checked('request path', /^\/[A-Za-z0-9\-._~!&()*+,=:@%/]*$/);

/** A query without its question mark. */
export const requestQuery = checked('query', /^[A-Za-z0-9\-._~!&()*+,=:@%/?]*$/);

/** A path that stands in a regular expression or map key: nothing that needs escaping but dots. */
export const plainPath = checked('message path', /^(?=\/)(?:\/[A-Za-z0-9._~-]+)*\/?$/, 300);

/** Host name or bracketed IPv6 literal with an optional port, as in `Host` and `server_name`. */
export const authority = checked(
  'host',
  /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?$/,
  300,
);

/** `http` or `https`. */
export const scheme = checked('scheme', /^https?$/);

/** A transport that has a location of its own. */
export const transport = checked('transport', /^(?:streamable-http|sse)$/);

/** An origin as a browser sends it (RFC 6454). */
export const origin = checked(
  'origin',
  /^https?:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?$/,
  300,
);

/** The public URL: an origin with an optional path. */
export const publicUrl = checked(
  'public URL',
  /^https?:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?(?:\/[A-Za-z0-9._~-]+)*$/,
);

/** Address or CIDR range. */
export const network = checked('network', /^[0-9a-f.:]+(?:\/\d{1,3})?$/i, 60);

/** A file name, to stand in double quotes. */
export const plainFilePath = checked('file name', /^[^\p{Cc}"\\${};]+$/u);

/** A file name in double quotes. */
export function filePath(text: string): NginxValue {
  return `"${plainFilePath(text)}"` as NginxValue;
}

/** An IP literal and a port, as in `listen` and `server`. */
export function socketAddress(address: string, port: number): NginxValue {
  const host = checked(
    'IP address',
    /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)$/i,
    50,
  )(address);
  return `${host.includes(':') ? `[${host}]` : host}:${whole(port, 65_535)}` as NginxValue;
}

/** A whole number from 0 to `max`. */
export function whole(value: number, max = Number.MAX_SAFE_INTEGER): NginxValue {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new NginxValueError(`${value} is not a whole number up to ${max}`);
  }
  return String(value) as NginxValue;
}

/** The name of an HTTP header, as in `proxy_set_header`. */
export const headerName = checked('header name', /^[A-Za-z][A-Za-z0-9_-]*$/, 100);

/** A word of the configuration language that we made ourselves: names of upstreams, locations, users. */
export const word = checked('name', /^[A-Za-z0-9_.-]+$/, 200);

/** `text` as part of a regular expression, dots taken literally. */
export function literalInRegex(text: NginxValue): NginxValue {
  return text.replaceAll('.', '\\.') as NginxValue;
}

/** Joins safe parts: concatenation of values of these grammars stays safe. */
export function joined(...parts: readonly NginxValue[]): NginxValue {
  return parts.join('') as NginxValue;
}
