import type { Endpoint } from '../../catalog/discovery.js';
import type { Resolution } from '../../catalog/resolution.js';
import type { Server, SpokenTransport } from '../../catalog/server.js';
import { credentialFileName } from '../../catalog/credential-file-name.js';
import { credentialHeaders } from '../../catalog/server-auth.js';
import { routeLimits } from './call-limit.js';
import * as nginx from './nginx-value.js';
import type { NginxValue } from './nginx-value.js';
import type { MessageRoute, ProxyRoute, RouteCredential, UpstreamTls } from './plan.js';

/** Where messages go when the upstream's announcement has not been seen yet: what servers commonly use. */
const USUAL_MESSAGE_PATHS = ['message', 'messages', 'messages/', 'sse'];

/** The route of one enabled server. @throws NginxValueError when a stored value has no place in nginx */
export function proxyRoute(
  server: Server,
  found: Endpoint | undefined,
  resolution: Resolution,
): ProxyRoute {
  const endpoint = found ?? presumedEndpoint(server);
  nginx.transport(endpoint.transport);
  const url = new URL(endpoint.url);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const publicPath = nginx.publicPath(server.path);
  const folder = nginx.requestPath(url.pathname.replace(/[^/]*$/, ''));
  return {
    kind: 'proxy',
    path: server.path,
    // Whatever else a record may say: never open by omission.
    guarded: server.access !== 'public',
    transport: endpoint.transport,
    publicPath,
    ...(resolution.state === 'resolved' && {
      address: nginx.socketAddress(resolution.address, port),
    }),
    scheme: nginx.scheme(url.protocol.slice(0, -1)),
    host: hostOf(server, url),
    authority: nginx.authority(url.host),
    tlsName: nginx.authority(url.hostname),
    endpointPath: nginx.requestPath(url.pathname),
    ...(url.search !== '' && { endpointQuery: nginx.requestQuery(url.search.slice(1)) }),
    announcedPrefix: announcedPrefix(publicPath, url.pathname),
    folder,
    messages: endpoint.transport === 'sse' ? messageRoutes(publicPath, folder, endpoint) : [],
    // Numbers in a record of unknown origin may be anything.
    timeoutSeconds: nginx.whole(server.timeoutSeconds),
    maxBodyBytes: nginx.whole(server.maxBodyBytes),
    limits: routeLimits(server.limits),
    tls: upstreamTls(server, url),
    credential: routeCredential(server),
  };
}

/**
 * Until a probe has answered: the registered URL when the transport is declared or the URL ends like an
 * endpoint, else `/mcp` below it.
 */
function presumedEndpoint(server: Server): Endpoint {
  const url = new URL(server.url);
  const named = /\/(?:mcp|sse)\/?$/.exec(url.pathname);
  const transport: SpokenTransport =
    server.transport === 'auto'
      ? named?.[0].startsWith('/sse') === true
        ? 'sse'
        : 'streamable-http'
      : server.transport;
  if (server.transport === 'auto' && named === null) {
    url.pathname = `${url.pathname.replace(/\/$/, '')}/mcp`;
  }
  return { url: url.href, transport };
}

function hostOf(server: Server, url: URL): ProxyRoute['host'] {
  if (server.hostHeader === 'client') return 'client';
  return nginx.authority(server.hostHeader === 'upstream' ? url.host : server.hostHeader);
}

function routeCredential({ path, auth }: Server): RouteCredential {
  if (auth.type === 'none') return { kind: 'none' };
  if (auth.type === 'pass-through') {
    return {
      kind: 'pass-through',
      from: nginx.headerName(auth.from),
      to: nginx.headerName(auth.to),
    };
  }
  return {
    kind: 'kept',
    file: nginx.word(credentialFileName(path)),
    headers: credentialHeaders(auth).map(nginx.headerName),
  };
}

function upstreamTls(server: Server, url: URL): UpstreamTls {
  if (url.protocol !== 'https:') return { kind: 'plain' };
  if (!server.tls.verify) return { kind: 'unverified' };
  return server.tls.caPem === undefined
    ? { kind: 'system' }
    : { kind: 'bundle', caPem: server.tls.caPem };
}

/**
 * An upstream that honours X-Forwarded-Prefix announces `/weather/message` for a server at `/weather`.
 * One that happens to live below `/weather/` on its own host announces the same text and means its own
 * path; there, only the doubled prefix can be an honoured header.
 */
function announcedPrefix(publicPath: NginxValue, upstreamPath: string): NginxValue {
  return upstreamPath.startsWith(`${publicPath}/`)
    ? nginx.joined(publicPath, publicPath)
    : publicPath;
}

function messageRoutes(
  publicPath: NginxValue,
  folder: NginxValue,
  endpoint: Endpoint,
): MessageRoute[] {
  const announced = endpoint.message;
  const paths: readonly { kind: MessageRoute['kind']; path: string }[] =
    announced !== undefined
      ? [announced]
      : [...new Set(['/', folder])].flatMap((base) =>
          USUAL_MESSAGE_PATHS.map((name) => ({ kind: 'exact' as const, path: `${base}${name}` })),
        );
  return paths.map(({ kind, path }) => {
    const upstreamPath = nginx.plainPath(path);
    return { kind, upstreamPath, publicPath: nginx.joined(publicPath, upstreamPath) };
  });
}
