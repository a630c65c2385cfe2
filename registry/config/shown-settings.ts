import type { Config, Setting } from './config.js';
import { SETTING_DESCRIPTIONS } from './setting-descriptions.js';
import { settingsSchema, type ParsedSettings, type SettingName } from './settings-schema.js';

/** An empty variable counts as an unset one, as in Docker Compose files. */
export type Environment = Readonly<Record<string, string | undefined>>;

const DESCRIPTIONS: Readonly<Record<SettingName, string>> = SETTING_DESCRIPTIONS;
const SECRETS: ReadonlySet<SettingName> = new Set([
  'ADMIN_PASSWORD',
  'SECRET_KEY',
  'OIDC_CLIENT_SECRET',
  'EMBEDDINGS_API_KEY',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'GITHUB_TOKEN',
]);

/** What was given as it was given, else the default, also where that is found or worked out. */
export function shownSettings(
  given: Environment,
  env: ParsedSettings,
  config: Omit<Config, 'settings'>,
): readonly Setting[] {
  const found: Partial<Record<SettingName, string>> = {
    PUBLIC_URL: config.publicUrl,
    NGINX_BIN: config.nginx.bin,
    ...(config.gateway.tls && { TLS_HSTS_MAX_AGE: String(config.gateway.tls.hstsMaxAge) }),
  };
  return (Object.keys(settingsSchema.shape) as SettingName[]).map((name) => {
    const secret = SECRETS.has(name);
    const value = given[name] ?? found[name] ?? textOf(env[name]);
    return {
      name,
      value: secret || value === undefined ? null : withoutUserInfo(value),
      isDefault: given[name] === undefined,
      secret,
      description: DESCRIPTIONS[name],
    };
  });
}

/** Of a default; all lists are empty by default. */
function textOf(value: ParsedSettings[SettingName]): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'object' ? '' : String(value);
}

/** A URL may carry a password. */
function withoutUserInfo(text: string): string {
  return text.replace(/(:\/\/)[^/@\s]*@/, '$1[hidden]@');
}
