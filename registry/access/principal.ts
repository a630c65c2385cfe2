import { z } from 'zod';

/** What a caller may do in the registry. A route names exactly one of them. */
export const PERMISSIONS = [
  /** See servers: those that are public, one's own, and what one's groups give. */
  'servers:read',
  /** See every server. */
  'servers:read-any',
  /** Register servers, and change those that one owns. */
  'servers:write',
  /** Change those of others as well. */
  'servers:write-any',
  /** Enable, disable and refresh servers that one owns. */
  'servers:toggle',
  /** And those of others. */
  'servers:toggle-any',
  'servers:refresh',
  /** Follow registries: add them, pull from them, remove them. */
  'registries:manage',
  'tools:call',
  'gateway:read',
  /** Make tokens within one's own rights, and revoke one's own. */
  'tokens:own',
  'tokens:manage',
  'groups:read',
  'groups:manage',
  'users:manage',
  'audit:read',
  /** See the calls of everybody; without it, one's own and those of servers that one owns. */
  'usage:read',
  'metrics:read',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['admin', 'operator', 'developer', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES = ['read', 'write', 'admin'] as const;
/** What a token for the API is good for; each scope includes the ones before it. */
export type Scope = (typeof SCOPES)[number];

/** Name of a group, in tokens, accounts and the claims of an identity provider. */
export const groupName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@:/-]{0,119}$/,
    'must be 1 to 120 letters, digits, ".", "_", "@", ":", "/", "-", beginning with a letter or digit',
  );

/** Which servers somebody sees. Public ones are seen by everybody. */
export interface Visibility {
  /** Every server, and records that cannot be read. */
  readonly all: boolean;
  /** Those that this account owns; absent: ownership counts for nothing. */
  readonly owner?: string;
  /** Those on which these groups give a tool, with the tools that they give. */
  readonly groups: readonly string[];
  /** Whatever else is said: at most the server at this path. */
  readonly server?: string;
}

/** Who calls: a person with a session or the bearer of a token. */
export interface Principal {
  /** The account's user name, for tokens the one of the account that made it. */
  readonly username: string;
  readonly displayName?: string;
  readonly kind: 'user' | 'token';
  /** Of a token: its id. */
  readonly tokenId?: string;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  /** Groups whose servers and tools the caller may use: the person's, or those given to the token. */
  readonly groups: readonly string[];
  /** Which servers the caller sees. */
  readonly visibility: Visibility;
  /** Of a person who has to choose a new password before anything else; absent: nothing to choose. */
  readonly mustChangePassword?: true;
}
