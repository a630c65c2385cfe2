import type { Catalog } from '../../catalog/catalog.js';
import type { Endpoint } from '../../catalog/discovery.js';
import type { Resolution } from '../../catalog/resolution.js';
import type { ServerPath } from '../../catalog/server-path.js';
import type { Server } from '../../catalog/server.js';
import { messageOf } from '../../errors.js';
import type { Exclusion, ExclusionReason } from '../gateway.js';
import { publicPath } from './nginx-value.js';
import type { ClosedRoute, Plan, ProxyRoute, Route } from './plan.js';
import { proxyRoute } from './proxy-route.js';
import type { GatewaySettings } from './settings.js';

/** What the plan is made of besides the settings. Functions are look-ups in values that already exist. */
export interface PlanInputs {
  readonly catalog: Catalog;
  /** Where a server was found to answer; only of the address that is registered now. */
  readonly endpoint: (server: Server) => Endpoint | undefined;
  readonly resolution: (host: string, port: number) => Resolution;
  /** Where nginx finds the certificate now, when that is not where the settings say. */
  readonly certificate?: () => { readonly certFile: string; readonly keyFile: string };
  /** Servers that nginx refused, with its message. */
  readonly refused: ReadonlyMap<ServerPath, string>;
}

/** Decides what nginx does with every server. Pure; a server that cannot be served harms no other. */
export function buildPlan(inputs: PlanInputs, settings: GatewaySettings): Plan {
  const exclusions: Exclusion[] = inputs.catalog.invalid.map(({ path, reason }) => ({
    path,
    reason: 'invalid-record',
    detail: reason,
  }));
  const routes: Route[] = [];
  for (const server of [...inputs.catalog.servers.values()].sort(byPath)) {
    const { route, exclusion } = routeOf(server, inputs);
    if (route !== undefined) routes.push(route);
    if (exclusion !== undefined) exclusions.push(exclusion);
  }
  return {
    settings: withCertificate(settings, inputs.certificate?.()),
    routes: withoutTakenMessages(routes),
    exclusions,
  };
}

function withCertificate(
  settings: GatewaySettings,
  files: ReturnType<NonNullable<PlanInputs['certificate']>> | undefined,
): GatewaySettings {
  const { tls } = settings;
  return tls === undefined || files === undefined
    ? settings
    : { ...settings, tls: { ...tls, ...files } };
}

interface Decision {
  readonly route?: Route;
  readonly exclusion?: Exclusion;
}

function routeOf(server: Server, inputs: PlanInputs): Decision {
  const exclude = (reason: ExclusionReason, detail: string): Exclusion => ({
    path: server.path,
    reason,
    detail,
  });
  try {
    const closed = (kind: ClosedRoute['kind']): ClosedRoute => ({
      kind,
      path: server.path,
      publicPath: publicPath(server.path),
    });
    if (!server.enabled) return { route: closed('disabled') };
    const refusal = inputs.refused.get(server.path);
    if (refusal !== undefined) {
      return { route: closed('excluded'), exclusion: exclude('refused-by-nginx', refusal) };
    }
    const { host, port } = socketOf(server, inputs.endpoint(server));
    const resolution = inputs.resolution(host, port);
    if (resolution.state === 'refused') {
      return {
        route: closed('excluded'),
        exclusion: exclude('upstream-refused-by-policy', resolution.reason),
      };
    }
    const notice =
      resolution.state === 'unresolved'
        ? exclude('upstream-unresolved', resolution.reason)
        : isUnverifiable(server, host)
          ? exclude('upstream-unverifiable', UNVERIFIABLE)
          : undefined;
    const route = proxyRoute(server, inputs.endpoint(server), resolution);
    return notice === undefined ? { route } : { route, exclusion: notice };
  } catch (error) {
    return { exclusion: exclude('invalid-record', messageOf(error)) };
  }
}

const UNVERIFIABLE =
  'nginx compares certificates with host names only, never with an address: register the server by a name that its certificate has, or set tls.verify to false';

/** A URL's host is an address when it is in brackets or when its last label is a number (WHATWG URL). */
function isUnverifiable(server: Server, host: string): boolean {
  const isAddress = host.includes(':') || /(?:^|\.)\d+$/.test(host);
  return isAddress && server.tls.verify && server.url.startsWith('https:');
}

/** Host and port that the name resolution is asked for. */
function socketOf(server: Server, endpoint: Endpoint | undefined): { host: string; port: number } {
  const url = new URL(endpoint?.url ?? server.url);
  const fallback = url.protocol === 'https:' ? 443 : 80;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? fallback : Number(url.port),
  };
}

/**
 * A message endpoint never takes over an address of a nested server, and where two servers claim the same,
 * it belongs to the nested one.
 */
function withoutTakenMessages(routes: readonly Route[]): Route[] {
  const paths = new Set<string>(routes.map((route) => route.path));
  // Sorted by path, so that nested servers come last and win.
  const claims = new Map(
    routes.flatMap((route) =>
      route.kind === 'proxy' ? route.messages.map((each) => [each.publicPath, route.path]) : [],
    ),
  );
  return routes.map((route) => {
    if (route.kind !== 'proxy' || route.messages.length === 0) return route;
    const messages = route.messages.filter((message) => {
      const owner = serverPathWithin(message.publicPath);
      return (
        claims.get(message.publicPath) === route.path && (owner === route.path || !paths.has(owner))
      );
    });
    return messages.length === route.messages.length
      ? route
      : ({ ...route, messages } satisfies ProxyRoute);
  });
}

function serverPathWithin(path: string): string {
  return path.replace(/\/$/, '').replace(/\/(?:mcp|sse)$/, '');
}

function byPath(a: Server, b: Server): number {
  return a.path < b.path ? -1 : 1;
}
