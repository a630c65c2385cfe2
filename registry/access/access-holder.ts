import type { Server } from '../catalog/server.js';
import type { Account, TokenRecord } from './account.js';
import type { Group } from './group.js';
import {
  accessTo,
  givesAnyTool,
  groupsOfToken,
  isUnrestricted,
  rulesOf,
  type ServerAccess,
} from './policy.js';
import { permissionsOfRoles } from './roles.js';

/** What somebody brings along when they call a server. */
export type AccessHolder =
  /** Whatever the groups say, they are not let in. */
  | { readonly kind: 'refused'; readonly why: string }
  /** Whatever the groups say, they may use everything. */
  | { readonly kind: 'unrestricted'; readonly why: string }
  | { readonly kind: 'groups'; readonly groups: readonly string[] };

type OwnedServer = Pick<Server, 'path' | 'owner'>;

/** What a token brings to the gateway; the same as its gate record says (`gateRecordOf`). */
export function holderOfToken(
  token: TokenRecord,
  owner: Account | undefined,
  server: Pick<Server, 'path'>,
  now: Date,
): AccessHolder {
  if (owner === undefined) return refused(`the account ${token.owner} of the token is gone`);
  if (owner.disabled) return refused(`the account ${owner.username} of the token is disabled`);
  if (token.expiresAt !== undefined && Date.parse(token.expiresAt) <= now.getTime()) {
    return refused(`the token has expired (${token.expiresAt})`);
  }
  if (token.server !== undefined && token.server !== server.path) {
    return refused(`the token is for ${token.server} alone`);
  }
  if (isUnrestricted(token, owner)) {
    return {
      kind: 'unrestricted',
      why: "the token is an administrator's and is not confined to groups",
    };
  }
  return { kind: 'groups', groups: groupsOfToken(token, owner) };
}

/** What a person may run through the API, and may give to a token of theirs. */
export function holderOfUser(account: Account, server: OwnedServer): AccessHolder {
  if (account.disabled) return refused(`the account ${account.username} is disabled`);
  const permissions = permissionsOfRoles(account.roles);
  if (permissions.has('servers:write-any')) {
    return { kind: 'unrestricted', why: 'administrators may use everything' };
  }
  if (permissions.has('servers:write') && server.owner === account.username) {
    return { kind: 'unrestricted', why: `${account.username} owns the server` };
  }
  return { kind: 'groups', groups: account.groups };
}

function refused(why: string): AccessHolder {
  return { kind: 'refused', why };
}

/** @param groups all groups that there are */
export function accessOfHolder(
  holder: AccessHolder,
  { path }: Pick<Server, 'path'>,
  groups: readonly Group[],
): ServerAccess {
  if (holder.kind === 'refused') return { kind: 'none' };
  if (holder.kind === 'unrestricted') return { kind: 'all' };
  const access = accessTo(path, rulesOf(holder.groups, groups));
  // Where everything that is given is denied as well, nothing is given.
  return givesAnyTool(access) ? access : { kind: 'none' };
}
