import type { Server } from '../catalog/server.js';
import type { Account, TokenRecord } from './account.js';
import type { Group } from './group.js';
import {
  accessTo,
  givesAnyTool,
  groupsOfToken,
  isConfined,
  isUnrestricted,
  rulesOf,
  type ServerAccess,
} from './policy.js';
import type { Visibility } from './principal.js';
import { permissionsOfRoles, permissionsOfToken } from './roles.js';

/** What of a server decides who sees it. */
export type OwnedServer = Pick<Server, 'path' | 'owner' | 'access'>;

/** What the registry itself looks at. */
export const EVERYTHING: Visibility = { all: true, groups: [] };

/** Whoever is not known sees what is public. */
export const STRANGER: Visibility = { all: false, groups: [] };

type Owner = Pick<Account, 'username' | 'roles' | 'groups'>;

/** Who views all sees all; everybody else what they own and what their groups give. */
export function visibilityOfAccount({ username, roles, groups }: Owner): Visibility {
  const all = permissionsOfRoles(roles).has('servers:read-any');
  return { all, owner: username, groups };
}

/**
 * A token sees what its owner sees, and at most the server that it is for. One that is confined to groups sees what these
 * give, and, where it may change servers, those of its owner: what one may change one has to see.
 */
export function visibilityOfToken(
  token: Pick<TokenRecord, 'groups' | 'scopes' | 'server'>,
  owner: Owner,
): Visibility {
  const bound = token.server !== undefined && { server: token.server };
  if (isUnrestricted(token, owner)) return { all: true, groups: [], ...bound };
  if (!isConfined(token)) return { ...visibilityOfAccount(owner), ...bound };
  const mayChange = permissionsOfToken(owner.roles, token).has('servers:write');
  return {
    all: false,
    ...(mayChange && { owner: owner.username }),
    groups: groupsOfToken(token, owner),
    ...bound,
  };
}

/**
 * @param groups all groups that there are
 * @returns tells what is seen of a server: `none` stands for a server that does not exist, `some` for the tools that the
 *   groups give, `all` for everything
 */
export function viewThrough(
  visibility: Visibility,
  groups: readonly Group[],
): (server: OwnedServer) => ServerAccess {
  const rules = rulesOf(visibility.groups, groups);
  return ({ path, owner, access }) => {
    if (visibility.server !== undefined && visibility.server !== path) return { kind: 'none' };
    if (visibility.all || access === 'public' || visibility.owner === owner) return { kind: 'all' };
    const given = accessTo(path, rules);
    return givesAnyTool(given) ? given : { kind: 'none' };
  };
}

/** Whether a record that cannot be read is seen. @param path as the record calls it */
export function seesInvalid({ all, server }: Visibility, path: string): boolean {
  return all && (server === undefined || server === path);
}
