import type { Catalog, InvalidRecord } from '../catalog/catalog.js';
import type { Server } from '../catalog/server.js';
import { parseServerPath } from '../catalog/server-path.js';
import { RegistryError } from '../errors.js';

/** What a caller means by a path: a server, or a record that cannot be read. */
export type Target =
  | { readonly kind: 'server'; readonly server: Server }
  | { readonly kind: 'invalid'; readonly record: InvalidRecord };

/**
 * @param path as the caller wrote it, with or without the leading slash; of an unreadable record
 *   exactly as lists show it
 * @throws RegistryError `server-not-found`, also for what cannot be a path
 */
export function requireTarget(catalog: Catalog, path: string): Target {
  const parsed = parseServerPath(path);
  const server = parsed.ok ? catalog.servers.get(parsed.value) : undefined;
  if (server !== undefined) return { kind: 'server', server };
  const names = [path, ...(parsed.ok ? [parsed.value] : [])];
  const record = catalog.invalid.find((candidate) => names.includes(candidate.path));
  if (record !== undefined) return { kind: 'invalid', record };
  const shown = parsed.ok ? parsed.value : JSON.stringify(path.slice(0, 200));
  throw new RegistryError('server-not-found', `There is no server at ${shown}.`);
}

/** @throws RegistryError `server-not-found`, also for an unreadable record */
export function requireReadable(catalog: Catalog, path: string): Server {
  const target = requireTarget(catalog, path);
  if (target.kind === 'server') return target.server;
  throw new RegistryError(
    'server-not-found',
    `The record of ${target.record.path} cannot be read: ${target.record.reason}. Delete it and register the server again.`,
  );
}
