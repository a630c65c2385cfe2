import { z } from 'zod';
import { usernameSchema } from '../access/credentials.js';
import {
  checkBaseUrl,
  checkIssuer,
  choice,
  flag,
  headerList,
  host,
  list,
  notPlaceholder,
  port,
  roleMap,
  wholeNumber,
} from './setting-grammar.js';

/** All environment variables, each by itself. */
export const settingsSchema = z.object({
  DATA_DIR: z.string().default('./data'),
  REGISTRY_HOST: host.default('127.0.0.1'),
  REGISTRY_PORT: port.default(7860),
  GATEWAY_HOST: host.default('0.0.0.0'),
  GATEWAY_PORT: port.default(8080),
  GATEWAY_TLS_PORT: port.optional(),
  GATEWAY_ALLOW_PLAIN: flag.default(false),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  TLS_HSTS_MAX_AGE: wholeNumber(0, 63_072_000).optional(),
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
  MAX_STREAMS_PER_PRINCIPAL: wholeNumber(0, 65_535).default(100),
  UNAUTHENTICATED_PER_MINUTE: wholeNumber(0, 1_000_000).default(600),
  NGINX_MODE: choice(['managed', 'external', 'none']).default('managed'),
  NGINX_BIN: z.string().optional(),
  NGINX_PID_FILE: z.string().optional(),
  NGINX_MODULES_DIR: z.string().optional(),
  NGINX_DRAIN_SECONDS: wholeNumber(1, 86_400).default(600),
  HEALTH_CHECK_INTERVAL_SECONDS: wholeNumber(1, 86_400).default(60),
  HEALTH_CHECK_TIMEOUT_SECONDS: wholeNumber(1, 600).default(5),
  TOOLS_REFRESH_SECONDS: wholeNumber(5, 604_800).default(900),
  UPSTREAM_POLICY: choice(['private-allowed', 'strict']).default('private-allowed'),
  UPSTREAM_ALLOW: list,
  EMBEDDINGS_URL: z
    .string()
    .superRefine(checkBaseUrl('/embeddings', 'https://api.openai.com/v1', 'EMBEDDINGS_API_KEY'))
    .optional(),
  EMBEDDINGS_MODEL: z.string().max(200).optional(),
  EMBEDDINGS_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be one word of visible ASCII characters')
    .refine(notPlaceholder, 'is a known placeholder; copy the key from the provider')
    .optional(),
  GITHUB_API_URL: z
    .url({
      protocol: /^https?$/,
      error: 'must be an http or https URL such as https://api.github.com',
    })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://api.github.com'),
  GITHUB_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be one word of visible ASCII characters')
    .refine(notPlaceholder, 'is a known placeholder; copy the token from GitHub')
    .optional(),
  STORE_URL: z
    .string()
    .default('file:')
    .refine((url) => url === 'file:', 'must be "file:"; this version has no other store'),
  AUDIT_MAX_DAYS: wholeNumber(1, 36_500).default(365),
  AUDIT_MAX_BYTES: wholeNumber(1024 ** 2).default(1024 ** 3),
  CALL_LOG_MAX_BYTES: wholeNumber(1024 ** 2).default(512 * 1024 ** 2),
  CALL_DETAIL: choice(['tool', 'server']).default('tool'),
  METRICS_PUBLIC: flag.default(false),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .superRefine(checkBaseUrl('/v1/traces', 'http://127.0.0.1:4318', 'OTEL_EXPORTER_OTLP_HEADERS'))
    .optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headerList,
  OTEL_SERVICE_NAME: z.string().max(255).default('mcp-gateway-registry'),
  LOG_LEVEL: choice(['error', 'warn', 'info', 'debug']).default('info'),
  LOG_FORMAT: choice(['json', 'readable']).default('json'),
});

export type SettingName = keyof typeof settingsSchema.shape;

/** What the variables say, with defaults. */
export type ParsedSettings = z.output<typeof settingsSchema>;
