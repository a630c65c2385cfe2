import type { TokenRecord } from './account.js';
import { isConfined } from './policy.js';
import { PERMISSIONS, type Permission, type Role, type Scope } from './principal.js';

const VIEW = ['servers:read', 'tools:call', 'tokens:own'] as const satisfies readonly Permission[];

/** What each role may do. Which servers somebody sees and calls is a matter of groups and ownership. */
const ROLE_PERMISSIONS = {
  admin: PERMISSIONS,
  operator: [
    ...VIEW,
    'servers:read-any',
    'servers:toggle',
    'servers:toggle-any',
    'servers:refresh',
    'gateway:read',
    'groups:read',
    'usage:read',
    'metrics:read',
  ],
  developer: [...VIEW, 'servers:write', 'servers:toggle', 'servers:refresh', 'registries:manage'],
  viewer: VIEW,
} as const satisfies Record<Role, readonly Permission[]>;

const READ = [
  'servers:read',
  'servers:read-any',
  'gateway:read',
  'groups:read',
  'usage:read',
  'metrics:read',
] as const satisfies readonly Permission[];
const WRITE = [
  ...READ,
  'servers:write',
  'servers:write-any',
  'servers:toggle',
  'servers:toggle-any',
  'servers:refresh',
  'registries:manage',
  'tools:call',
] as const satisfies readonly Permission[];

/** What a token of each scope may do at most: read is part of write, write is part of admin. */
const SCOPE_PERMISSIONS = {
  read: READ,
  write: WRITE,
  admin: PERMISSIONS,
} as const satisfies Record<Scope, readonly Permission[]>;

/** What makes sense where only some servers are seen. All else tells of every server, or leads to every right. */
const NARROW: ReadonlySet<Permission> = new Set([
  'servers:read',
  'servers:write',
  'servers:write-any',
  'servers:toggle',
  'servers:toggle-any',
  'servers:refresh',
  'tools:call',
  'tokens:own',
]);

/** All that the roles allow together; no role, no permission. */
export function permissionsOfRoles(roles: readonly Role[]): ReadonlySet<Permission> {
  return new Set(roles.flatMap((role) => ROLE_PERMISSIONS[role]));
}

/** What a token may do: what its scopes say, and never more than the account that made it. */
export function permissionsOfToken(
  ownerRoles: readonly Role[],
  token: Pick<TokenRecord, 'scopes' | 'groups' | 'server'>,
): ReadonlySet<Permission> {
  const owner = permissionsOfRoles(ownerRoles);
  const isNarrow = token.server !== undefined || isConfined(token);
  return new Set(
    token.scopes
      .flatMap((scope): readonly Permission[] => SCOPE_PERMISSIONS[scope])
      .filter((permission) => owner.has(permission))
      .filter((permission) => !isNarrow || NARROW.has(permission)),
  );
}
