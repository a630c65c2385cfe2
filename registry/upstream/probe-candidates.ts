import type { SpokenTransport, Transport } from '../catalog/server.js';

/** One way in which a server may answer. */
export interface Candidate {
  readonly url: string;
  readonly transport: SpokenTransport;
}

/**
 * Where to look for a server, in order. A declared transport is taken at its word: the URL as given.
 * With `auto` the URL may be the endpoint itself, of either transport, or the base of /mcp and /sse.
 */
export function probeCandidates(
  url: string,
  transport: Transport,
): readonly [Candidate, ...Candidate[]] {
  if (transport !== 'auto') return [{ url, transport }];
  const isStream = /\/sse\/?$/.test(new URL(url).pathname);
  return [
    { url, transport: isStream ? 'sse' : 'streamable-http' },
    { url, transport: isStream ? 'streamable-http' : 'sse' },
    { url: below(url, 'mcp'), transport: 'streamable-http' },
    { url: below(url, 'sse'), transport: 'sse' },
  ];
}

/** `segment` below a base URL; a query stays where it is. */
function below(base: string, segment: string): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${segment}`;
  return url.href;
}
