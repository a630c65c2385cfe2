import { isDeepStrictEqual } from 'node:util';
import type { Catalog, ChangeStamp } from './catalog.js';
import type { Server } from './server.js';
import type { ServerPath } from './server-path.js';

/** A catalog with the servers of another one, and what is different by that. */
export interface RestoredServers extends RestoredPaths {
  readonly catalog: Catalog;
}

/** What going back does to which servers; each sorted. */
interface RestoredPaths {
  readonly changed: readonly ServerPath[];
  readonly removed: readonly ServerPath[];
  readonly broughtBack: readonly ServerPath[];
}

/**
 * Puts servers back to what they were: those that came later go, those that went come back, with owner, creation and
 * sealed credentials. Records that cannot be read stay as they are now. What is the same stays the same record, and what
 * is not gets the revision of this change, so that nobody's If-Match means an older text.
 */
export function restoreServers(
  now: Catalog,
  then: Pick<Catalog, 'servers'>,
  stamp: Pick<ChangeStamp, 'at' | 'revision'>,
): RestoredServers {
  const servers = new Map<ServerPath, Server>();
  const removed = [...now.servers.keys()].filter((path) => !then.servers.has(path));
  const changed: ServerPath[] = [];
  const broughtBack: ServerPath[] = [];
  for (const [path, server] of then.servers) {
    const present = now.servers.get(path);
    if (present !== undefined && isSameBut(present, server)) {
      servers.set(path, present);
    } else {
      const movedAt = sincePath(server, present, stamp.at);
      servers.set(path, { ...server, revision: stamp.revision, movedAt, updatedAt: stamp.at });
      (present === undefined ? broughtBack : changed).push(path);
    }
  }
  return {
    catalog: { ...now, servers },
    changed: changed.sort(),
    removed: removed.sort(),
    broughtBack: broughtBack.sort(),
  };
}

/** Since when a server that is put back is at its path: what happened there while it was gone is not about it. */
function sincePath({ createdAt }: Server, present: Server | undefined, at: string) {
  return present?.createdAt === createdAt ? present.movedAt : at;
}

/** What counts changes is different after each of them. */
function isSameBut(present: Server, wanted: Server): boolean {
  const { revision, movedAt, updatedAt } = present;
  return isDeepStrictEqual({ ...present, movedAt }, { ...wanted, revision, movedAt, updatedAt });
}
