import type { Log } from '../log.js';
import type { Store } from '../store/store.js';
import type { Account } from './account.js';
import { hashPassword } from './password.js';
import { randomBase62 } from './token.js';

/** 62^28 is about 166 bits. */
const GENERATED_LENGTH = 28;

export interface GeneratedCredentials {
  readonly username: string;
  /** Shown once by the caller; nobody can read it again. */
  readonly password: string;
}

/**
 * Creates the administrator of a new installation: one where nobody has an account yet.
 * @returns the generated password, for the caller to print once; undefined when one was given,
 *   when somebody has an account already, or when the store takes no changes
 */
export async function ensureFirstAdmin(deps: {
  readonly store: Pick<Store, 'state' | 'commit' | 'health'>;
  readonly admin: { readonly username: string; readonly password?: string };
  readonly clock: () => Date;
  readonly log: Log;
}): Promise<GeneratedCredentials | undefined> {
  const { store, admin, clock, log } = deps;
  if (store.state().accounts.length > 0) return undefined;
  if (!store.health().writable) {
    // A store that cannot be read looks empty; it may well have an administrator.
    log.warn('No administrator was created because the store takes no changes.');
    return undefined;
  }
  const password = admin.password ?? randomBase62(GENERATED_LENGTH);
  const account: Account = {
    username: admin.username,
    passwordHash: await hashPassword(password),
    roles: ['admin'],
    groups: [],
    disabled: false,
    // A printed password stays in scroll-back and logs: it opens the set-up and nothing else.
    ...(admin.password === undefined && { mustChangePassword: true }),
    createdAt: clock().toISOString(),
  };
  const { accounts } = await store.commit((state) =>
    state.accounts.length > 0 ? {} : { accounts: [account] },
  );
  if (!accounts.includes(account)) return undefined;
  log.info('The first administrator was created.', { username: admin.username });
  return admin.password === undefined ? { username: admin.username, password } : undefined;
}
