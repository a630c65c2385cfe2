import type { Principal } from '../../access/principal.js';
import { beginAtPath } from '../../catalog/server.js';
import type { RowKey } from '../../usage/usage-row.js';
import type { RegistryState } from '../../store/store.js';
import { seenServers } from '../servers/server-lookup.js';

/** Which calls somebody is told of. */
export interface UsageScope {
  /** @param at when the calls were, of several the last */
  sees(call: Pick<RowKey, 'server' | 'principal'>, at: number): boolean;
}

/**
 * Those with `usage:read` see all; others their own calls, since there is their account, and those of servers that they own,
 * since these are at their path: what somebody else of the same name called, and what went to an earlier server at the same
 * path, is not theirs. A token is told of calls of servers that it sees.
 */
export function usageScope(
  state: Pick<RegistryState, 'accounts' | 'catalog' | 'groups'>,
  by: Principal,
): UsageScope {
  const { accounts, catalog } = state;
  const { server: bound, owner } = by.visibility;
  const all = by.permissions.has('usage:read');
  const account = accounts.find(({ username }) => username === by.username);
  const begin = account === undefined ? Infinity : wholeSecond(account.createdAt);
  const owned = new Map(
    [...catalog.servers.values()]
      .filter((server) => owner !== undefined && server.owner === owner)
      .map((server) => [server.path as string, wholeSecond(beginAtPath(server))]),
  );
  const visible =
    by.kind === 'token' && !by.visibility.all
      ? new Set<string>(seenServers(state, by.visibility).map((each) => each.server.path))
      : undefined;
  return {
    sees({ server, principal }, at) {
      if (bound !== undefined && bound !== server) return false;
      if (visible?.has(server) === false) return false;
      if (all || (principal === by.username && at >= begin)) return true;
      const since = owned.get(server);
      return since !== undefined && at >= since;
    },
  };
}

/** nginx notes calls by the second. */
function wholeSecond(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000) * 1000;
}
