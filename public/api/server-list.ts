import type { ServerSummary } from '../../registry/operations/servers/server-summary.js';

/**
 * @param changes by path; undefined: it is gone. What is older than what the list has comes too late, and is left out
 * @returns the list with them, in the order of paths
 */
export function withServers(
  servers: readonly ServerSummary[],
  changes: ReadonlyMap<string, ServerSummary | undefined>,
): readonly ServerSummary[] {
  const byPath = new Map(servers.map((server) => [server.path, server]));
  for (const [path, server] of changes) {
    if (server === undefined) byPath.delete(path);
    else if (server.revision >= (byPath.get(path)?.revision ?? 0)) byPath.set(path, server);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** @returns the list with the times at which `checked` says that the servers were checked, and nothing else of it */
export function withCheckTimes(
  servers: readonly ServerSummary[],
  checked: readonly ServerSummary[],
): readonly ServerSummary[] {
  const times = new Map(checked.map(({ path, health }) => [path, health.checkedAt]));
  return servers.map((server) => {
    const known = server.health.checkedAt;
    const checkedAt = times.get(server.path);
    return checkedAt === undefined || (known !== undefined && known >= checkedAt)
      ? server
      : { ...server, health: { ...server.health, checkedAt } };
  });
}
