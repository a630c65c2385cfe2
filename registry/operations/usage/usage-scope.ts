import type { Principal } from '../../access/principal.js';
import type { RowKey } from '../../usage/usage-row.js';
import type { RegistryState } from '../../store/store.js';

/** Which calls somebody is told of. */
export interface UsageScope {
  /** @param at when the calls were, or when their bucket ends */
  sees(call: Pick<RowKey, 'server' | 'principal'>, at: number): boolean;
}

/**
 * Those with `usage:read` see all; others their own calls, and those of servers that they own, since these were registered:
 * what went to an earlier server at the same path is not theirs. A token for one server sees calls of that one.
 */
export function usageScope({ catalog }: Pick<RegistryState, 'catalog'>, by: Principal): UsageScope {
  const { server: bound, owner } = by.visibility;
  const all = by.permissions.has('usage:read');
  const owned = new Map(
    [...catalog.servers.values()]
      .filter((server) => owner !== undefined && server.owner === owner)
      .map((server) => [server.path as string, Date.parse(server.createdAt)]),
  );
  return {
    sees({ server, principal }, at) {
      if (bound !== undefined && bound !== server) return false;
      if (all || principal === by.username) return true;
      const since = owned.get(server);
      return since !== undefined && at >= since;
    },
  };
}
