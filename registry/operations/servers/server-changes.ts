import { isDeepStrictEqual } from 'node:util';
import type { Permission, Principal } from '../../access/principal.js';
import type { Vault } from '../../access/vault.js';
import { viewThrough } from '../../access/visibility.js';
import {
  addServer,
  removeInvalidRecord,
  removeServer,
  requireServer,
  updateServer,
  type Catalog,
  type ChangeStamp,
} from '../../catalog/catalog.js';
import {
  serverInputSchema,
  serverChangeSchema,
  type Server,
  type ServerChangeInput,
  type ServerUpdate,
} from '../../catalog/server.js';
import type { ServerPath } from '../../catalog/server-path.js';
import { RegistryError } from '../../errors.js';
import type { Gateway, GatewayOutcome } from '../../gateway/gateway.js';
import type { Log } from '../../log.js';
import type { RegistryState, Store } from '../../store/store.js';
import type { AddressBook } from '../../upstream/address-book.js';
import type { Removal, ServerChange } from './outcome-view.js';
import { AUTH_HINTS, settleAuth, withSealedAuth } from './server-credentials.js';
import { requireHeir, requireOwn, requireOwnGround, requireWithin } from './ownership.js';
import { requirePermittedUrls, type JudgeUrl } from './permitted-url.js';
import { readable, targetPath, type Target } from './server-lookup.js';
import type { ServerViewer } from './server-viewer.js';
import { validate } from '../validate.js';

/** How long a change waits for nginx before it answers `pending`. */
export const OUTCOME_WAIT_MS = 2000;

/**
 * All changes of the catalog. People change what they own, and others only with the permission for everybody's servers;
 * what they do not see is not there for them. `expectedRevision` makes a change fail with `revision-conflict` when
 * somebody else was faster. What is refused changes nothing.
 */
export interface ServerChanges {
  /** @throws RegistryError `validation-failed`, `path-taken`, `forbidden` for a token that is for another server */
  register(input: unknown, by: Principal): Promise<ServerChange>;
  /** Fields that are left out get their defaults, but for secrets and `auth`: they stay. @throws as `register`, and `server-not-found`, `forbidden`, `revision-conflict` */
  replace(
    path: string,
    input: unknown,
    by: Principal,
    expectedRevision?: number,
  ): Promise<ServerChange>;
  /** Fields that are left out stay; `owner` gives it to another user. @throws as `replace` */
  patch(
    path: string,
    input: unknown,
    by: Principal,
    expectedRevision?: number,
  ): Promise<ServerChange>;
  /** Removes unreadable records as well. @throws RegistryError `server-not-found`, `forbidden`, `revision-conflict` */
  remove(path: string, by: Principal, expectedRevision?: number): Promise<Removal>;
  /** @throws RegistryError `server-not-found`, `forbidden`, `revision-conflict` */
  enable(path: string, by: Principal, expectedRevision?: number): Promise<ServerChange>;
  /** @throws as `enable` */
  disable(path: string, by: Principal, expectedRevision?: number): Promise<ServerChange>;
}

export function createServerChanges(deps: {
  readonly store: Pick<Store, 'state' | 'commit'>;
  readonly gateway: Pick<Gateway, 'outcome' | 'status'>;
  readonly addresses: Pick<AddressBook, 'known'>;
  readonly viewer: ServerViewer;
  readonly vault: Vault;
  readonly judgeUrl: JudgeUrl;
  readonly clock: () => Date;
  readonly log: Log;
}): ServerChanges {
  const { store, gateway, vault, judgeUrl, clock, log } = deps;
  const answer = createAnswer(deps);

  const commit = (by: Principal, change: (state: RegistryState, stamp: ChangeStamp) => Catalog) =>
    store.commit((state, revision) => ({
      catalog: change(state, { by: by.username, at: clock().toISOString(), revision }),
    }));
  const update = async (wanted: WantedUpdate) => {
    const { path, read, by, right, expected } = wanted;
    const state = store.state();
    const { server: before } = readable(requireOwn(state, path, by, right));
    requireExpected(before, expected);
    const change = read();
    requirePermittedUrls(judgeUrl, change, before);
    requireMayGive(change, before, by, state);
    const served = gateway.status().generation;
    const settle = (server: Server, at: string) => withSealedAuth(vault, server, change, at);
    const isIdle = changesNothing(before, settle(before, clock().toISOString()));
    if (isIdle) return answer(state, before.path, by, served);
    const after = await commit(by, (newest, stamp) => {
      // What is kept of a credential is kept of the newest one, and who owns it is asked anew.
      const { server } = readable(requireOwn(newest, before.path, by, right));
      requireMayGive(change, server, by, newest);
      return updateServer(newest.catalog, before.path, settle(server, stamp.at), stamp, expected);
    });
    const fields = Object.keys(change);
    log.info('Server changed.', { path: before.path, by: by.username, fields });
    return answer(after, change.path ?? before.path, by, served);
  };
  const toggleTo =
    (enabled: boolean): ServerChanges['enable'] =>
    (path, by, expected) =>
      update({ path, read: () => ({ enabled }), by, right: 'servers:toggle-any', expected });

  return {
    register: async (input, by) => {
      const server = validate(serverInputSchema, input, AUTH_HINTS);
      requireWithin(by, server.path);
      requirePermittedUrls(judgeUrl, server);
      const served = gateway.status().generation;
      const after = await commit(by, ({ catalog }, stamp) => {
        const { auth: given, url } = server;
        const auth = settleAuth({ vault, auth: given, url, at: stamp.at });
        requireOwnGround(catalog, server.path, by);
        return addServer(catalog, { ...server, auth }, stamp);
      });
      log.info('Server registered.', { path: server.path, by: by.username });
      return answer(after, server.path, by, served);
    },
    replace: (path, input, by, expected) => {
      const read = () => validate(serverInputSchema, input, AUTH_HINTS);
      return update({ path, read, by, right: 'servers:write-any', expected });
    },
    patch: (path, input, by, expected) => {
      const read = () => validate(serverChangeSchema, input, AUTH_HINTS);
      return update({ path, read, by, right: 'servers:write-any', expected });
    },
    remove: async (path, by, expected) => {
      let removed = path;
      await commit(by, (state) => {
        const target = requireOwn(state, path, by, 'servers:write-any');
        removed = targetPath(target);
        return withoutTarget(state.catalog, target, expected);
      });
      log.info('Server removed.', { path: removed, by: by.username });
      return { path: removed, gateway: await gateway.outcome(OUTCOME_WAIT_MS) };
    },
    enable: toggleTo(true),
    disable: toggleTo(false),
  };
}

/** Makes the way to answer a change with the server as it is now, once nginx serves it so. */
function createAnswer(deps: {
  readonly gateway: Pick<Gateway, 'outcome'>;
  readonly addresses: Pick<AddressBook, 'known'>;
  readonly viewer: ServerViewer;
}) {
  const { gateway, addresses, viewer } = deps;
  /** A discovery that follows at once may leave nginx unchanged; the change itself was applied all the same. */
  const outcomeSince = async (served: string): Promise<GatewayOutcome> => {
    const outcome = await gateway.outcome(OUTCOME_WAIT_MS);
    const isNew = outcome.state === 'unchanged' && outcome.generation !== served;
    return isNew ? { ...outcome, state: 'applied' } : outcome;
  };
  return async (
    { catalog, groups }: RegistryState,
    path: ServerPath,
    by: Principal,
    served: string,
  ): Promise<ServerChange> => {
    const server = requireServer(catalog, path);
    const [first] = await Promise.all([
      outcomeSince(served),
      server.enabled && addresses.known(server, OUTCOME_WAIT_MS),
    ]);
    // nginx serves a new name without an address until that is found: only then it is known whether it is left out.
    const mayFollow = server.enabled && first.state !== 'pending';
    const outcome = mayFollow ? await outcomeSince(served) : first;
    // They see what they have done, even where it took the server out of their sight.
    const seen = viewThrough(by.visibility, groups)(server);
    return { server: viewer()({ server, seen }, by), gateway: outcome };
  };
}

/** Whether somebody may give a server the path and the owner that they ask for. @throws RegistryError */
function requireMayGive(
  { path, owner }: ServerChangeInput,
  before: Server,
  by: Principal,
  state: RegistryState,
): void {
  requireHeir(state, owner, before, by);
  if (path === undefined) return;
  requireWithin(by, path);
  if (path !== before.path) requireOwnGround(state.catalog, path, by);
}

/** A change of one server that somebody asks for. */
interface WantedUpdate {
  /** As the caller wrote it. */
  readonly path: string;
  /** Validates what was asked for, once it is known that they may ask. */
  readonly read: () => ServerChangeInput;
  readonly by: Principal;
  /** What it takes to do so with the servers of others. */
  readonly right: Permission;
  readonly expected?: number | undefined;
}

/** @throws RegistryError `revision-conflict` */
function withoutTarget(catalog: Catalog, target: Target, expected: number | undefined): Catalog {
  return target.kind === 'server'
    ? removeServer(catalog, target.server.path, expected)
    : removeInvalidRecord(catalog, target.record.path);
}

/** A change that changes nothing is not committed, but its precondition counts. */
function requireExpected(server: Server, expected: number | undefined): void {
  if (expected === undefined || expected === server.revision) return;
  throw new RegistryError(
    'revision-conflict',
    `${server.path} was changed meanwhile (it is at revision ${server.revision}, not ${expected}); read it again and repeat the change.`,
  );
}

function changesNothing(server: Server, change: ServerUpdate): boolean {
  const before: Readonly<Record<string, unknown>> = server;
  return Object.entries(change).every(
    ([field, value]) => value === undefined || isDeepStrictEqual(before[field], value),
  );
}
