import type { TokenRecord } from '../../access/account.js';
import {
  accessTo,
  mayCall,
  rulesOf,
  rulesOfToken,
  UNRESTRICTED,
  type AccessRule,
} from '../../access/policy.js';
import type { Principal } from '../../access/principal.js';
import type { Server } from '../../catalog/server.js';
import { RegistryError } from '../../errors.js';
import type { RegistryState } from '../../store/store.js';
import { askerOf } from '../access/token-grant.js';

/**
 * What somebody may run through the API on a server that asks for a token: what they may at the gateway, and of a
 * server that they may change everything, since they could open it to everybody as well. A token with groups is
 * limited to them all the same, and one for a single server is good for no other.
 * @throws RegistryError `authentication-required` when the caller was removed or revoked a moment ago
 */
export function callRules(
  principal: Principal,
  server: Pick<Server, 'path' | 'owner'>,
  state: RegistryState,
): readonly AccessRule[] {
  const { token } = askerOf(principal, state);
  const owner = state.accounts.find(({ username }) => username === principal.username);
  if (owner === undefined || owner.disabled) {
    throw new RegistryError('authentication-required', 'The account is gone or was disabled.');
  }
  if (isForAnother(token, server)) return [];
  if (mayChange(principal, server) && (token?.groups ?? []).length === 0) return UNRESTRICTED;
  if (token !== undefined) return rulesOfToken(token, owner, state.groups);
  return owner.roles.includes('admin') ? UNRESTRICTED : rulesOf(owner.groups, state.groups);
}

/**
 * As `callRules`, for one tool.
 * @throws RegistryError `forbidden`, and as `callRules`
 */
export function requireCallRules(
  principal: Principal,
  server: Pick<Server, 'path' | 'owner'>,
  tool: string,
  state: RegistryState,
): readonly AccessRule[] {
  const rules = callRules(principal, server, state);
  const access = accessTo(server.path, rules);
  if (mayCall(access, tool)) return rules;
  const { token } = askerOf(principal, state);
  throw new RegistryError('forbidden', reasonOf(token, server, tool, access.kind === 'none'));
}

function reasonOf(
  token: TokenRecord | undefined,
  server: Pick<Server, 'path'>,
  tool: string,
  isNothing: boolean,
): string {
  if (isForAnother(token, server)) {
    return `The token is for ${token?.server ?? ''} alone, and not for ${server.path}.`;
  }
  const whose = token === undefined ? 'Your groups' : 'The groups of the token';
  return isNothing
    ? `${whose} give nothing of ${server.path}; an administrator can add it to one of them.`
    : `${whose} do not allow the tool ${JSON.stringify(tool.slice(0, 200))} of ${server.path}; an administrator can change that.`;
}

function isForAnother(token: TokenRecord | undefined, { path }: Pick<Server, 'path'>): boolean {
  return token?.server !== undefined && token.server !== path;
}

function mayChange({ permissions, username }: Principal, { owner }: Pick<Server, 'owner'>) {
  return (
    permissions.has('servers:write-any') || (permissions.has('servers:write') && owner === username)
  );
}
