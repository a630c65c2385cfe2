import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import type { Vault } from '../../access/vault.js';
import { addServer, updateServer, type Catalog, type ChangeStamp } from '../../catalog/catalog.js';
import { serverInputSchema, serverPatchSchema, type Server } from '../../catalog/server.js';
import type { Gateway, Preview } from '../../gateway/gateway.js';
import type { RegistryState, Store } from '../../store/store.js';
import { findSeen } from './server-lookup.js';
import { requirePermittedUrls, type JudgeUrl } from './permitted-url.js';
import { AUTH_HINTS, settleAuth, withSealedAuth } from './server-credentials.js';
import { validate } from '../validate.js';

/** A registration, or a change of the server that is at `path`. */
export const previewInputSchema = z.union([serverInputSchema, serverPatchSchema]);

/**
 * Makes the way to show what nginx would be given if a server were registered or changed. It changes
 * nothing.
 * @throws RegistryError `validation-failed`, `path-taken`
 */
export function createServerPreview(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly gateway: Pick<Gateway, 'preview'>;
  readonly vault: Vault;
  readonly judgeUrl: JudgeUrl;
  readonly clock: () => Date;
}): (input: unknown, by: Principal) => Preview {
  const { store, gateway, clock } = deps;
  return (input, by) => {
    const state = store.state();
    const stamp = { by: by.username, at: clock().toISOString(), revision: state.revision + 1 };
    const existing = serverNamedBy(input, state, by);
    const changed = apply(deps, state.catalog, existing, input, stamp);
    return gateway.preview(changed.catalog, [changed.path]);
  };
}

function apply(
  { vault, judgeUrl }: { readonly vault: Vault; readonly judgeUrl: JudgeUrl },
  catalog: Catalog,
  existing: Server | undefined,
  input: unknown,
  stamp: ChangeStamp,
) {
  if (existing !== undefined) {
    const patch = validate(serverPatchSchema, input, AUTH_HINTS);
    requirePermittedUrls(judgeUrl, patch, existing);
    const change = withSealedAuth(vault, existing, patch, stamp.at);
    return {
      catalog: updateServer(catalog, existing.path, change, stamp),
      path: existing.path,
    };
  }
  const server = validate(serverInputSchema, input, AUTH_HINTS);
  requirePermittedUrls(judgeUrl, server);
  const auth = settleAuth({ vault, auth: server.auth, url: server.url, at: stamp.at });
  return { catalog: addServer(catalog, { ...server, auth }, stamp), path: server.path };
}

/** The server that the input means, if there is one that the caller sees. */
function serverNamedBy(input: unknown, state: RegistryState, { visibility }: Principal) {
  if (typeof input !== 'object' || input === null || !('path' in input)) return undefined;
  if (typeof input.path !== 'string') return undefined;
  return findSeen(state, input.path, visibility)?.server;
}
