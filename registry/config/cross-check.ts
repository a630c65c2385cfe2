import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import type { FieldProblem } from '../errors.js';
import type { ParsedSettings, SettingName } from './settings-schema.js';

/** A rule that concerns more than one variable, or the machine. */
interface Rule {
  /** What it looks at. Where one of them is wrong by itself, nothing can be said. */
  readonly of: readonly SettingName[];
  /** What is wrong, and where that is told. */
  check(env: ParsedSettings): FieldProblem | undefined;
}

/** Checks what the variables say together. @param wrong those that are wrong by themselves */
export function crossCheck(env: ParsedSettings, wrong: ReadonlySet<string>): FieldProblem[] {
  return RULES.filter(({ of }) => !of.some((name) => wrong.has(name)))
    .map((rule) => rule.check(env))
    .filter((problem) => problem !== undefined);
}

function rule(
  [field, ...others]: readonly [SettingName, ...SettingName[]],
  message: string,
  isBroken: (env: ParsedSettings) => boolean,
): Rule {
  return {
    of: [field, ...others],
    check: (env) => (isBroken(env) ? { field, message } : undefined),
  };
}

function fileRule(field: 'TLS_CERT_FILE' | 'TLS_KEY_FILE'): Rule {
  const check = ({ [field]: file }: ParsedSettings) =>
    file !== undefined && !existsSync(file)
      ? { field, message: `there is no file ${file}` }
      : undefined;
  return { of: [field], check };
}

function listRule(
  field: 'ALLOWED_HOSTS' | 'ALLOWED_ORIGINS' | 'TRUSTED_PROXIES' | 'UPSTREAM_ALLOW',
  isGood: (item: string) => boolean,
  words: string,
): Rule {
  const check = (env: ParsedSettings) => {
    const bad = env[field].filter((item) => !isGood(item));
    if (bad.length === 0) return undefined;
    return { field, message: `${bad.map((item) => JSON.stringify(item)).join(', ')}: ${words}` };
  };
  return { of: [field], check };
}

const FOR_LOG_IN =
  'is for log-in and needs OIDC_CLIENT_ID; without it, tokens of OIDC_ISSUER are taken at the gateway only';
const EMBEDDINGS_PAIR = 'is missing: EMBEDDINGS_URL and EMBEDDINGS_MODEL go together';

const RULES: readonly Rule[] = [
  rule(
    ['GATEWAY_TLS_PORT', 'TLS_CERT_FILE', 'TLS_KEY_FILE'],
    'needs TLS_CERT_FILE and TLS_KEY_FILE, and the other way round: set all three or none',
    (env) => {
      const tls = [env.GATEWAY_TLS_PORT, env.TLS_CERT_FILE, env.TLS_KEY_FILE];
      return tls.some((value) => value !== undefined) && tls.includes(undefined);
    },
  ),
  rule(
    ['TLS_HSTS_MAX_AGE', 'GATEWAY_TLS_PORT'],
    'is for HTTPS of our own and needs GATEWAY_TLS_PORT; where TLS ends in front of us, set the header there',
    (env) => env.TLS_HSTS_MAX_AGE !== undefined && env.GATEWAY_TLS_PORT === undefined,
  ),
  fileRule('TLS_CERT_FILE'),
  fileRule('TLS_KEY_FILE'),
  rule(
    ['GATEWAY_PORT', 'GATEWAY_TLS_PORT', 'REGISTRY_PORT'],
    'GATEWAY_PORT, GATEWAY_TLS_PORT and REGISTRY_PORT must differ from each other',
    ({ REGISTRY_PORT, GATEWAY_PORT, GATEWAY_TLS_PORT }) =>
      REGISTRY_PORT === GATEWAY_PORT ||
      GATEWAY_TLS_PORT === REGISTRY_PORT ||
      GATEWAY_TLS_PORT === GATEWAY_PORT,
  ),
  rule(['PUBLIC_URL'], 'must not have a user name, query or fragment', ({ PUBLIC_URL = '' }) =>
    /[?#]|^[^:]+:\/\/[^/]*@/.test(PUBLIC_URL),
  ),
  rule(
    ['OIDC_CLIENT_ID', 'OIDC_ISSUER'],
    'needs OIDC_ISSUER',
    (env) => env.OIDC_ISSUER === undefined && env.OIDC_CLIENT_ID !== undefined,
  ),
  rule(
    ['OIDC_CLIENT_SECRET', 'OIDC_CLIENT_ID'],
    FOR_LOG_IN,
    (env) => env.OIDC_CLIENT_ID === undefined && env.OIDC_CLIENT_SECRET !== undefined,
  ),
  rule(
    ['OIDC_ROLE_MAP', 'OIDC_CLIENT_ID'],
    FOR_LOG_IN,
    (env) => env.OIDC_CLIENT_ID === undefined && env.OIDC_ROLE_MAP.length > 0,
  ),
  rule(
    ['EMBEDDINGS_URL', 'EMBEDDINGS_MODEL'],
    EMBEDDINGS_PAIR,
    (env) => env.EMBEDDINGS_URL === undefined && env.EMBEDDINGS_MODEL !== undefined,
  ),
  rule(
    ['EMBEDDINGS_MODEL', 'EMBEDDINGS_URL'],
    EMBEDDINGS_PAIR,
    (env) => env.EMBEDDINGS_URL !== undefined && env.EMBEDDINGS_MODEL === undefined,
  ),
  rule(
    ['EMBEDDINGS_API_KEY', 'EMBEDDINGS_URL'],
    'needs EMBEDDINGS_URL',
    (env) => env.EMBEDDINGS_API_KEY !== undefined && env.EMBEDDINGS_URL === undefined,
  ),
  listRule(
    'ALLOWED_HOSTS',
    (item) => /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])$/i.test(item),
    'must be host names without scheme and port',
  ),
  listRule(
    'ALLOWED_ORIGINS',
    (item) =>
      /^https?:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/i.test(item),
    'must be origins such as https://inspector.example.com',
  ),
  listRule('TRUSTED_PROXIES', isAddressOrRange, 'must be addresses or CIDR ranges'),
  listRule(
    'UPSTREAM_ALLOW',
    (item) => isAddressOrRange(item) || /^(?:[\w.-]+|\[[0-9a-f:.]+\])$/i.test(item),
    'must be host names, addresses or CIDR ranges such as 10.0.0.0/8',
  ),
];

function isAddressOrRange(text: string): boolean {
  const [, address = '', bits = '0'] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}
