import type { Permission, Principal } from '../access/principal.js';
import { RegistryError } from '../errors.js';
import type { Store } from '../store/store.js';
import { requireTarget } from './server-lookup.js';

/** Lets people change what they own, and others only with the permission for everybody's servers. */
export interface Ownership {
  /** @throws RegistryError `forbidden`, `server-not-found` */
  requireChange(principal: Principal, path: string): void;
  /** Enabling, disabling, refreshing. @throws as `requireChange` */
  requireToggle(principal: Principal, path: string): void;
}

export function createOwnership({ store }: { readonly store: Pick<Store, 'state'> }): Ownership {
  const unless = (any: Permission) => (principal: Principal, path: string) => {
    if (principal.permissions.has(any)) return;
    const target = requireTarget(store.state().catalog, path);
    if (target.kind === 'server' && target.server.owner === principal.username) return;
    throw new RegistryError(
      'forbidden',
      `This server is somebody else's; it needs the permission ${any}.`,
    );
  };
  return {
    requireChange: unless('servers:write-any'),
    requireToggle: unless('servers:toggle-any'),
  };
}
