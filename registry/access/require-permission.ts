import { RegistryError } from '../errors.js';
import type { Permission, Principal } from './principal.js';

/** @throws RegistryError `forbidden` */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (principal.permissions.has(permission)) return;
  throw new RegistryError('forbidden', `This needs the permission ${permission}.`);
}
