import { existsSync } from 'node:fs';
import type { FieldProblem } from '../errors.js';
import type { ParsedSettings } from './settings-schema.js';

/** Rules that concern more than one variable, or the machine. */
export function crossCheck(env: ParsedSettings): FieldProblem[] {
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
  if ((env.EMBEDDINGS_URL === undefined) !== (env.EMBEDDINGS_MODEL === undefined)) {
    const field = env.EMBEDDINGS_URL === undefined ? 'EMBEDDINGS_URL' : 'EMBEDDINGS_MODEL';
    problems.push({
      field,
      message: 'is missing: EMBEDDINGS_URL and EMBEDDINGS_MODEL go together',
    });
  }
  if (env.EMBEDDINGS_API_KEY !== undefined && env.EMBEDDINGS_URL === undefined) {
    problems.push({ field: 'EMBEDDINGS_API_KEY', message: 'needs EMBEDDINGS_URL' });
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
