/** What a caller may do in the registry. A route names exactly one of them. */
export const PERMISSIONS = [
  'servers:read',
  'servers:write',
  'servers:toggle',
  'servers:refresh',
  'tools:call',
  'gateway:read',
  'tokens:manage',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['admin'] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES = ['read', 'write', 'admin'] as const;
/** What a token for the API is good for; each scope includes the ones before it. */
export type Scope = (typeof SCOPES)[number];

/** Who calls: a person with a session or the bearer of a token. */
export interface Principal {
  /** The account's user name, for tokens the one of the account that made it. */
  readonly username: string;
  readonly kind: 'user' | 'token';
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
}
