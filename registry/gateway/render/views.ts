import { createHash } from 'node:crypto';
import type { ConfigFile } from '../gateway.js';
import * as nginx from '../plan/nginx-value.js';
import type { NginxValue } from '../plan/nginx-value.js';
import type { Plan, Profile, ProxyRoute, Route } from '../plan/plan.js';
import type { GatewaySettings } from '../plan/settings.js';

/** One line of a map; `owner` ends the line as a comment, so that nginx's complaint leads to the server. */
interface MapEntry {
  readonly key: NginxValue;
  readonly value: NginxValue;
  readonly owner: NginxValue;
}

/** A location of one server inside the location of its profile. */
interface ProfileEntry {
  readonly match: NginxValue;
  readonly path: NginxValue;
  readonly query?: NginxValue;
  readonly target: NginxValue;
  readonly owner: NginxValue;
}

/** All that the templates get to see. */
export interface Views {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly routes: Readonly<Record<string, readonly MapEntry[]>>;
  readonly upstreams: readonly { name: NginxValue; address: NginxValue; owner: NginxValue }[];
  readonly profiles: readonly Readonly<Record<string, unknown>>[];
  /** Certificate bundles, which nginx reads from files of their own. */
  readonly bundles: readonly ConfigFile[];
}

/** Files of a worker besides its connections; the settings leave room for them. */
const LOGS_AND_LISTENERS = 64;

/** nginx takes no upstream without a server; this one is never tried and gives 502 at once. */
const NOWHERE = 'down';

/** Joins what we wrote ourselves with checked values: the literals are safe where they are used. */
function own(strings: TemplateStringsArray, ...values: readonly NginxValue[]): NginxValue {
  return String.raw({ raw: strings.raw }, ...values) as NginxValue;
}

export function buildViews(plan: Plan): Views {
  const proxied = plan.routes.filter((route) => route.kind === 'proxy');
  const profiles = new Map<string, { profile: Profile; entries: ProfileEntry[] }>();
  for (const { profile, entry } of proxied.flatMap(profileEntries)) {
    const group = profiles.get(profile.name) ?? { profile, entries: [] };
    group.entries.push(entry);
    profiles.set(profile.name, group);
  }
  const bundles = new Map<string, string>();
  const profileViews = [...profiles.values()]
    .sort((a, b) => (a.profile.name < b.profile.name ? -1 : 1))
    .map(({ profile, entries }) => profileView(profile, entries, plan.settings, bundles));
  return {
    settings: settingsView(plan.settings),
    routes: routesView(plan, proxied),
    upstreams: proxied.map((route) => ({
      name: route.upstreamName,
      address:
        route.address === undefined
          ? own`127.0.0.1:1 ${nginx.word(NOWHERE)}`
          : own`${route.address} max_fails=0`,
      owner: route.publicPath,
    })),
    profiles: profileViews,
    bundles: [...bundles].map(([path, text]) => ({ path, text })),
  };
}

function routesView(plan: Plan, proxied: readonly ProxyRoute[]): Views['routes'] {
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
    targets: plan.routes.flatMap((route) =>
      route.kind === 'proxy' ? proxyTargets(route) : closedTargets(route.kind, route.publicPath),
    ),
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
    hosts: only(
      (route) => route.host !== route.authority,
      (route) => (route.host === 'client' ? own`$forwarded_host` : route.host),
    ),
    schemes: only(
      (route) => route.scheme !== 'http',
      (route) => route.scheme,
    ),
    tlsNames: only(
      (route) => route.scheme === 'https',
      (route) => route.tlsName,
    ),
    folders: only(
      (route) => route.transport === 'sse' && route.folder !== '/',
      (route) => route.folder,
    ),
    announcedPrefixes: only(
      (route) => route.announcedPrefix !== route.publicPath,
      (route) => route.announcedPrefix,
    ),
  };
}

function proxyTargets(route: ProxyRoute): MapEntry[] {
  const { publicPath: owner, profile } = route;
  const location = own`/.mcp/${profile.name}${owner}`;
  const entry = (key: NginxValue, value: NginxValue): MapEntry => ({ key, value, owner });
  if (route.transport === 'streamable-http') {
    return [entry(owner, location)];
  }
  return [
    entry(owner, location),
    entry(own`${owner}:sse`, location),
    entry(own`message:${owner}`, own`/.mcp/${route.messageProfile.name}$uri`),
  ];
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

function profileEntries(route: ProxyRoute): { profile: Profile; entry: ProfileEntry }[] {
  const { publicPath: owner, profile, messageProfile } = route;
  const base = own`http${route.scheme === 'https' ? own`s` : own``}://${route.upstreamName}`;
  const query = route.endpointQuery === undefined ? {} : { query: route.endpointQuery };
  const exact = own`= `;
  const path = own`/.mcp/${profile.name}${owner}`;
  const target = own`${base}${route.endpointPath}`;
  const entries = [{ profile, entry: { match: exact, path, target, owner, ...query } }];
  for (const message of route.messages) {
    const below = message.kind === 'below';
    const at = below ? own`${withoutSlash(message.publicPath)}/` : message.publicPath;
    const to = below ? own`${withoutSlash(message.upstreamPath)}/` : message.upstreamPath;
    entries.push({
      profile: messageProfile,
      entry: {
        match: below ? own`` : exact,
        path: own`/.mcp/${messageProfile.name}${at}`,
        target: own`${base}${to}`,
        owner,
      },
    });
  }
  return entries;
}

function withoutSlash(path: NginxValue): NginxValue {
  return path.replace(/\/$/, '') as NginxValue;
}

function profileView(
  profile: Profile,
  entries: readonly ProfileEntry[],
  settings: GatewaySettings,
  bundles: Map<string, string>,
): Readonly<Record<string, unknown>> {
  return {
    name: profile.name,
    sse: profile.endpoint === 'sse',
    maxBodyBytes: nginx.whole(profile.maxBodyBytes),
    timeoutSeconds: nginx.whole(profile.timeoutSeconds),
    trust: trustOf(profile, settings, bundles),
    entries,
  };
}

function trustOf(
  { tls }: Profile,
  settings: GatewaySettings,
  bundles: Map<string, string>,
): NginxValue | undefined {
  switch (tls.kind) {
    case 'plain':
    case 'unverified':
      return undefined;
    case 'system':
      return nginx.filePath(settings.caBundleFile);
    case 'bundle': {
      const name = `trust/${createHash('sha256').update(tls.caPem).digest('hex').slice(0, 16)}.pem`;
      bundles.set(name, tls.caPem);
      return nginx.filePath(name);
    }
  }
}

/** Where a listener is reached from its own machine. */
function loopback(address: string, port: number): NginxValue {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[address] ?? address;
  return nginx.socketAddress(reachable, port);
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
    publicUrl: nginx.publicUrl(settings.publicUrl),
    serverNames: settings.allowedHosts.map(nginx.authority),
    allowedOrigins: [new URL(settings.publicUrl).origin, ...settings.allowedOrigins].map(
      nginx.origin,
    ),
    trustedProxies: settings.trustedProxies.map(nginx.network),
    itself: loopback(listen.address, listen.port),
    itselfTls: tls && loopback(listen.address, tls.port),
    registryAddress: nginx.socketAddress(registry.address, registry.port),
    drainSeconds: nginx.whole(settings.drainSeconds),
    workerConnections: nginx.whole(settings.workerConnections),
    workerFiles: nginx.whole(settings.workerConnections + LOGS_AND_LISTENERS),
    workerAccount: settings.workerAccount && {
      user: nginx.word(settings.workerAccount.user),
      group: nginx.word(settings.workerAccount.group),
    },
  };
}
