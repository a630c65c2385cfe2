/**
 * What the plan needs to know besides the catalog. All of it is fixed while the registry runs, but for the files of
 * the certificate: a plan names the copy that is to be served.
 */
export interface GatewaySettings {
  /** Tells the requests of this gateway from those of its replicas; eight hex digits. */
  readonly instance: string;
  readonly listen: { readonly address: string; readonly port: number };
  readonly tls?: {
    readonly port: number;
    readonly certFile: string;
    readonly keyFile: string;
    /** Whether MCP calls are served on the plain port as well. */
    readonly allowPlain: boolean;
    /** Seconds for which browsers shall use HTTPS only (RFC 6797); 0: nothing is said of it. */
    readonly hstsMaxAge: number;
  };
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** Host names without ports. */
  readonly allowedHosts: readonly string[];
  /** Origins besides the public one and loopback. */
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly registry: { readonly address: string; readonly port: number };
  readonly drainSeconds: number;
  /** Connections per worker; a proxied stream takes two. */
  readonly workerConnections: number;
  /** Set when nginx starts as root: the account its workers run as. */
  readonly workerAccount?: { readonly user: string; readonly group: string };
  /** PEM bundle of the authorities that https upstreams are verified against. */
  readonly caBundleFile: string;
  /** nginx's JavaScript module. */
  readonly njsModule: string;
  /** Where the gate finds the records of tokens. */
  readonly gateFolder: string;
  /** Whether tokens of an identity provider are taken, which the registry verifies. */
  readonly gateLearns: boolean;
  /** Whether nginx reads the bodies of calls, so that the access log can name what is called. */
  readonly readsBodies: boolean;
  /** Streams that one caller may have open at a time, over all servers; 0: any number. */
  readonly maxStreamsPerPrincipal: number;
  /** Requests without a token that is known, by client address; 0: any number. */
  readonly unauthenticatedPerMinute: number;
  /** Folder in which a file named by a generation says that another one has taken over. */
  readonly retiredFolder: string;
}
