import type { Role } from '../access/principal.js';
import type { FieldProblem } from '../errors.js';

/** Thrown once with everything that is wrong with the environment. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly FieldProblem[];
  constructor(problems: readonly FieldProblem[]) {
    const lines = problems.map(({ field, message }) => `  ${field}: ${message}`);
    super(`The environment has ${problems.length} problem(s):\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

/** A variable as it holds, for people to look at. */
export interface Setting {
  readonly name: string;
  /** Null: unset, or a secret. */
  readonly value: string | null;
  /** Whether the environment says nothing of it. */
  readonly isDefault: boolean;
  readonly secret: boolean;
  readonly description: string;
}

/** Everything that the environment decides, checked and frozen. Paths are absolute. */
export interface Config {
  readonly dataDir: string;
  readonly registry: { readonly host: string; readonly port: number };
  readonly gateway: {
    readonly host: string;
    readonly port: number;
    readonly tls?: {
      readonly port: number;
      readonly certFile: string;
      readonly keyFile: string;
      readonly allowPlain: boolean;
      /** Seconds; 0: off. */
      readonly hstsMaxAge: number;
    };
  };
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** Host names without ports, lower case; the public host and loopback are among them. */
  readonly allowedHosts: readonly string[];
  /** Origins besides the public one and loopback. */
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly admin: { readonly username: string; readonly password?: string };
  readonly secretKey?: string;
  /** The identity provider: its access tokens are taken at the gateway, and people may log in through it. */
  readonly oidc?: {
    /** Exactly as configured: it must equal what the provider calls itself, character for character. */
    readonly issuer: string;
    readonly groupsClaim: string;
    /** Absent: nobody logs in through it. */
    readonly login?: {
      readonly clientId: string;
      /** Absent: a public client. */
      readonly clientSecret?: string;
      /** Separated by spaces. */
      readonly scopes: string;
      readonly usernameClaim: string;
      readonly roleMap: readonly {
        readonly group: string;
        readonly role: Role;
      }[];
    };
  };
  /** What is limited for all servers alike; 0 is no limit. */
  readonly limits: {
    readonly maxStreamsPerPrincipal: number;
    readonly unauthenticatedPerMinute: number;
  };
  /** Where gate records go when the place is chosen by hand. */
  readonly gateDir?: string;
  readonly nginx: {
    readonly mode: 'managed' | 'external' | 'none';
    readonly bin: string;
    readonly pidFile?: string;
    readonly modulesDir?: string;
    readonly drainSeconds: number;
  };
  readonly health: { readonly intervalSeconds: number; readonly timeoutSeconds: number };
  readonly toolsRefreshSeconds: number;
  readonly upstreamPolicy: {
    readonly mode: 'private-allowed' | 'strict';
    readonly allow: readonly string[];
  };
  /** Set: tools are searched by meaning, too. */
  readonly embeddings?: {
    /** Before `/embeddings`, without a trailing slash. */
    readonly url: string;
    readonly model: string;
    readonly apiKey?: string;
  };
  /** Where facts about the repositories of servers come from. */
  readonly github: {
    /** Without a trailing slash. */
    readonly url: string;
    readonly token?: string;
  };
  /** How long the audit log is kept. */
  readonly audit: { readonly maxDays: number; readonly maxBytes: number };
  readonly usage: {
    /** Of nginx's access log, old files included. */
    readonly maxLogBytes: number;
    /** What is named of calls before 2026-07-28. */
    readonly callDetail: 'tool' | 'server';
    /** Whether /metrics asks for no token. */
    readonly metricsPublic: boolean;
  };
  /** Set: traces are sent there. */
  readonly tracing?: {
    /** Before `/v1/traces`, without a trailing slash. */
    readonly endpoint: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly serviceName: string;
  };
  readonly log: {
    readonly level: 'error' | 'warn' | 'info' | 'debug';
    readonly format: 'json' | 'readable';
  };
  /** All variables, to be shown; secrets are not in it. */
  readonly settings: readonly Setting[];
}
