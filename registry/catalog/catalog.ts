import { RegistryError } from '../errors.js';
import type { NewServer, Server, ServerUpdate } from './server.js';
import { faultOfAuth } from './server-auth.js';
import type { ServerPath } from './server-path.js';

/** A stored record that breaks the schema. It is kept as it is, shown with its reason, and not served. */
export interface InvalidRecord {
  /** What the record calls its path, or `#<position>` where it names none. */
  readonly path: string;
  readonly record: unknown;
  readonly reason: string;
}

/** What exists. A value: operations give a new one. */
export interface Catalog {
  readonly servers: ReadonlyMap<ServerPath, Server>;
  readonly invalid: readonly InvalidRecord[];
}

/** Who changes the catalog, when, and which revision the change will have. */
export interface ChangeStamp {
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly revision: number;
}

export const EMPTY_CATALOG: Catalog = { servers: new Map(), invalid: [] };

export function requireServer(catalog: Catalog, path: ServerPath): Server {
  const server = catalog.servers.get(path);
  if (server === undefined) {
    throw new RegistryError('server-not-found', `There is no server at ${path}.`);
  }
  return server;
}

/** @throws RegistryError `path-taken`, `validation-failed` when fields do not fit together */
export function addServer(catalog: Catalog, input: NewServer, stamp: ChangeStamp): Catalog {
  requireFreePath(catalog, input.path);
  const server: Server = {
    ...input,
    owner: stamp.by,
    revision: stamp.revision,
    createdAt: stamp.at,
    updatedAt: stamp.at,
  };
  return withServer(catalog, server);
}

/**
 * Replaces what a change names; creation stays.
 * @throws RegistryError `server-not-found`, `path-taken`, `revision-conflict`, `validation-failed`
 */
export function updateServer(
  catalog: Catalog,
  path: ServerPath,
  change: ServerUpdate,
  stamp: ChangeStamp,
  expectedRevision?: number,
): Catalog {
  const before = requireServer(catalog, path);
  requireRevision(before, expectedRevision);
  const next: Server = {
    ...before,
    ...defined(change),
    revision: stamp.revision,
    updatedAt: stamp.at,
  };
  if (next.path === path) return withServer(catalog, next);
  requireFreePath(catalog, next.path);
  return withServer(withoutServer(catalog, path), { ...next, movedAt: stamp.at });
}

/** @throws RegistryError `server-not-found`, `revision-conflict` */
export function removeServer(
  catalog: Catalog,
  path: ServerPath,
  expectedRevision?: number,
): Catalog {
  requireRevision(requireServer(catalog, path), expectedRevision);
  return withoutServer(catalog, path);
}

/** Drops a record that could not be read. @throws RegistryError `server-not-found` */
export function removeInvalidRecord(catalog: Catalog, path: string): Catalog {
  const invalid = catalog.invalid.filter((record) => record.path !== path);
  if (invalid.length === catalog.invalid.length) {
    throw new RegistryError('server-not-found', `There is no server at ${path}.`);
  }
  return { ...catalog, invalid };
}

function withServer(catalog: Catalog, server: Server): Catalog {
  requireFitting(server);
  const servers = new Map(catalog.servers);
  servers.set(server.path, Object.freeze(server));
  return { ...catalog, servers };
}

function withoutServer(catalog: Catalog, path: ServerPath): Catalog {
  const servers = new Map(catalog.servers);
  servers.delete(path);
  return { ...catalog, servers };
}

function requireFitting(server: Server): void {
  const fault = faultOfAuth(server);
  if (fault === undefined) return;
  throw new RegistryError('validation-failed', `Not accepted: ${fault.field}. See "errors".`, {
    problems: [fault],
  });
}

function requireFreePath(catalog: Catalog, path: ServerPath): void {
  if (catalog.servers.has(path)) {
    throw new RegistryError(
      'path-taken',
      // Not by what: whoever asks need not see that server.
      `The path ${path} is taken; choose another.`,
      { problems: [{ field: 'path', message: `${path} is taken; choose another` }] },
    );
  }
}

function requireRevision(server: Server, expected: number | undefined): void {
  if (expected !== undefined && server.revision !== expected) {
    throw new RegistryError(
      'revision-conflict',
      `${server.path} was changed meanwhile (it is at revision ${server.revision}, not ${expected}); read it again and repeat the change.`,
    );
  }
}

/** Keys whose value is `undefined` would erase fields when spread. */
function defined<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
