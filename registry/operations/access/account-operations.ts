import { z } from 'zod';
import type { Account } from '../../access/account.js';
import { MAX_PASSWORD_LENGTH, newPasswordSchema } from '../../access/credentials.js';
import { isSetUpNeeded } from '../../access/last-admin.js';
import type { LoginThrottle } from '../../access/login-throttle.js';
import { hashPassword, verifyPassword } from '../../access/password.js';
import type { RegistryError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { SessionDirectory } from '../../store/session-directory.js';
import type { Store } from '../../store/store.js';
import { endAllSessions } from './session-operations.js';
import { validate, validationError } from '../validate.js';

export const passwordChangeSchema = z.strictObject({
  currentPassword: z.string().min(1).max(MAX_PASSWORD_LENGTH),
  newPassword: newPasswordSchema,
});

/** Who changes their password, and from where. */
interface PasswordChanger {
  readonly username: string;
  readonly address: string;
  /** The session in which it is done: the only one that is not ended. */
  readonly sessionId: string | undefined;
}

/** What people do with their own account. */
export interface AccountOperations {
  /** Whether the generated password of the first administrator waits to be replaced. */
  setUpNeeded(): boolean;
  /**
   * Every session that began before is over; the caller has to begin the present one anew.
   * @throws RegistryError `validation-failed` (also when the current password is wrong), `too-many-attempts`
   */
  changePassword(input: unknown, by: PasswordChanger): Promise<void>;
}

export function createAccountOperations(deps: {
  readonly store: Pick<Store, 'state' | 'commit'>;
  readonly sessions: SessionDirectory;
  readonly throttle: LoginThrottle;
  readonly clock: () => Date;
  readonly log: Log;
}): AccountOperations {
  const { store, sessions, throttle, clock, log } = deps;
  return {
    setUpNeeded: () => isSetUpNeeded(store.state().accounts),
    changePassword: async (input, { username, address, sessionId }) => {
      const { currentPassword, newPassword } = validate(passwordChangeSchema, input);
      const oldHash = store
        .state()
        .accounts.find((account) => account.username === username)?.passwordHash;
      if (oldHash === undefined) throw refusal('currentPassword', NO_PASSWORD);
      // A session that somebody left open must not become a place to guess the password.
      throttle.begin(username, address);
      if (!(await verifyPassword(oldHash, currentPassword))) {
        log.warn('A change of password failed.', { username, address });
        throw refusal('currentPassword', 'is not your password');
      }
      throttle.succeeded(username, address);
      if (newPassword === currentPassword) {
        throw refusal('newPassword', 'must differ from the current password');
      }
      const passwordHash = await hashPassword(newPassword);
      await store.commit(({ accounts }) => ({
        accounts: accounts.map((account) => {
          if (account.username !== username) return account;
          // Two changes at a time: the second knows a password that holds no longer.
          if (account.passwordHash !== oldHash) {
            throw refusal('currentPassword', 'is not your password any more');
          }
          return withPassword(account, passwordHash, clock());
        }),
      }));
      await endAllSessions(sessions, username, sessionId);
      log.info('Password changed.', { username, address });
    },
  };
}

const NO_PASSWORD =
  'cannot be checked: this account has no password. Its owner logs in through the identity provider';

/** The account with a password that its owner chose; its sessions until now are over. */
function withPassword(
  { mustChangePassword: _, ...kept }: Account,
  passwordHash: string,
  now: Date,
): Account {
  return { ...kept, passwordHash, sessionsSince: now.toISOString() };
}

function refusal(field: string, message: string): RegistryError {
  return validationError([{ field, message }]);
}
