import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from './config.js';
import { LOOPBACK_HOSTS } from './setting-grammar.js';
import type { ParsedSettings } from './settings-schema.js';

const YEAR_SECONDS = 31_536_000;

/** What the variables mean; some things are found on this machine, or worked out. */
export function assemble(env: ParsedSettings): Omit<Config, 'settings'> {
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
  const embeddings = assembleEmbeddings(env);
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
    ...(embeddings && { embeddings }),
    github: {
      url: env.GITHUB_API_URL,
      ...(env.GITHUB_TOKEN !== undefined && { token: env.GITHUB_TOKEN }),
    },
    audit: { maxDays: env.AUDIT_MAX_DAYS, maxBytes: env.AUDIT_MAX_BYTES },
    usage: {
      maxLogBytes: env.CALL_LOG_MAX_BYTES,
      callDetail: env.CALL_DETAIL,
      metricsPublic: env.METRICS_PUBLIC,
    },
    ...(env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined && {
      tracing: {
        endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, ''),
        headers: env.OTEL_EXPORTER_OTLP_HEADERS,
        serviceName: env.OTEL_SERVICE_NAME,
      },
    }),
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

/**
 * It holds for every port of the host name: so not where plain HTTP is served beside it, and not where the port in
 * PUBLIC_URL, or a name that was not given, says that the host may have other sites as well.
 */
function usualHstsMaxAge({ GATEWAY_ALLOW_PLAIN, PUBLIC_URL }: ParsedSettings): number {
  if (GATEWAY_ALLOW_PLAIN || PUBLIC_URL === undefined) return 0;
  const { protocol, port } = new URL(PUBLIC_URL);
  return protocol === 'https:' && port === '' ? YEAR_SECONDS : 0;
}

function assembleOidc(env: ParsedSettings): Config['oidc'] {
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

function assembleEmbeddings(env: ParsedSettings): Config['embeddings'] {
  const { EMBEDDINGS_URL: url, EMBEDDINGS_MODEL: model, EMBEDDINGS_API_KEY: apiKey } = env;
  if (url === undefined || model === undefined) return undefined;
  return { url: url.replace(/\/+$/, ''), model, ...(apiKey !== undefined && { apiKey }) };
}
