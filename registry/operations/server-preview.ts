import { z } from 'zod';
import type { Vault } from '../access/vault.js';
import { addServer, updateServer, type Catalog, type ChangeStamp } from '../catalog/catalog.js';
import { serverInputSchema, serverPatchSchema } from '../catalog/server.js';
import { parseServerPath } from '../catalog/server-path.js';
import type { Gateway, Preview } from '../gateway/gateway.js';
import type { Store } from '../store/store.js';
import { AUTH_HINTS, settleAuth, withSealedAuth } from './server-credentials.js';
import { validate } from './validate.js';

/** A registration, or a change of the server that is at `path`. */
export const previewInputSchema = z.union([serverInputSchema, serverPatchSchema]);

/**
 * Makes the way to show what nginx would be given if a server were registered or changed. It changes
 * nothing.
 * @throws RegistryError `validation-failed`
 */
export function createServerPreview(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly gateway: Pick<Gateway, 'preview'>;
  readonly vault: Vault;
  readonly clock: () => Date;
}): (input: unknown, by: string) => Preview {
  const { store, gateway, vault, clock } = deps;
  return (input, by) => {
    const { catalog, revision } = store.state();
    const stamp = { by, at: clock().toISOString(), revision: revision + 1 };
    const changed = apply(vault, catalog, input, stamp);
    return gateway.preview(changed.catalog, [changed.path]);
  };
}

function apply(vault: Vault, catalog: Catalog, input: unknown, stamp: ChangeStamp) {
  const existing = serverNamedBy(catalog, input);
  if (existing !== undefined) {
    const patch = validate(serverPatchSchema, input, AUTH_HINTS);
    const change = withSealedAuth(vault, existing, patch, stamp.at);
    return {
      catalog: updateServer(catalog, existing.path, change, stamp),
      path: existing.path,
    };
  }
  const server = validate(serverInputSchema, input, AUTH_HINTS);
  const auth = settleAuth({ vault, auth: server.auth, url: server.url, at: stamp.at });
  return { catalog: addServer(catalog, { ...server, auth }, stamp), path: server.path };
}

function serverNamedBy(catalog: Catalog, input: unknown) {
  if (typeof input !== 'object' || input === null || !('path' in input)) return undefined;
  if (typeof input.path !== 'string') return undefined;
  const path = parseServerPath(input.path);
  return path.ok ? catalog.servers.get(path.value) : undefined;
}
