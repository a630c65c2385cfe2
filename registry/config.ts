import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { isPlaceholder, usernameSchema } from './access/credentials.js';
import { ROLES, type Role } from './access/principal.js';
import type { FieldProblem } from './errors.js';

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

const YEAR_SECONDS = 31_536_000;

/** An empty variable counts as an unset one, as in Docker Compose files. */
type Environment = Readonly<Record<string, string | undefined>>;

const port = z.coerce.number().int().min(1).max(65_535);
const seconds = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const host = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-fA-F:]+)$/,
    'must be an address or a host name',
  );
const list = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((item) => item !== ''));
const roleMap = z
  .string()
  .default('')
  .transform((text, context) =>
    text
      .split(',')
      .map((pair) => pair.trim())
      .filter((pair) => pair !== '')
      .map((pair) => {
        // The last "=" divides: a directory's groups may have one in their names.
        const at = pair.lastIndexOf('=');
        const role = ROLES.find((name) => name === pair.slice(at + 1).trim());
        if (at >= 1 && role !== undefined) return { group: pair.slice(0, at).trim(), role };
        context.addIssue({
          code: 'custom',
          message: `${JSON.stringify(pair)} must be <group>=<role>, such as mcp-admins=admin; roles are ${ROLES.join(', ')}`,
        });
        return z.NEVER;
      }),
  );
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const notPlaceholder = (text: string) => !isPlaceholder(text);

/** What an issuer is by OpenID Connect Core section 2; http is for providers on this machine. */
function checkIssuer(text: string, context: z.RefinementCtx): void {
  const complain = (message: string) => context.addIssue({ code: 'custom', message });
  if (!URL.canParse(text)) {
    complain('must be a URL such as https://login.example.com/realms/main');
    return;
  }
  const { protocol, hostname, username, search, hash } = new URL(text);
  const local = protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname);
  if (protocol !== 'https:' && !local) {
    complain('must be an https URL; http is only taken for a provider on loopback');
  }
  if (username !== '' || search !== '' || hash !== '') {
    complain('must not have a user name, query or fragment');
  }
}

const schema = z.object({
  DATA_DIR: z.string().default('./data'),
  REGISTRY_HOST: host.default('127.0.0.1'),
  REGISTRY_PORT: port.default(7860),
  GATEWAY_HOST: host.default('0.0.0.0'),
  GATEWAY_PORT: port.default(8080),
  GATEWAY_TLS_PORT: port.optional(),
  GATEWAY_ALLOW_PLAIN: flag.default(false),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  TLS_HSTS_MAX_AGE: seconds(0, 63_072_000).optional(),
  PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: 'must be an http or https URL such as https://gateway.example.com',
    })
    .optional(),
  ALLOWED_HOSTS: list,
  ALLOWED_ORIGINS: list,
  TRUSTED_PROXIES: list,
  ADMIN_USER: usernameSchema.default('admin'),
  ADMIN_PASSWORD: z
    .string()
    .min(8, 'must have at least 8 characters; leave it empty and one is generated')
    .refine(
      notPlaceholder,
      'is a known placeholder; choose a real one, or leave it empty and one is generated',
    )
    .optional(),
  SECRET_KEY: z
    .string()
    .min(32, 'must have at least 32 characters; leave it empty and one is generated')
    .refine(notPlaceholder, 'is a known placeholder; leave it empty and one is generated')
    .optional(),
  OIDC_ISSUER: z.string().superRefine(checkIssuer).optional(),
  OIDC_CLIENT_ID: z.string().max(500).optional(),
  OIDC_CLIENT_SECRET: z
    .string()
    .refine(notPlaceholder, 'is a known placeholder; copy the secret from the identity provider')
    .optional(),
  OIDC_SCOPES: z
    .string()
    .transform((text) => text.trim().split(/[\s,]+/))
    .refine(
      (scopes) => scopes.includes('openid'),
      'must contain openid, and the others separated by spaces',
    )
    .transform((scopes) => scopes.join(' '))
    .default('openid profile email'),
  OIDC_USERNAME_CLAIM: z.string().default('preferred_username'),
  OIDC_GROUPS_CLAIM: z.string().default('groups'),
  OIDC_ROLE_MAP: roleMap,
  GATE_DIR: z.string().optional(),
  MAX_STREAMS_PER_PRINCIPAL: z.coerce.number().int().min(0).max(65_535).default(100),
  UNAUTHENTICATED_PER_MINUTE: z.coerce.number().int().min(0).max(1_000_000).default(600),
  NGINX_MODE: z.enum(['managed', 'external', 'none']).default('managed'),
  NGINX_BIN: z.string().optional(),
  NGINX_PID_FILE: z.string().optional(),
  NGINX_MODULES_DIR: z.string().optional(),
  NGINX_DRAIN_SECONDS: seconds(1, 86_400).default(600),
  HEALTH_CHECK_INTERVAL_SECONDS: seconds(1, 86_400).default(60),
  HEALTH_CHECK_TIMEOUT_SECONDS: seconds(1, 600).default(5),
  TOOLS_REFRESH_SECONDS: seconds(5, 604_800).default(900),
  UPSTREAM_POLICY: z.enum(['private-allowed', 'strict']).default('private-allowed'),
  UPSTREAM_ALLOW: list,
  STORE_URL: z
    .string()
    .default('file:')
    .refine((url) => url === 'file:', 'must be "file:"; this version has no other store'),
  AUDIT_MAX_DAYS: z.coerce.number().int().min(1).max(36_500).default(365),
  AUDIT_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1024 ** 2)
    .default(1024 ** 3),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  LOG_FORMAT: z.enum(['json', 'readable']).default('json'),
});

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
  /** How long the audit log is kept. */
  readonly audit: { readonly maxDays: number; readonly maxBytes: number };
  readonly log: {
    readonly level: 'error' | 'warn' | 'info' | 'debug';
    readonly format: 'json' | 'readable';
  };
}

/**
 * Reads and checks the environment.
 * @throws ConfigError with every problem at once
 */
export function readConfig(environment: Environment = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message })),
    );
  }
  const env = parsed.data;
  const problems = crossCheck(env);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(assemble(env));
}

type Parsed = z.output<typeof schema>;

/** Rules that concern more than one variable, or the machine. */
function crossCheck(env: Parsed): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const tls = [env.GATEWAY_TLS_PORT, env.TLS_CERT_FILE, env.TLS_KEY_FILE];
  if (tls.some((value) => value !== undefined) && tls.includes(undefined)) {
    problems.push({
      field: 'GATEWAY_TLS_PORT',
      message:
        'needs TLS_CERT_FILE and TLS_KEY_FILE, and the other way round: set all three or none',
    });
  }
  if (env.TLS_HSTS_MAX_AGE !== undefined && env.GATEWAY_TLS_PORT === undefined) {
    problems.push({
      field: 'TLS_HSTS_MAX_AGE',
      message:
        'is for HTTPS of our own and needs GATEWAY_TLS_PORT; where TLS ends in front of us, set the header there',
    });
  }
  for (const field of ['TLS_CERT_FILE', 'TLS_KEY_FILE'] as const) {
    const file = env[field];
    if (file !== undefined && !existsSync(file)) {
      problems.push({ field, message: `there is no file ${file}` });
    }
  }
  const ports = [env.REGISTRY_PORT, env.GATEWAY_PORT, env.GATEWAY_TLS_PORT].filter(
    (p) => p !== undefined,
  );
  if (new Set(ports).size !== ports.length) {
    problems.push({
      field: 'GATEWAY_PORT',
      message: 'GATEWAY_PORT, GATEWAY_TLS_PORT and REGISTRY_PORT must differ from each other',
    });
  }
  if (env.PUBLIC_URL !== undefined && /[?#]|^[^:]+:\/\/[^/]*@/.test(env.PUBLIC_URL)) {
    problems.push({ field: 'PUBLIC_URL', message: 'must not have a user name, query or fragment' });
  }
  if (env.OIDC_ISSUER === undefined && env.OIDC_CLIENT_ID !== undefined) {
    problems.push({ field: 'OIDC_CLIENT_ID', message: 'needs OIDC_ISSUER' });
  }
  if (env.OIDC_CLIENT_ID === undefined) {
    const message =
      'is for log-in and needs OIDC_CLIENT_ID; without it, tokens of OIDC_ISSUER are taken at the gateway only';
    if (env.OIDC_CLIENT_SECRET !== undefined) {
      problems.push({ field: 'OIDC_CLIENT_SECRET', message });
    }
    if (env.OIDC_ROLE_MAP.length > 0) problems.push({ field: 'OIDC_ROLE_MAP', message });
  }
  for (const field of ['ALLOWED_HOSTS', 'ALLOWED_ORIGINS', 'TRUSTED_PROXIES'] as const) {
    const bad = env[field].filter((item) => !LIST_GRAMMAR[field].test(item));
    if (bad.length > 0) {
      problems.push({
        field,
        message: `${bad.map((item) => JSON.stringify(item)).join(', ')}: ${LIST_RULE[field]}`,
      });
    }
  }
  return problems;
}

const LIST_GRAMMAR = {
  ALLOWED_HOSTS: /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])$/i,
  ALLOWED_ORIGINS: /^https?:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/i,
  TRUSTED_PROXIES: /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)(?:\/\d{1,3})?$/i,
} as const;

const LIST_RULE = {
  ALLOWED_HOSTS: 'must be host names without scheme and port',
  ALLOWED_ORIGINS: 'must be origins such as https://inspector.example.com',
  TRUSTED_PROXIES: 'must be addresses or CIDR ranges',
} as const;

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/**
 * It holds for every port of the host name: so not where plain HTTP is served beside it, and not where the port in
 * PUBLIC_URL, or a name that was not given, says that the host may have other sites as well.
 */
function usualHstsMaxAge({ GATEWAY_ALLOW_PLAIN, PUBLIC_URL }: Parsed): number {
  if (GATEWAY_ALLOW_PLAIN || PUBLIC_URL === undefined) return 0;
  const { protocol, port } = new URL(PUBLIC_URL);
  return protocol === 'https:' && port === '' ? YEAR_SECONDS : 0;
}

function assembleOidc(env: Parsed): Config['oidc'] {
  if (env.OIDC_ISSUER === undefined) return undefined;
  return {
    issuer: env.OIDC_ISSUER,
    groupsClaim: env.OIDC_GROUPS_CLAIM,
    ...(env.OIDC_CLIENT_ID !== undefined && {
      login: {
        clientId: env.OIDC_CLIENT_ID,
        ...(env.OIDC_CLIENT_SECRET !== undefined && { clientSecret: env.OIDC_CLIENT_SECRET }),
        scopes: env.OIDC_SCOPES,
        usernameClaim: env.OIDC_USERNAME_CLAIM,
        roleMap: env.OIDC_ROLE_MAP,
      },
    }),
  };
}

function assemble(env: Parsed): Config {
  const tls =
    env.GATEWAY_TLS_PORT !== undefined &&
    env.TLS_CERT_FILE !== undefined &&
    env.TLS_KEY_FILE !== undefined
      ? {
          port: env.GATEWAY_TLS_PORT,
          certFile: path.resolve(env.TLS_CERT_FILE),
          keyFile: path.resolve(env.TLS_KEY_FILE),
          allowPlain: env.GATEWAY_ALLOW_PLAIN,
          hstsMaxAge: env.TLS_HSTS_MAX_AGE ?? usualHstsMaxAge(env),
        }
      : undefined;
  const publicUrl = (
    env.PUBLIC_URL ?? defaultPublicUrl(env.GATEWAY_HOST, env.GATEWAY_PORT, tls?.port)
  ).replace(/\/+$/, '');
  const oidc = assembleOidc(env);
  const allowedHosts = [new URL(publicUrl).hostname, ...LOOPBACK_HOSTS, ...env.ALLOWED_HOSTS];
  return {
    dataDir: path.resolve(env.DATA_DIR),
    registry: { host: env.REGISTRY_HOST, port: env.REGISTRY_PORT },
    gateway: { host: env.GATEWAY_HOST, port: env.GATEWAY_PORT, ...(tls && { tls }) },
    publicUrl,
    allowedHosts: [...new Set(allowedHosts.map((name) => name.toLowerCase()))],
    allowedOrigins: env.ALLOWED_ORIGINS.map((origin) => origin.toLowerCase()),
    trustedProxies: env.TRUSTED_PROXIES,
    admin: {
      username: env.ADMIN_USER,
      ...(env.ADMIN_PASSWORD !== undefined && { password: env.ADMIN_PASSWORD }),
    },
    ...(env.SECRET_KEY !== undefined && { secretKey: env.SECRET_KEY }),
    ...(oidc && { oidc }),
    limits: {
      maxStreamsPerPrincipal: env.MAX_STREAMS_PER_PRINCIPAL,
      unauthenticatedPerMinute: env.UNAUTHENTICATED_PER_MINUTE,
    },
    ...(env.GATE_DIR !== undefined && { gateDir: path.resolve(env.GATE_DIR) }),
    nginx: {
      mode: env.NGINX_MODE,
      bin: env.NGINX_BIN ?? findNginx(),
      ...(env.NGINX_PID_FILE !== undefined && { pidFile: path.resolve(env.NGINX_PID_FILE) }),
      ...(env.NGINX_MODULES_DIR !== undefined && {
        modulesDir: path.resolve(env.NGINX_MODULES_DIR),
      }),
      drainSeconds: env.NGINX_DRAIN_SECONDS,
    },
    health: {
      intervalSeconds: env.HEALTH_CHECK_INTERVAL_SECONDS,
      timeoutSeconds: env.HEALTH_CHECK_TIMEOUT_SECONDS,
    },
    toolsRefreshSeconds: env.TOOLS_REFRESH_SECONDS,
    upstreamPolicy: { mode: env.UPSTREAM_POLICY, allow: env.UPSTREAM_ALLOW },
    audit: { maxDays: env.AUDIT_MAX_DAYS, maxBytes: env.AUDIT_MAX_BYTES },
    log: { level: env.LOG_LEVEL, format: env.LOG_FORMAT },
  };
}

/** Listening everywhere is reachable on loopback for certain. */
function defaultPublicUrl(host: string, port: number, tlsPort: number | undefined): string {
  const name =
    host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return tlsPort === undefined ? `http://${name}:${port}` : `https://${name}:${tlsPort}`;
}

/** Debian keeps nginx in /usr/sbin, which is not on every user's PATH. */
function findNginx(): string {
  return (
    ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/local/nginx/sbin/nginx'].find(existsSync) ??
    'nginx'
  );
}
