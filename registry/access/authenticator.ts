import type { RegistryState, Store } from '../store/store.js';
import type { Account, TokenRecord } from './account.js';
import { verifyPassword } from './password.js';
import { groupsOfToken } from './policy.js';
import type { Principal } from './principal.js';
import { permissionsOfRoles, permissionsOfToken } from './roles.js';
import { hashToken, isWellFormedToken } from './token.js';
import { visibilityOfAccount, visibilityOfToken } from './visibility.js';

/** What a session says of itself. */
interface SessionClaim {
  readonly username: string;
  /** ISO 8601. */
  readonly begunAt: string;
}

/** Tells who calls. Every answer is read from the newest state, so that what was revoked is gone at once. */
export interface Authenticator {
  /** The person of that name; undefined when the account is gone or disabled. */
  ofUser(username: string): Principal | undefined;
  /** Whom a session belongs to; undefined also when the account ended it: all at once, or by a new password. */
  ofSession(claim: SessionClaim): Principal | undefined;
  /** Whom a bearer token belongs to; undefined when it is unknown, expired or its account is gone or disabled. */
  ofToken(token: string): Principal | undefined;
  /** Who knows this password; takes as long for a name that does not exist, is disabled or has none. */
  ofPassword(username: string, password: string): Promise<Principal | undefined>;
}

export function createAuthenticator(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly clock: () => Date;
  /** Told the id of each token that was let in. */
  readonly onUse?: (tokenId: string) => void;
}): Authenticator {
  const { store, clock, onUse } = deps;
  const account = (username: string) =>
    store
      .state()
      .accounts.find((candidate) => candidate.username === username && !candidate.disabled);
  return {
    ofUser: (username) => {
      const owner = account(username);
      return owner && userPrincipal(owner);
    },
    ofSession: ({ username, begunAt }) => {
      const owner = account(username);
      return owner && isOfAccount(begunAt, owner) ? userPrincipal(owner) : undefined;
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
      if (owner !== undefined) onUse?.(record.id);
      return owner && tokenPrincipal(owner, record);
    },
    ofPassword: async (username, password) => {
      const found = account(username);
      const matches = await verifyPassword(found?.passwordHash, password);
      // Checking takes time: a password that was changed meanwhile must not begin a session any more.
      const now = account(username);
      const isStill = now !== undefined && now.passwordHash === found?.passwordHash;
      return matches && isStill ? userPrincipal(now) : undefined;
    },
  };
}

/**
 * Who a caller is in a state that may be newer than their request; what they were let in by counts no more.
 * @returns undefined when their account is gone or disabled, or their token is revoked
 */
export function callerIn(
  { accounts, tokens }: Pick<RegistryState, 'accounts' | 'tokens'>,
  { kind, username, tokenId }: Principal,
): Principal | undefined {
  const owner = accounts.find((candidate) => candidate.username === username);
  if (owner === undefined || owner.disabled) return undefined;
  if (kind === 'user') return userPrincipal(owner);
  const record = tokens.find(({ id }) => id === tokenId);
  return record && tokenPrincipal(owner, record);
}

function userPrincipal(account: Account): Principal {
  return {
    ...nameOf(account),
    kind: 'user',
    roles: account.roles,
    permissions: permissionsOfRoles(account.roles),
    groups: account.groups,
    visibility: visibilityOfAccount(account),
    ...(account.mustChangePassword === true && { mustChangePassword: true }),
  };
}

function tokenPrincipal(owner: Account, record: TokenRecord): Principal {
  return {
    ...nameOf(owner),
    kind: 'token',
    roles: owner.roles,
    permissions: permissionsOfToken(owner.roles, record),
    tokenId: record.id,
    groups: groupsOfToken(record, owner),
    visibility: visibilityOfToken(record, owner),
  };
}

function nameOf({ username, displayName }: Account) {
  return { username, ...(displayName !== undefined && { displayName }) };
}

/** Not of one that had the same name before, and not from before the account ended its sessions. */
function isOfAccount(begunAt: string, { createdAt, sessionsSince }: Account): boolean {
  const since = Math.max(Date.parse(createdAt), Date.parse(sessionsSince ?? createdAt));
  return Date.parse(begunAt) >= since;
}

function isExpired(record: TokenRecord, now: Date): boolean {
  return record.expiresAt !== undefined && Date.parse(record.expiresAt) <= now.getTime();
}
