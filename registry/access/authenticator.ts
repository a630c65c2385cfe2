import type { Store } from '../store/store.js';
import type { Account, TokenRecord } from './account.js';
import { verifyPassword } from './password.js';
import type { Principal } from './principal.js';
import { permissionsOfRoles, permissionsOfToken } from './roles.js';
import { hashToken, isWellFormedToken } from './token.js';

/** Tells who calls. Every answer is read from the newest state, so that what was revoked is gone at once. */
export interface Authenticator {
  /** Whom a session belongs to; undefined when the account is gone. */
  ofUser(username: string): Principal | undefined;
  /** Whom a bearer token belongs to; undefined when it is unknown, expired or its account is gone. */
  ofToken(token: string): Principal | undefined;
  /** Who knows this password; takes as long for a name that does not exist. */
  ofPassword(username: string, password: string): Promise<Principal | undefined>;
}

export function createAuthenticator(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly clock: () => Date;
}): Authenticator {
  const { store, clock } = deps;
  const account = (username: string) =>
    store.state().accounts.find((candidate) => candidate.username === username);
  return {
    ofUser: (username) => {
      const owner = account(username);
      return owner && userPrincipal(owner);
    },
    ofToken: (token) => {
      // Hashed before anything is looked at: the look-up is by digest, so its timing tells nothing
      // of the token, and a malformed one takes the same way.
      const sha256 = hashToken(token);
      const record = store.state().tokens.find((candidate) => candidate.sha256 === sha256);
      if (record === undefined || !isWellFormedToken(token) || isExpired(record, clock())) {
        return undefined;
      }
      const owner = account(record.owner);
      return owner && tokenPrincipal(owner, record);
    },
    ofPassword: async (username, password) => {
      const found = account(username);
      const matches = await verifyPassword(found?.passwordHash, password);
      return matches && found !== undefined ? userPrincipal(found) : undefined;
    },
  };
}

function userPrincipal(account: Account): Principal {
  return {
    username: account.username,
    kind: 'user',
    roles: account.roles,
    permissions: permissionsOfRoles(account.roles),
    groups: account.groups,
    unrestricted: account.roles.includes('admin'),
  };
}

function tokenPrincipal(owner: Account, record: TokenRecord): Principal {
  return {
    username: owner.username,
    kind: 'token',
    roles: owner.roles,
    permissions: permissionsOfToken(owner.roles, record.scopes),
    tokenId: record.id,
    groups: record.groups,
    unrestricted: owner.roles.includes('admin') && record.scopes.includes('admin'),
  };
}

function isExpired(record: TokenRecord, now: Date): boolean {
  return record.expiresAt !== undefined && Date.parse(record.expiresAt) <= now.getTime();
}
