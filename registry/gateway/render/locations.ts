import { createHash } from 'node:crypto';
import { SERVER_DEFAULTS, type SpokenTransport } from '../../catalog/server.js';
import * as nginx from '../plan/nginx-value.js';
import type { NginxValue } from '../plan/nginx-value.js';
import type { ProxyRoute, UpstreamTls } from '../plan/plan.js';
import type { GatewaySettings } from '../plan/settings.js';
import { credentialMark, credentialSetHeaders, type SetHeader } from './credentials.js';
import { limitsMark, locationLimits, type LocationLimits } from './limits.js';
import { own, withoutSlash } from './own.js';
import type { Upstreams } from './upstreams.js';

/** What nearly all servers have, and what locations say once for all of them. */
export const USUAL = {
  timeoutSeconds: nginx.whole(SERVER_DEFAULTS.timeoutSeconds),
  maxBodyBytes: nginx.whole(SERVER_DEFAULTS.maxBodyBytes),
};

interface Limits {
  readonly maxBodyBytes: NginxValue;
  /** Absent: the usual. */
  readonly timeoutSeconds?: NginxValue;
  readonly limits: LocationLimits;
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
 * One location for all servers that agree in the directives that cannot hold a variable, such as time-outs, limits, trusted
 * certificates and the headers of a credential; what differs between them comes from maps. A location for each server would
 * be simpler, but each one that verifies certificates loads those of the system anew: 45 ms and 1 MB (decision 0001).
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
  /** Where bodies are passed on as they come, while all other locations wait until they are whole. */
  readonly streamed: readonly SharedLocation[];
  /** For callers whose tools are limited: what the server answers is filtered. */
  readonly filtered: readonly SharedLocation[];
}

export function locationsOf(
  routes: readonly ProxyRoute[],
  { readsBodies, caBundleFile }: Pick<GatewaySettings, 'readsBodies' | 'caBundleFile'>,
  upstreams: Upstreams,
): Locations {
  const systemTrust = nginx.filePath(caBundleFile);
  const unshared = routes.filter((route) => !isShared(route));
  const sse = unshared.filter(({ transport }) => transport === 'sse');
  return {
    streamableHttp: unshared.filter(isStraight).map((route) => endpointLocation(route, upstreams)),
    sse: sse.map((route) => endpointLocation(route, upstreams)),
    messages: sse.flatMap((route) => messageLocations(route, upstreams)),
    shared: sharedLocations(routes.filter(isShared), systemTrust),
    streamed: readsBodies ? sharedLocations(routes, systemTrust) : [],
    filtered: sharedLocations(
      routes.filter(({ guarded }) => guarded),
      systemTrust,
    ).filter(({ kind }) => kind !== 'message'),
  };
}

/** Whether nginx can pass calls on at the public address itself. */
export function isStraight(route: ProxyRoute): boolean {
  return route.transport === 'streamable-http' && !isTls(route) && !showsCredential(route);
}

/** Where the calls of a server are passed on. Of one with a location of its own it is the public address itself. */
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
    : own`/.mcp/message$asked_uri`;
}

/** Where calls are passed on whose bodies do not wait until they are whole. */
export function streamedAddress(route: ProxyRoute): NginxValue {
  return own`/.mcp/streamed/${sharedName(route, route.transport)}/`;
}

/** The same of messages of an HTTP+SSE server. */
export function streamedMessageAddress(route: ProxyRoute): NginxValue {
  return own`/.mcp/streamed/${sharedName(route, 'message')}$mcp_message_rest`;
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

/** Whether calls go on with a credential for the upstream. */
function showsCredential({ credential }: ProxyRoute): boolean {
  return credential.kind !== 'none';
}

/** Whether the server shares a location with others, in which its upstream is a variable. */
function isShared(route: ProxyRoute): boolean {
  return isTls(route) || showsCredential(route) || isUsual(route);
}

/** Whether the server differs from others in its address alone. */
function isUsual(route: ProxyRoute): boolean {
  return (
    route.transport === 'streamable-http' &&
    route.timeoutSeconds === USUAL.timeoutSeconds &&
    route.maxBodyBytes === USUAL.maxBodyBytes &&
    route.endpointQuery === undefined &&
    limitsMark(route) === ''
  );
}

function limitsOf(route: ProxyRoute): Limits {
  const { maxBodyBytes, timeoutSeconds } = route;
  return {
    maxBodyBytes,
    ...(timeoutSeconds !== USUAL.timeoutSeconds && { timeoutSeconds }),
    limits: locationLimits(route),
  };
}

/** What the upstream is told as the host that was called. */
export function hostOf({ host }: ProxyRoute): NginxValue {
  return host === 'client' ? own`$forwarded_host` : host;
}

function ownBasis(route: ProxyRoute) {
  return { ...limitsOf(route), host: hostOf(route), owner: route.publicPath };
}

function endpointLocation(route: ProxyRoute, upstreams: Upstreams): OwnLocation {
  return {
    ...ownBasis(route),
    match: own`= `,
    at: endpointAddress(route),
    target: own`http://${upstreams.nameOf(route)}${route.endpointPath}`,
    ...(route.endpointQuery !== undefined && { query: route.endpointQuery }),
  };
}

function messageLocations(route: ProxyRoute, upstreams: Upstreams): OwnLocation[] {
  return route.messages.map((message) => {
    const below = message.kind === 'below';
    const at = below ? own`${withoutSlash(message.publicPath)}/` : message.publicPath;
    const to = below ? own`${withoutSlash(message.upstreamPath)}/` : message.upstreamPath;
    return {
      ...ownBasis(route),
      match: below ? own`` : own`= `,
      at: own`/.mcp/message${at}`,
      target: own`http://${upstreams.nameOf(route)}${to}`,
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
  // A location of its own for each server with a private bundle: nginx may refuse the bundle, and then names that server.
  const trust = tls.kind === 'bundle' ? `bundle${publicPath.replaceAll('/', '.')}` : tls.kind;
  const mark = `${credentialMark(credential)}${limitsMark(route)}`;
  return nginx.word(`${kind}_${timeoutSeconds}s_${maxBodyBytes}_${trust}${mark}`);
}

function trustOf(tls: UpstreamTls, systemTrust: NginxValue): { trust?: NginxValue } {
  if (tls.kind === 'system') return { trust: systemTrust };
  return tls.kind === 'bundle' ? { trust: nginx.filePath(bundlePath(tls.caPem)) } : {};
}
