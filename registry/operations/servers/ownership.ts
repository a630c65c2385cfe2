import type { Permission, Principal } from '../../access/principal.js';
import type { Catalog } from '../../catalog/catalog.js';
import type { Server } from '../../catalog/server.js';
import type { ServerPath } from '../../catalog/server-path.js';
import { RegistryError } from '../../errors.js';
import type { RegistryState } from '../../store/store.js';
import { validationError } from '../validate.js';
import { requireTarget, type Target } from './server-lookup.js';

/**
 * Finds what a caller wants to do something with, and checks that they may: with what they own, and with the servers of
 * others by the permission `any`.
 * @throws RegistryError `server-not-found` for what they do not see, `forbidden` for what they see and may not touch
 */
export function requireOwn(
  state: Pick<RegistryState, 'catalog' | 'groups'>,
  path: string,
  principal: Principal,
  any: Permission,
): Target {
  const target = requireTarget(state, path, principal.visibility);
  if (principal.permissions.has(any)) return target;
  if (target.kind === 'server' && target.server.owner === principal.username) return target;
  throw new RegistryError(
    'forbidden',
    `This server is somebody else's; it needs the permission ${any}.`,
  );
}

/**
 * Whether somebody sees the whole address of a server: who may change it, and who sees it in nginx's configuration anyway.
 * Hosted servers are often let into by a key in the query.
 */
export function seesWholeUrl(
  { owner }: Pick<Server, 'owner'>,
  { username, permissions }: Pick<Principal, 'username' | 'permissions'>,
): boolean {
  const isOwn = owner === username && permissions.has('servers:write');
  return isOwn || permissions.has('servers:write-any') || permissions.has('gateway:read');
}

/**
 * Finds out whether somebody may have a server at the path: one below another takes addresses away from it, those of its
 * messages over HTTP+SSE among them. So servers of different owners are not nested, unless somebody does it who may change
 * both.
 * @throws RegistryError `path-taken`
 */
export function requireOwnGround(
  { servers }: Catalog,
  path: ServerPath,
  { username, permissions }: Principal,
): void {
  if (permissions.has('servers:write-any')) return;
  for (const other of servers.values()) {
    if (other.owner === username || !isNested(other.path, path)) continue;
    throw new RegistryError(
      'path-taken',
      // Not by what: whoever asks need not see that server.
      `The path ${path} is below or above that of somebody else's server; choose another.`,
      {
        problems: [
          {
            field: 'path',
            message: "is below or above that of somebody else's server; choose another",
          },
        ],
      },
    );
  }
}

function isNested(one: ServerPath, other: ServerPath): boolean {
  const [above, below] = one.length < other.length ? [one, other] : [other, one];
  return below.startsWith(above) && below[above.length] === '/';
}

/**
 * Finds out whether somebody may give a server to the user. What nobody is left to own is given on in this way.
 * @param owner undefined where that is not asked for
 * @throws RegistryError `forbidden`, `validation-failed` when there is no such user
 */
export function requireHeir(
  { accounts }: Pick<RegistryState, 'accounts'>,
  owner: string | undefined,
  before: Pick<Server, 'owner'>,
  { permissions }: Pick<Principal, 'permissions'>,
): void {
  if (owner === undefined || owner === before.owner) return;
  if (!permissions.has('servers:write-any')) {
    throw new RegistryError(
      'forbidden',
      'Who owns a server is not for its owner to change; it needs the permission servers:write-any.',
    );
  }
  if (accounts.some(({ username }) => username === owner)) return;
  throw validationError([
    { field: 'owner', message: `there is no user ${JSON.stringify(owner)}; name one that exists` },
  ]);
}

/** A token for one server makes no other, and leaves that one where it is. @throws RegistryError `forbidden` */
export function requireWithin({ visibility }: Principal, path: ServerPath): void {
  if (visibility.server === undefined || visibility.server === path) return;
  throw new RegistryError(
    'forbidden',
    `The token is for ${visibility.server} alone and has no say at ${path}.`,
  );
}
