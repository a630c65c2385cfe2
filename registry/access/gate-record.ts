import { createHmac } from 'node:crypto';
import type { Account, TokenRecord } from './account.js';
import type { Group } from './group.js';
import { rulesOfToken, type AccessRule } from './policy.js';

/**
 * What nginx knows of a token: one file in the gate directory, named by the SHA-256 of the token in hex, in the form of
 * gate-text.ts.
 * Written under a temporary name and renamed, so that it is read whole or not at all; removed on revocation.
 * Read by nginx/njs/gate.js.
 */
export type GateRecord = AdmittedToken | RefusedToken;

export interface AdmittedToken {
  /** Who calls: in logs, limits and sessions. The user name, or `oidc:<subject>`. */
  readonly principal: string;
  /** Id of a token of ours. */
  readonly token?: string;
  /** Seconds since 1970; absent: never. */
  readonly expires?: number;
  /** The server that the token is for, or the few that a token of an identity provider names; absent: all. */
  readonly server?: string | readonly string[];
  /** Binds sessions to the principal: 32 hex digits, the same for all tokens of a principal. */
  readonly session: string;
  readonly rules: readonly AccessRule[];
  /** Of a token that is not ours: found out at its first use, and not written down anywhere else. */
  readonly learned?: true;
  /** For one call of the registry, which ends with the registry. */
  readonly lent?: true;
}

/** A token that was found to be worth nothing: remembered for a short while. */
interface RefusedToken {
  readonly refused: true;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly learned?: true;
}

/** What binds sessions to a principal; nobody can work it out without the installation's key. */
export function sessionBinding(secretKey: string, principal: string): string {
  return createHmac('sha256', secretKey).update(`session:${principal}`).digest('hex').slice(0, 32);
}

/**
 * What the gate has to know of a token of ours. It does not look at the clock.
 * @param owner the account that the token belongs to, if there is one
 * @returns undefined when the token admits nobody because its owner is gone or disabled
 */
export function gateRecordOf(
  token: TokenRecord,
  owner: Account | undefined,
  groups: readonly Group[],
  secretKey: string,
): AdmittedToken | undefined {
  if (owner === undefined || owner.disabled) return undefined;
  return {
    principal: owner.username,
    token: token.id,
    ...(token.expiresAt !== undefined && { expires: secondsOf(token.expiresAt) }),
    ...(token.server !== undefined && { server: token.server }),
    session: sessionBinding(secretKey, owner.username),
    rules: rulesOfToken(token, owner, groups),
  };
}

/** Whole seconds since 1970, rounded down: a token never lives longer at the gate than in the registry. */
function secondsOf(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}
