import { isDeepStrictEqual } from 'node:util';
import type { Vault } from '../access/vault.js';
import {
  addServer,
  removeInvalidRecord,
  removeServer,
  requireServer,
  updateServer,
  type Catalog,
  type ChangeStamp,
} from '../catalog/catalog.js';
import {
  serverInputSchema,
  serverPatchSchema,
  type Server,
  type ServerPatch,
  type ServerUpdate,
} from '../catalog/server.js';
import type { ServerPath } from '../catalog/server-path.js';
import { RegistryError } from '../errors.js';
import type { Gateway, GatewayOutcome } from '../gateway/gateway.js';
import type { Log } from '../log.js';
import type { Store } from '../store/store.js';
import type { Removal, ServerChange } from './outcome-view.js';
import { AUTH_HINTS, settleAuth, withSealedAuth } from './server-credentials.js';
import { requireReadable, requireTarget, type Target } from './server-lookup.js';
import type { ServerViewer } from './server-viewer.js';
import { validate } from './validate.js';

/** How long a change waits for nginx before it answers `pending`. */
export const OUTCOME_WAIT_MS = 2000;

/**
 * All changes of the catalog. `by` is the name of the principal; `expectedRevision` makes a change
 * fail with `revision-conflict` when somebody else was faster. What is refused changes nothing.
 */
export interface ServerChanges {
  /** @throws RegistryError `validation-failed`, `path-taken` */
  register(input: unknown, by: string): Promise<ServerChange>;
  /** Fields that are left out get their defaults, but for secrets and `auth`: they stay. @throws as `register`, and `server-not-found` */
  replace(
    path: string,
    input: unknown,
    by: string,
    expectedRevision?: number,
  ): Promise<ServerChange>;
  /** Fields that are left out stay. @throws as `replace` */
  patch(path: string, input: unknown, by: string, expectedRevision?: number): Promise<ServerChange>;
  /** Removes unreadable records as well. @throws RegistryError `server-not-found` */
  remove(path: string, by: string, expectedRevision?: number): Promise<Removal>;
  enable(path: string, by: string): Promise<ServerChange>;
  disable(path: string, by: string): Promise<ServerChange>;
}

export function createServerChanges(deps: {
  readonly store: Pick<Store, 'state' | 'commit'>;
  readonly gateway: Pick<Gateway, 'outcome' | 'status'>;
  readonly viewer: ServerViewer;
  readonly vault: Vault;
  readonly clock: () => Date;
  readonly log: Log;
}): ServerChanges {
  const { store, gateway, viewer, vault, clock, log } = deps;

  const commit = async (by: string, change: (catalog: Catalog, stamp: ChangeStamp) => Catalog) => {
    const state = await store.commit(({ catalog }, revision) => ({
      catalog: change(catalog, { by, at: clock().toISOString(), revision }),
    }));
    return state.catalog;
  };
  /** A discovery that follows at once may leave nginx unchanged; the change itself was applied all the same. */
  const outcomeSince = async (served: string): Promise<GatewayOutcome> => {
    const outcome = await gateway.outcome(OUTCOME_WAIT_MS);
    const isNew = outcome.state === 'unchanged' && outcome.generation !== served;
    return isNew ? { ...outcome, state: 'applied' } : outcome;
  };
  const answer = async (
    catalog: Catalog,
    path: ServerPath,
    served: string,
  ): Promise<ServerChange> => {
    const outcome = await outcomeSince(served);
    return { server: viewer()(requireServer(catalog, path)), gateway: outcome };
  };
  const update = async (path: string, read: () => ServerPatch, by: string, expected?: number) => {
    const { catalog } = store.state();
    const before = requireReadable(catalog, path);
    requireExpected(before, expected);
    const change = read();
    const served = gateway.status().generation;
    const settle = (server: Server, at: string) => withSealedAuth(vault, server, change, at);
    const isIdle = changesNothing(before, settle(before, clock().toISOString()));
    if (isIdle) return answer(catalog, before.path, served);
    const after = await commit(by, (newest, stamp) => {
      // What is kept of a credential is kept of the newest one.
      const settled = settle(requireServer(newest, before.path), stamp.at);
      return updateServer(newest, before.path, settled, stamp, expected);
    });
    log.info('Server changed.', { path: before.path, by, fields: Object.keys(change) });
    return answer(after, change.path ?? before.path, served);
  };

  return {
    register: async (input, by) => {
      const server = validate(serverInputSchema, input, AUTH_HINTS);
      const served = gateway.status().generation;
      const after = await commit(by, (catalog, stamp) => {
        const { auth: given, url } = server;
        const auth = settleAuth({ vault, auth: given, url, at: stamp.at });
        return addServer(catalog, { ...server, auth }, stamp);
      });
      log.info('Server registered.', { path: server.path, by });
      return answer(after, server.path, served);
    },
    replace: (path, input, by, expected) =>
      update(path, () => validate(serverInputSchema, input, AUTH_HINTS), by, expected),
    patch: (path, input, by, expected) =>
      update(path, () => validate(serverPatchSchema, input, AUTH_HINTS), by, expected),
    remove: async (path, by, expected) => {
      let removed = path;
      await commit(by, (catalog) => {
        const target = requireTarget(catalog, path);
        removed = pathOf(target);
        return withoutTarget(catalog, target, expected);
      });
      log.info('Server removed.', { path: removed, by });
      return { path: removed, gateway: await gateway.outcome(OUTCOME_WAIT_MS) };
    },
    enable: (path, by) => update(path, () => ({ enabled: true }), by),
    disable: (path, by) => update(path, () => ({ enabled: false }), by),
  };
}

/** @throws RegistryError `revision-conflict` */
function withoutTarget(catalog: Catalog, target: Target, expected: number | undefined): Catalog {
  return target.kind === 'server'
    ? removeServer(catalog, target.server.path, expected)
    : removeInvalidRecord(catalog, target.record.path);
}

function pathOf(target: Target): string {
  return target.kind === 'server' ? target.server.path : target.record.path;
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
