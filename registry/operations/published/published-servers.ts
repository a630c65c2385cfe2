import type { Principal } from '../../access/principal.js';
import { STRANGER } from '../../access/visibility.js';
import { clientTarget } from '../../catalog/clients/client-target.js';
import { serverJson, type ServerJson } from '../../catalog/publish/server-json.js';
import { RegistryError } from '../../errors.js';
import type { ExclusionReason, Gateway } from '../../gateway/gateway.js';
import type { Store } from '../../store/store.js';
import type { UpstreamMonitor } from '../../upstream/monitor.js';
import { matchesQuery, pageOf } from '../page.js';
import {
  OFFICIAL,
  publishedQuerySchema,
  publishedVersionQuerySchema,
  type PublishedList,
  type PublishedQuery,
  type PublishedServer,
} from './published-view.js';
import { createPublishedChanges, type PublishedChanges } from './published-changes.js';
import { seenServers } from '../servers/server-lookup.js';
import { factsOf } from '../servers/server-view.js';
import { validate } from '../validate.js';

const DEFAULT_LIMIT = 30;

/**
 * The servers of the gateway in the shapes of the MCP registry API v0.1: those that the caller sees, strangers public
 * ones. What is enabled and routed is `active`; the rest is `deleted`, so that whoever follows this registry drops it.
 */
export interface PublishedServers {
  /** @throws RegistryError `validation-failed` */
  list(query: unknown, by: Principal | undefined): PublishedList;
  /** @throws RegistryError `server-not-found`, `validation-failed` */
  versions(name: string, query: unknown, by: Principal | undefined): PublishedList;
  /** @param version exact, or `latest` @throws as `versions` */
  version(
    name: string,
    version: string,
    query: unknown,
    by: Principal | undefined,
  ): PublishedServer;
}

export function createPublishedServers(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly gateway: Pick<Gateway, 'status'>;
  readonly monitor: Pick<UpstreamMonitor, 'discovery'>;
  readonly publicUrl: string;
  readonly clock: () => Date;
}): PublishedServers {
  const changes = createPublishedChanges(deps.clock);
  const seenBy = (by: Principal | undefined) => publishedBy({ ...deps, changes }, by);
  const named = (name: string, query: unknown, by: Principal | undefined) => {
    const { include_deleted: withDeleted = false } = validate(publishedVersionQuerySchema, query);
    const found = seenBy(by).find(({ server }) => server.name === name);
    if (found !== undefined && (withDeleted || isActive(found))) return found;
    throw new RegistryError('server-not-found', `There is no server ${JSON.stringify(name)}.`);
  };
  return {
    list: (input, by) => {
      const query = validate(publishedQuerySchema, input);
      const { cursor, limit = DEFAULT_LIMIT } = query;
      const matching = seenBy(by).filter((each) => matches(each, query));
      const { items, nextCursor } = pageOf(matching, ({ server }) => server.name, {
        cursor,
        limit,
      });
      return {
        servers: items,
        metadata: { ...(nextCursor && { nextCursor }), count: items.length },
      };
    },
    versions: (name, query, by) => ({
      servers: [named(name, query, by)],
      metadata: { count: 1 },
    }),
    version: (name, version, query, by) => {
      const found = named(name, query, by);
      if (version === 'latest' || version === found.server.version) return found;
      throw new RegistryError(
        'server-not-found',
        `There is no version ${JSON.stringify(version.slice(0, 100))} of ${name}; the only one is ${found.server.version}.`,
      );
    },
  };
}

function publishedBy(
  deps: Parameters<typeof createPublishedServers>[0] & { readonly changes: PublishedChanges },
  by: Principal | undefined,
): PublishedServer[] {
  const { store, gateway, monitor, publicUrl, changes } = deps;
  const mayRead = by?.permissions.has('servers:read') === true && by.mustChangePassword !== true;
  const unrouted = new Set(
    gateway
      .status()
      .exclusions.filter(({ reason }) => isUnrouted(reason))
      .map(({ path }) => path),
  );
  return seenServers(store.state(), mayRead ? by.visibility : STRANGER).map(({ server }) => {
    const facts = factsOf(server, monitor.discovery(server.path));
    const found = facts && { transport: facts.endpoint.transport, era: facts.era };
    const off = server.enabled ? unrouted.has(server.path) && 'not routed' : 'disabled';
    const target = clientTarget(server, found, publicUrl);
    const { createdAt } = server;
    const json = serverJson(server, target, publicUrl);
    const updatedAt = changes.updatedAt(server, { remotes: json.remotes, off });
    return published(json, { createdAt, updatedAt }, off);
  });
}

function published(
  server: ServerJson,
  { createdAt, updatedAt }: { readonly createdAt: string; readonly updatedAt: string },
  off: string | false,
): PublishedServer {
  const status = off === false ? 'active' : 'deleted';
  const message = off !== false && { statusMessage: `It is ${off} at the gateway.` };
  const times = { statusChangedAt: updatedAt, publishedAt: createdAt, updatedAt };
  return { server, _meta: { [OFFICIAL]: { status, ...message, ...times, isLatest: true } } };
}

/** Of a server whose upstream has no address yet, the route exists. */
function isUnrouted(reason: ExclusionReason): boolean {
  return reason === 'refused-by-nginx' || reason === 'upstream-refused-by-policy';
}

function isActive({ _meta }: PublishedServer): boolean {
  return _meta[OFFICIAL].status === 'active';
}

function matches(each: PublishedServer, query: PublishedQuery): boolean {
  const { search = '', version = 'latest', updated_since: since } = query;
  const { include_deleted: withDeleted = since !== undefined } = query;
  const { name, title, description, version: own } = each.server;
  if (!withDeleted && !isActive(each)) return false;
  if (version !== 'latest' && version !== own) return false;
  if (since !== undefined && Date.parse(each._meta[OFFICIAL].updatedAt) < Date.parse(since)) {
    return false;
  }
  return matchesQuery(search.trim(), [name, title, description]);
}
