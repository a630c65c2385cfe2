import type { Account } from '../../access/account.js';
import { requireAdminLeft } from '../../access/last-admin.js';
import { hashPassword } from '../../access/password.js';
import { RegistryError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { SessionDirectory } from '../../store/session-directory.js';
import type { RegistryState, Store } from '../../store/store.js';
import { ownerNames } from './owner-names.js';
import { endAllSessions } from './session-operations.js';
import {
  userInputSchema,
  userPatchSchema,
  viewUser,
  type UserPatch,
  type UserView,
} from './user-view.js';
import { validate, validationError } from '../validate.js';

const HINTS = { username: 'cannot be changed: servers and tokens name their owner by it' };

/** What administrators do with the accounts of people. `by` is the user name of the caller. */
export interface UserOperations {
  list(): readonly UserView[];
  /** @throws RegistryError `user-not-found` */
  get(username: string): UserView;
  /** @throws RegistryError `validation-failed`, `username-taken`, `gate-write-failed` */
  create(input: unknown, by: string): Promise<UserView>;
  /**
   * Changes the fields that are given. A new password and being disabled end the user's sessions.
   * @throws RegistryError `validation-failed`, `user-not-found`, `last-admin`, `gate-write-failed`
   */
  change(username: string, input: unknown, by: string): Promise<UserView>;
  /** Takes the account, its tokens and its sessions away. @throws RegistryError `user-not-found`, `last-admin`, `gate-write-failed` */
  remove(username: string, by: string): Promise<void>;
}

export function createUserOperations(deps: {
  readonly store: Pick<Store, 'state' | 'commit'>;
  readonly sessions: SessionDirectory;
  readonly clock: () => Date;
  readonly log: Log;
}): UserOperations {
  const { store, sessions, clock, log } = deps;
  const viewOf = (state: RegistryState, username: string) =>
    viewUser(requireAccount(state.accounts, username), state.groups);
  return {
    list: () => {
      const { accounts, groups } = store.state();
      return accounts.map((account) => viewUser(account, groups));
    },
    get: (username) => viewOf(store.state(), username),

    create: async (input, by) => {
      const { username, ...fields } = validate(userInputSchema, input);
      const at = clock().toISOString();
      const empty: Account = { username, roles: [], groups: [], disabled: false, createdAt: at };
      const account = applyPatch(empty, fields, await hashOf(fields), at);
      const state = await store.commit((newest) => {
        requireFreeName(newest, username);
        return { accounts: [...newest.accounts, account] };
      });
      log.info('User created.', { username, roles: account.roles, by });
      return viewOf(state, username);
    },

    change: async (username, input, by) => {
      const patch = validate(userPatchSchema, input, HINTS);
      requireAccount(store.state().accounts, username);
      const passwordHash = await hashOf(patch);
      const state = await store.commit(({ accounts }) => {
        const before = requireAccount(accounts, username);
        const account = applyPatch(before, patch, passwordHash, clock().toISOString());
        const after = accounts.map((each) => (each === before ? account : each));
        requireAdminLeft(accounts, after);
        return { accounts: after };
      });
      if (endsSessions(patch)) await endAllSessions(sessions, username);
      // Names of fields only: one of them is a password.
      log.info('User changed.', { username, fields: Object.keys(patch), by });
      return viewOf(state, username);
    },

    remove: async (username, by) => {
      await store.commit(({ accounts, tokens }) => {
        const account = requireAccount(accounts, username);
        const rest = accounts.filter((each) => each !== account);
        requireAdminLeft(accounts, rest);
        return { accounts: rest, tokens: tokens.filter(({ owner }) => owner !== username) };
      });
      await endAllSessions(sessions, username);
      log.info('User removed.', { username, by });
    },
  };
}

/** @throws RegistryError `user-not-found` */
function requireAccount(accounts: readonly Account[], username: string): Account {
  const account = accounts.find((each) => each.username === username);
  if (account !== undefined) return account;
  throw new RegistryError('user-not-found', `There is no user ${JSON.stringify(username)}.`);
}

/** Names that differ in case only would be taken for each other by people. */
function requireFreeName(state: RegistryState, username: string): void {
  const name = username.toLowerCase();
  const taken = state.accounts.find((account) => account.username.toLowerCase() === name);
  if (taken !== undefined) {
    throw new RegistryError('username-taken', `There is a user ${taken.username} already.`);
  }
  if (!ownerNames(state).has(name)) return;
  throw new RegistryError(
    'username-taken',
    `Servers or followed registries of an earlier user ${username} are still here, and would be the new one's. Give the servers to somebody else (PATCH with "owner") and remove the registries, or choose another name.`,
  );
}

async function hashOf({ password }: UserPatch): Promise<string | undefined> {
  return password === undefined ? undefined : hashPassword(password);
}

function endsSessions({ password, disabled }: UserPatch): boolean {
  return password !== undefined || disabled === true;
}

/** The account with what the patch says; `passwordHash` is that of its password. */
function applyPatch(
  before: Account,
  patch: UserPatch,
  passwordHash: string | undefined,
  at: string,
): Account {
  const { displayName: oldName, mustChangePassword: oldMust, ...kept } = before;
  const displayName = patch.displayName ?? oldName ?? '';
  // Whoever sets a password says anew whether it is for once only.
  const must = patch.mustChangePassword ?? (passwordHash === undefined && oldMust === true);
  if (must && passwordHash === undefined && before.passwordHash === undefined) {
    const message = 'needs a password to change: give "password" as well';
    throw validationError([{ field: 'mustChangePassword', message }]);
  }
  return {
    ...kept,
    ...(displayName !== '' && { displayName }),
    roles: patch.roles ?? before.roles,
    groups: patch.groups ?? before.groups,
    disabled: patch.disabled ?? before.disabled,
    ...(passwordHash !== undefined && { passwordHash }),
    ...(endsSessions(patch) && { sessionsSince: at }),
    ...(must && { mustChangePassword: true }),
  };
}
