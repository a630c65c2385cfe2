import type { ServerAccess } from '../../access/policy.js';
import type { Visibility } from '../../access/principal.js';
import { seesInvalid, viewThrough } from '../../access/visibility.js';
import type { InvalidRecord } from '../../catalog/catalog.js';
import type { Server } from '../../catalog/server.js';
import { parseServerPath } from '../../catalog/server-path.js';
import { RegistryError } from '../../errors.js';
import type { RegistryState } from '../../store/store.js';

/** A server and what its viewer sees of it, which is never nothing. */
export interface SeenServer {
  readonly server: Server;
  readonly seen: ServerAccess;
}

/** What a caller means by a path: a server, or a record that cannot be read. */
export type Target =
  | ({ readonly kind: 'server' } & SeenServer)
  | { readonly kind: 'invalid'; readonly record: InvalidRecord };

type VisibleState = Pick<RegistryState, 'catalog' | 'groups'>;

/** Every server that is seen, and what of it. */
export function seenServers({ catalog, groups }: VisibleState, by: Visibility): SeenServer[] {
  const view = viewThrough(by, groups);
  return [...catalog.servers.values()]
    .map((server) => ({ server, seen: view(server) }))
    .filter(({ seen }) => seen.kind !== 'none');
}

/** Every record that is seen although it cannot be read. */
export function seenInvalid({ catalog }: VisibleState, by: Visibility): InvalidRecord[] {
  return catalog.invalid.filter(({ path }) => seesInvalid(by, path));
}

/** @param path as the caller wrote it, with or without the leading slash */
export function findSeen(
  { catalog, groups }: VisibleState,
  path: string,
  by: Visibility,
): SeenServer | undefined {
  const parsed = parseServerPath(path);
  const server = parsed.ok ? catalog.servers.get(parsed.value) : undefined;
  if (server === undefined) return undefined;
  const seen = viewThrough(by, groups)(server);
  return seen.kind === 'none' ? undefined : { server, seen };
}

/**
 * @param path as the caller wrote it; of an unreadable record exactly as lists show it, or as a path
 * @throws RegistryError `server-not-found`, also for what cannot be a path, and in the same words for what is not seen
 */
export function requireTarget(state: VisibleState, path: string, by: Visibility): Target {
  const found = findSeen(state, path, by);
  if (found !== undefined) return { kind: 'server', ...found };
  const parsed = parseServerPath(path);
  const names = [path, ...(parsed.ok ? [parsed.value] : [])];
  const record = seenInvalid(state, by).find((candidate) => names.includes(candidate.path));
  if (record !== undefined) return { kind: 'invalid', record };
  throw noServerAt(path);
}

/** @throws RegistryError `server-not-found`, also for an unreadable record */
export function requireReadable(state: VisibleState, path: string, by: Visibility): SeenServer {
  return readable(requireTarget(state, path, by));
}

/** @throws RegistryError `server-not-found` for an unreadable record */
export function readable(target: Target): SeenServer {
  if (target.kind === 'server') return target;
  throw new RegistryError(
    'server-not-found',
    `The record of ${target.record.path} cannot be read: ${target.record.reason}. Delete it and register the server again.`,
  );
}

/** The path of a target; of a record that cannot be read, what it says of it. */
export function targetPath(target: Target): string {
  return target.kind === 'server' ? target.server.path : target.record.path;
}

/** @param path as the caller wrote it */
export function noServerAt(path: string): RegistryError {
  const parsed = parseServerPath(path);
  const shown = parsed.ok ? parsed.value : JSON.stringify(path.slice(0, 200));
  return new RegistryError('server-not-found', `There is no server at ${shown}.`);
}
