import type { ConfigFile } from '../gateway.js';
import * as nginx from '../plan/nginx-value.js';
import type { NginxValue } from '../plan/nginx-value.js';
import type { Plan, ProxyRoute, Route } from '../plan/plan.js';
import type { GatewaySettings } from '../plan/settings.js';
import {
  bundlePath,
  endpointAddress,
  filteredAddress,
  hostOf,
  isStraight,
  isTls,
  locationsOf,
  messageAddress,
  streamedAddress,
  streamedMessageAddress,
  USUAL,
  type Locations,
} from './locations.js';
import { keptHeaders } from './credentials.js';
import { limitsView, unauthenticatedView, type LimitsView } from './limits.js';
import { own, withoutSlash } from './own.js';
import { upstreamsOf, type Upstream, type Upstreams } from './upstreams.js';

/** One line of a map; `owner` ends the line as a comment, so that nginx's complaint leads to the server. */
interface MapEntry {
  readonly key: NginxValue;
  readonly value: NginxValue;
  readonly owner: NginxValue;
}

type RoutesView = Readonly<
  Record<string, readonly MapEntry[] | ReturnType<typeof keptHeaders> | NginxValue>
>;

/** All that the templates get to see. */
export interface Views {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly routes: RoutesView;
  readonly upstreams: readonly Upstream[];
  readonly locations: Locations;
  readonly limits: LimitsView;
  /** Certificate bundles, which nginx reads from files of their own. */
  readonly bundles: readonly ConfigFile[];
}

/** Files of a worker besides its connections and the bodies that wait in files; the settings leave room for them. */
const LOGS_AND_LISTENERS = 64;

/** What nginx can count. */
const MAX_COUNTED_STREAMS = 65_535;

export function buildViews(plan: Plan): Views {
  const proxied = plan.routes.filter((route) => route.kind === 'proxy');
  const bundles = new Map(
    proxied.flatMap(({ tls }) =>
      tls.kind === 'bundle' ? [[bundlePath(tls.caPem), tls.caPem]] : [],
    ),
  );
  const upstreams = upstreamsOf(proxied);
  return {
    settings: settingsView(plan.settings),
    routes: routesView(plan, proxied, upstreams),
    upstreams: upstreams.list,
    locations: locationsOf(proxied, plan.settings, upstreams),
    limits: limitsView(proxied),
    bundles: [...bundles].map(([path, text]) => ({ path, text })),
  };
}

function routesView(plan: Plan, proxied: readonly ProxyRoute[], upstreams: Upstreams): RoutesView {
  const line = (route: ProxyRoute, value: NginxValue): MapEntry => ({
    key: route.publicPath,
    value,
    owner: route.publicPath,
  });
  const only = (
    keep: (route: ProxyRoute) => boolean,
    value: (route: ProxyRoute) => NginxValue,
  ): MapEntry[] => proxied.filter(keep).map((route) => line(route, value(route)));
  return {
    straight: proxied.filter(isStraight).map((route) => ({
      ...line(
        route,
        own`${callersOf(route)} ${upstreams.nameOf(route)}${route.endpointPath} ${hostOf(route)}`,
      ),
      key: own`${route.publicPath}/mcp`,
    })),
    targets: plan.routes.flatMap((route) =>
      route.kind === 'proxy' ? proxyTargets(route) : closedTargets(route.kind, route.publicPath),
    ),
    guarded: only(
      ({ guarded }) => guarded,
      () => own`1`,
    ),
    streamed: plan.settings.readsBodies ? proxied.flatMap(streamedTargets) : [],
    filtered: proxied.filter(({ guarded }) => guarded).flatMap(filteredTargets),
    kinds: proxied.filter((route) => route.transport === 'sse').flatMap(kindEntries),
    messages: messageEntries(plan.routes, proxied),
    authorities: only(
      () => true,
      (route) => route.authority,
    ),
    endpoints: only(
      (route) => route.endpointPath !== '/mcp',
      (route) => route.endpointPath,
    ),
    schemes: only(isTls, (route) => route.scheme),
    tlsNames: only(isTls, (route) => route.tlsName),
    upstreamNames: only(() => true, upstreams.nameOf),
    hosts: only((route) => route.host !== route.authority, hostOf),
    queries: only(
      (route) => route.endpointQuery !== undefined,
      (route) => route.endpointQuery ?? own``,
    ),
    credentialFiles: proxied.flatMap((route) =>
      route.credential.kind === 'kept' ? [line(route, route.credential.file)] : [],
    ),
    keptHeaders: keptHeaders(proxied),
    folders: only(
      (route) => route.transport === 'sse' && route.folder !== '/',
      (route) => route.folder,
    ),
    announcedPrefixes: only(
      (route) => route.announcedPrefix !== route.publicPath,
      (route) => route.announcedPrefix,
    ),
    usualBodyLimit: USUAL.maxBodyBytes,
    bodyLimits: only(
      (route) => route.maxBodyBytes !== USUAL.maxBodyBytes,
      (route) => route.maxBodyBytes,
    ),
  };
}

/** Who calls at the address of a straight server. Where messages are read, none goes on at once. */
function callersOf({ guarded, limits }: ProxyRoute): NginxValue {
  if (limits.tools.length > 0) return own`read`;
  return guarded ? own`guarded` : own`public`;
}

function proxyTargets(route: ProxyRoute): MapEntry[] {
  return endpointTargets(route, endpointAddress(route), () => messageAddress(route));
}

function streamedTargets(route: ProxyRoute): MapEntry[] {
  return endpointTargets(route, streamedAddress(route), () => streamedMessageAddress(route));
}

/** @param messages of a server that speaks HTTP+SSE */
function endpointTargets(
  { publicPath: owner, transport }: ProxyRoute,
  endpoint: NginxValue,
  messages: () => NginxValue,
): MapEntry[] {
  const entry = (key: NginxValue, value: NginxValue): MapEntry => ({ key, value, owner });
  if (transport === 'streamable-http') return [entry(owner, endpoint)];
  return [
    entry(owner, endpoint),
    entry(own`${owner}:sse`, endpoint),
    entry(own`message:${owner}`, messages()),
  ];
}

function filteredTargets(route: ProxyRoute): MapEntry[] {
  const { publicPath: owner } = route;
  const keys = route.transport === 'sse' ? [owner, own`${owner}:sse`] : [owner];
  return keys.map((key) => ({ key, value: filteredAddress(route), owner }));
}

/** Streamable HTTP is the rule and needs no entry. */
function kindEntries({ publicPath: owner }: ProxyRoute): MapEntry[] {
  const entry = (key: NginxValue, value: NginxValue): MapEntry => ({ key, value, owner });
  return [
    entry(owner, own`sse`),
    entry(own`${owner}:sse`, own`sse`),
    entry(own`message:${owner}`, own`message`),
  ];
}

function closedTargets(kind: string, owner: NginxValue): MapEntry[] {
  const value = own`/.mcp/${nginx.word(kind)}`;
  return [owner, own`${owner}:sse`].map((key) => ({ key, value, owner }));
}

/**
 * Exact addresses first, as nginx does anyway. Folders follow with the deepest first: what belongs to a server
 * further down is not a message to the one above.
 */
function messageEntries(routes: readonly Route[], proxied: readonly ProxyRoute[]): MapEntry[] {
  const all = proxied.flatMap((route) =>
    route.messages.map(({ kind, publicPath }) => ({ kind, publicPath, owner: route.publicPath })),
  );
  const exact = all
    .filter(({ kind }) => kind === 'exact')
    .map(({ publicPath, owner }): MapEntry => ({ key: publicPath, value: owner, owner }));
  const folders = all
    .filter(({ kind }) => kind === 'below')
    .map(({ publicPath, owner }) => ({ at: withoutSlash(publicPath), owner }));
  const nested = routes
    .map(({ publicPath }) => publicPath)
    .filter((path) => folders.some(({ at, owner }) => owner !== path && isWithin(path, at)));
  const patterns = [
    ...folders.map(({ at, owner }) => ({ at, end: own`/`, value: owner, owner })),
    ...nested.map((at) => ({ at, end: own`(?:/|$)`, value: own`""`, owner: at })),
  ].sort((a, b) => b.at.length - a.at.length || (a.at < b.at ? -1 : 1));
  return [
    ...exact,
    ...patterns.map(({ at, end, value, owner }): MapEntry => ({
      key: own`~^${nginx.literalInRegex(at)}${end}`,
      value,
      owner,
    })),
  ];
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Where a listener is reached from its own machine. */
function loopback(address: string, port: number): NginxValue {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[address] ?? address;
  return nginx.socketAddress(reachable, port);
}

/** Our names as clients write them: bare, and with each port at which they may reach us. */
function usualHosts({ allowedHosts, publicUrl, listen, tls }: GatewaySettings): NginxValue[] {
  const ports = [new URL(publicUrl).port, String(listen.port), ...(tls ? [String(tls.port)] : [])];
  const endings = new Set(['', ...ports.filter((port) => port !== '').map((port) => `:${port}`)]);
  return allowedHosts.flatMap((host) =>
    [...endings].map((ending) => nginx.authority(`${host}${ending}`)),
  );
}

function settingsView(settings: GatewaySettings): Readonly<Record<string, unknown>> {
  const { listen, tls, registry } = settings;
  const plain = nginx.socketAddress(listen.address, listen.port);
  const redirects = tls !== undefined && !tls.allowPlain;
  return {
    plain: redirects ? undefined : plain,
    plainRedirects: redirects ? plain : undefined,
    tls: tls && {
      address: nginx.socketAddress(listen.address, tls.port),
      certFile: nginx.filePath(tls.certFile),
      keyFile: nginx.filePath(tls.keyFile),
    },
    hstsMaxAge: tls?.hstsMaxAge ? nginx.whole(tls.hstsMaxAge) : undefined,
    publicUrl: nginx.publicUrl(settings.publicUrl),
    serverNames: settings.allowedHosts.map(nginx.authority),
    instance: nginx.word(settings.instance),
    usualHosts: usualHosts(settings),
    allowedOrigins: [new URL(settings.publicUrl).origin, ...settings.allowedOrigins].map(
      nginx.origin,
    ),
    trustedProxies: settings.trustedProxies.map(nginx.network),
    itself: loopback(listen.address, listen.port),
    itselfTls: tls && loopback(listen.address, tls.port),
    registryAddress: nginx.socketAddress(registry.address, registry.port),
    njsModule: nginx.filePath(settings.njsModule),
    gateFolder: nginx.filePath(settings.gateFolder),
    gateLearns: settings.gateLearns,
    readsBodies: settings.readsBodies,
    unauthenticated: unauthenticatedView(settings),
    maxStreams:
      settings.maxStreamsPerPrincipal > 0
        ? nginx.count(settings.maxStreamsPerPrincipal, MAX_COUNTED_STREAMS)
        : undefined,
    usualTimeoutSeconds: USUAL.timeoutSeconds,
    usualBodyLimit: USUAL.maxBodyBytes,
    drainSeconds: nginx.whole(settings.drainSeconds),
    workerConnections: nginx.whole(settings.workerConnections),
    workerFiles: nginx.whole(2 * settings.workerConnections + LOGS_AND_LISTENERS),
    workerAccount: settings.workerAccount && {
      user: nginx.word(settings.workerAccount.user),
      group: nginx.word(settings.workerAccount.group),
    },
  };
}
