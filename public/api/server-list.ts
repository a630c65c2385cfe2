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
