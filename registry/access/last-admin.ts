import { RegistryError } from '../errors.js';
import type { Account } from './account.js';

/** Whether somebody can log in with the account and administer: without any of them nobody gets back in. */
export function isWorkingAdmin({ disabled, roles, passwordHash, oidc }: Account): boolean {
  const canLogIn = passwordHash !== undefined || oidc !== undefined;
  return !disabled && roles.includes('admin') && canLogIn;
}

/**
 * Checks a change of the accounts before it is made.
 * @throws RegistryError `last-admin` when it would take the last administrator who can log in
 */
export function requireAdminLeft(before: readonly Account[], after: readonly Account[]): void {
  if (after.some(isWorkingAdmin) || !before.some(isWorkingAdmin)) return;
  throw new RegistryError(
    'last-admin',
    'This is the last enabled administrator who can log in. Give another user the role admin first.',
  );
}

/**
 * Whether the administrator of a new installation has still to replace the generated password: until
 * then no administrator can do anything in a session.
 */
export function isSetUpNeeded(accounts: readonly Account[]): boolean {
  const admins = accounts.filter(isWorkingAdmin);
  return admins.length > 0 && admins.every(({ mustChangePassword }) => mustChangePassword === true);
}
