import { createHash } from 'node:crypto';
import { SERVER_DEFAULTS, type SpokenTransport } from '../../catalog/server.js';
import * as nginx from '../plan/nginx-value.js';
import type { NginxValue } from '../plan/nginx-value.js';
import type { ProxyRoute, UpstreamTls } from '../plan/plan.js';
import { credentialMark, credentialSetHeaders, type SetHeader } from './credentials.js';
import { own, withoutSlash } from './own.js';

/** What nearly all servers have, and what locations say once for all of them. */
export const USUAL = {
  timeoutSeconds: nginx.whole(SERVER_DEFAULTS.timeoutSeconds),
  maxBodyBytes: nginx.whole(SERVER_DEFAULTS.maxBodyBytes),
};

interface Limits {
  readonly maxBodyBytes: NginxValue;
  /** Absent: the usual. */
  readonly timeoutSeconds?: NginxValue;
}

/** The location of one server. */
interface OwnLocation extends Limits {
  readonly match: NginxValue;
  readonly at: NginxValue;
  readonly host: NginxValue;
  readonly query?: NginxValue;
  readonly target: NginxValue;
  readonly owner: NginxValue;
}

/**
 * The location of all servers that are alike in what nginx takes from no variable: those that are reached over https, and
 * those that are shown a credential. Each location reads the certificates that it trusts for itself, and those of the
 * system take it 45 ms and 1 MB (decision 0001).
 */
interface SharedLocation extends Limits {
  readonly name: NginxValue;
  readonly kind: Endpoint;
  readonly scheme: NginxValue;
  /** Absent: whoever answers is believed. */
  readonly trust?: NginxValue;
  readonly headers: readonly SetHeader[];
  /** Whether calls go on only with a credential that the registry keeps. */
  readonly needsCredential: boolean;
}

/** What is spoken at a location. */
type Endpoint = SpokenTransport | 'message';

/** The locations that pass calls on, by what they have in common. */
export interface Locations {
  readonly streamableHttp: readonly OwnLocation[];
  readonly sse: readonly OwnLocation[];
  readonly messages: readonly OwnLocation[];
  readonly shared: readonly SharedLocation[];
  /** For callers whose tools are limited: what the server answers is filtered. */
  readonly filtered: readonly SharedLocation[];
}

export function locationsOf(routes: readonly ProxyRoute[], systemTrust: NginxValue): Locations {
  const own = routes.filter((route) => !isShared(route));
  const sse = own.filter(({ transport }) => transport === 'sse');
  return {
    streamableHttp: own.filter((route) => isStraight(route)).map(endpointLocation),
    sse: sse.map(endpointLocation),
    messages: sse.flatMap(messageLocations),
    shared: sharedLocations(routes.filter(isShared), systemTrust),
    filtered: sharedLocations(
      routes.filter(({ guarded }) => guarded),
      systemTrust,
    ).filter(({ kind }) => kind !== 'message'),
  };
}

/** Whether calls find the location of the server without being sent there. */
export function isStraight(route: ProxyRoute): boolean {
  return route.transport === 'streamable-http' && !isShared(route);
}

/** Where the calls of a server are passed on. Of a straight one it is the public address itself. */
export function endpointAddress(route: ProxyRoute): NginxValue {
  if (isShared(route)) return own`/.mcp/shared/${sharedName(route, route.transport)}/`;
  return route.transport === 'sse'
    ? own`/.mcp/sse${route.publicPath}`
    : own`${route.publicPath}/mcp`;
}

/** Where the messages of an HTTP+SSE server are passed on, as nginx finds it while the address is the client's. */
export function messageAddress(route: ProxyRoute): NginxValue {
  return isShared(route)
    ? own`/.mcp/shared/${sharedName(route, 'message')}$mcp_message_rest`
    : own`/.mcp/message$uri`;
}

/** Where calls of callers with limited tools are passed on whose answers have to be filtered. */
export function filteredAddress(route: ProxyRoute): NginxValue {
  return own`/.mcp/filtered/${sharedName(route, route.transport)}/`;
}

/** The file of a private bundle, named by what is in it. */
export function bundlePath(caPem: string): string {
  return `trust/${createHash('sha256').update(caPem).digest('hex').slice(0, 16)}.pem`;
}

/** Whether calls of the server go on over TLS. */
export function isTls({ tls }: ProxyRoute): boolean {
  return tls.kind !== 'plain';
}

/** Whether the server shares a location with others, in which its upstream is a variable. */
export function isShared(route: ProxyRoute): boolean {
  return isTls(route) || route.credential.kind !== 'none';
}

/** Whether some location has the server's upstream as a variable. */
export function hasVariableUpstream(route: ProxyRoute): boolean {
  return isShared(route) || route.guarded;
}

function limitsOf({ maxBodyBytes, timeoutSeconds }: ProxyRoute): Limits {
  return { maxBodyBytes, ...(timeoutSeconds !== USUAL.timeoutSeconds && { timeoutSeconds }) };
}

function ownBasis(route: ProxyRoute) {
  const host = route.host === 'client' ? own`$forwarded_host` : route.host;
  return { ...limitsOf(route), host, owner: route.publicPath };
}

function endpointLocation(route: ProxyRoute): OwnLocation {
  return {
    ...ownBasis(route),
    match: own`= `,
    at: endpointAddress(route),
    target: own`http://${route.upstreamName}${route.endpointPath}`,
    ...(route.endpointQuery !== undefined && { query: route.endpointQuery }),
  };
}

function messageLocations(route: ProxyRoute): OwnLocation[] {
  return route.messages.map((message) => {
    const below = message.kind === 'below';
    const at = below ? own`${withoutSlash(message.publicPath)}/` : message.publicPath;
    const to = below ? own`${withoutSlash(message.upstreamPath)}/` : message.upstreamPath;
    return {
      ...ownBasis(route),
      match: below ? own`` : own`= `,
      at: own`/.mcp/message${at}`,
      target: own`http://${route.upstreamName}${to}`,
    };
  });
}

function sharedLocations(routes: readonly ProxyRoute[], systemTrust: NginxValue): SharedLocation[] {
  const all = new Map<string, SharedLocation>();
  for (const route of routes) {
    const kinds: Endpoint[] = [route.transport];
    if (route.messages.length > 0) kinds.push('message');
    for (const kind of kinds) {
      const name = sharedName(route, kind);
      all.set(name, {
        name,
        kind,
        scheme: route.scheme,
        ...limitsOf(route),
        ...trustOf(route.tls, systemTrust),
        headers: credentialSetHeaders(route.credential),
        needsCredential: route.credential.kind === 'kept',
      });
    }
  }
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function sharedName(route: ProxyRoute, kind: Endpoint): NginxValue {
  const { publicPath, tls, timeoutSeconds, maxBodyBytes, credential } = route;
  // A private bundle may be one that nginx refuses: then only its own server is left out.
  const trust = tls.kind === 'bundle' ? `bundle${publicPath.replaceAll('/', '.')}` : tls.kind;
  const mark = credentialMark(credential);
  return nginx.word(`${kind}_${timeoutSeconds}s_${maxBodyBytes}_${trust}${mark}`);
}

function trustOf(tls: UpstreamTls, systemTrust: NginxValue): { trust?: NginxValue } {
  if (tls.kind === 'system') return { trust: systemTrust };
  return tls.kind === 'bundle' ? { trust: nginx.filePath(bundlePath(tls.caPem)) } : {};
}
