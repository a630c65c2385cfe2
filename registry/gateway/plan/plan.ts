import type { ServerPath } from '../../catalog/server-path.js';
import type { SpokenTransport } from '../../catalog/server.js';
import type { Exclusion } from '../gateway.js';
import type { RouteLimits } from './call-limit.js';
import type { NginxValue } from './nginx-value.js';
import type { GatewaySettings } from './settings.js';

/**
 * How calls reach the upstream: over `plain` http, or over https, where its certificate is verified against the
 * authorities of the system, against a bundle of the server's own, or not at all (`tls.verify: false`).
 */
export type UpstreamTls =
  | { readonly kind: 'plain' }
  | { readonly kind: 'system' }
  | { readonly kind: 'unverified' }
  | { readonly kind: 'bundle'; readonly caPem: string };

/** What lets calls in at the upstream: nothing, headers that the registry keeps in a file, or one of the client's. */
export type RouteCredential =
  | { readonly kind: 'none' }
  | { readonly kind: 'kept'; readonly file: NginxValue; readonly headers: readonly NginxValue[] }
  | { readonly kind: 'pass-through'; readonly from: NginxValue; readonly to: NginxValue };

/** A public message endpoint of an HTTP+SSE server and where it leads. */
export interface MessageRoute {
  readonly kind: 'exact' | 'below';
  readonly publicPath: NginxValue;
  readonly upstreamPath: NginxValue;
}

/** A server whose calls nginx passes on. */
export interface ProxyRoute {
  readonly kind: 'proxy';
  readonly path: ServerPath;
  /** Whether callers need a token. */
  readonly guarded: boolean;
  readonly transport: SpokenTransport;
  readonly publicPath: NginxValue;
  /** Absent: the name has no address, calls are answered with 502. */
  readonly address?: NginxValue;
  readonly scheme: NginxValue;
  /** What the upstream is sent as `Host`: a fixed name, mostly its own authority, or what the client sent. */
  readonly host: NginxValue | 'client';
  readonly authority: NginxValue;
  /** Name for SNI and certificate verification. */
  readonly tlsName: NginxValue;
  readonly endpointPath: NginxValue;
  readonly endpointQuery?: NginxValue;
  /** A message endpoint that the upstream announces with this prefix is a public path already, and passed on as it is. */
  readonly announcedPrefix: NginxValue;
  /** Folder of the SSE endpoint, against which relative announcements are resolved; ends with a slash. */
  readonly folder: NginxValue;
  readonly messages: readonly MessageRoute[];
  readonly timeoutSeconds: NginxValue;
  readonly maxBodyBytes: NginxValue;
  readonly limits: RouteLimits;
  readonly tls: UpstreamTls;
  readonly credential: RouteCredential;
}

/** A server that answers without an upstream: it is switched off or excluded. */
export interface ClosedRoute {
  readonly kind: 'disabled' | 'excluded';
  readonly path: ServerPath;
  readonly publicPath: NginxValue;
}

export type Route = ProxyRoute | ClosedRoute;

/** What nginx shall do, without a word of how it is written down. */
export interface Plan {
  readonly settings: GatewaySettings;
  /** Sorted by path, so that the same catalog gives the same bytes. */
  readonly routes: readonly Route[];
  readonly exclusions: readonly Exclusion[];
}
