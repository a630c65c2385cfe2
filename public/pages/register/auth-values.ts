import type { FieldError } from '../../api/problem';
import type { ServerView } from '../../api/servers';

export const AUTH_TYPES = [
  'none',
  'bearer',
  'basic',
  'headers',
  'oauth-client-credentials',
  'pass-through',
] as const;

/** All that any type of credential needs; the form shows what belongs to the chosen one. */
export interface AuthValues {
  readonly type: (typeof AUTH_TYPES)[number];
  readonly token: string;
  readonly username: string;
  readonly password: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  readonly resource: string;
  readonly method: 'basic' | 'post';
  readonly from: string;
  readonly to: string;
}

export type StoredAuth = ServerView['auth'];

export const NO_AUTH_VALUES: AuthValues = {
  type: 'none',
  token: '',
  username: '',
  password: '',
  headers: [],
  tokenUrl: '',
  clientId: '',
  clientSecret: '',
  scope: '',
  resource: '',
  method: 'basic',
  from: 'X-Upstream-Authorization',
  to: 'Authorization',
};

/** Of what the API shows, which has no secrets, or of what it takes. */
export function authValuesOf(auth: Readonly<Record<string, unknown>> | undefined): AuthValues {
  const known = Object.keys(NO_AUTH_VALUES) as (keyof AuthValues)[];
  const given = known.flatMap((key) => (auth?.[key] === undefined ? [] : [[key, auth[key]]]));
  const values = { ...NO_AUTH_VALUES, ...(Object.fromEntries(given) as Partial<AuthValues>) };
  // What is shown of headers has no values.
  return { ...values, headers: values.headers.map((header) => ({ ...NO_VALUE, ...header })) };
}

const NO_VALUE = { value: '' };

/** As the API takes it. Secrets that were not typed are left out: then the stored ones stay. */
export function authInputOf(auth: AuthValues, stored?: StoredAuth): Record<string, unknown> {
  const { type } = auth;
  switch (type) {
    case 'none':
      return { type };
    case 'bearer':
      return { type, ...filled({ token: auth.token }) };
    case 'basic': {
      const { username, password } = auth;
      // An empty password is one, where there is none that could be meant to stay.
      return stored?.type === type
        ? { type, username, ...filled({ password }) }
        : { type, username, password };
    }
    case 'headers':
      return {
        type,
        headers: auth.headers.map(({ name, value }) => ({
          name: name.trim(),
          ...filled({ value }),
        })),
      };
    case 'oauth-client-credentials': {
      const { tokenUrl, clientId, method, clientSecret, scope, resource } = auth;
      return { type, tokenUrl, clientId, method, ...filled({ clientSecret, scope, resource }) };
    }
    case 'pass-through':
      return { type, from: auth.from.trim(), ...filled({ to: auth.to.trim() }) };
  }
}

/** Secrets that have to be typed, since none is stored that could stay. */
export function missingSecrets(auth: AuthValues, stored?: StoredAuth): readonly FieldError[] {
  const missing = (field: string) => ({ field: `auth.${field}`, message: 'is required' });
  if (auth.type === 'headers') {
    const kept = stored?.type === 'headers' ? stored.headers : [];
    const isKept = (name: string) =>
      kept.some((header) => header.name.toLowerCase() === name.trim().toLowerCase());
    return auth.headers.flatMap(({ name, value }, index) =>
      value === '' && !isKept(name) ? [missing(`headers.${String(index)}.value`)] : [],
    );
  }
  if (stored?.type === auth.type) return [];
  if (auth.type === 'bearer' && auth.token === '') return [missing('token')];
  if (auth.type === 'oauth-client-credentials' && auth.clientSecret === '') {
    return [missing('clientSecret')];
  }
  return [];
}

function filled(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
