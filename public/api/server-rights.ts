import type { Permission } from '../../registry/access/principal.js';
import type { ServerSummary } from './servers';
import { useMay, useMe } from './session';

/** What somebody may do with a server. The API decides; this only says what to offer. */
export interface ServerRights {
  /** Edit, review its tools, see its activity. */
  readonly edit: boolean;
  readonly remove: boolean;
  /** Enable and disable. */
  readonly toggle: boolean;
  readonly refresh: boolean;
}

const NO_RIGHTS: ServerRights = { edit: false, remove: false, toggle: false, refresh: false };

type Owned = Pick<ServerSummary, 'builtIn' | 'owner' | 'exclusion'>;

/** What the person of this session may do with a server. */
export function useServerRights(): (server: Owned) => ServerRights {
  const username = useMe().data?.username ?? '';
  const may = useMay();
  return (server) => rightsOf(server, username, may);
}

/** @param username of the person; with what one owns one may more than with the servers of others */
export function rightsOf(
  server: Owned,
  username: string,
  may: (permission: Permission) => boolean,
): ServerRights {
  if (server.builtIn === true) return NO_RIGHTS;
  const isBroken = server.exclusion?.reason === 'invalid-record';
  const isOwn = !isBroken && server.owner === username;
  const own = (right: Permission, any: Permission) => may(right) && (isOwn || may(any));
  const write = own('servers:write', 'servers:write-any');
  return {
    edit: write && !isBroken,
    remove: write,
    toggle: !isBroken && own('servers:toggle', 'servers:toggle-any'),
    refresh: !isBroken && own('servers:refresh', 'servers:toggle-any'),
  };
}
