import type { AccessRule } from './policy.js';

/**
 * What nginx knows of a token: one JSON file in the gate directory, named by the SHA-256 of the token in hex.
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
  /** The one server that the token is for; absent: all. */
  readonly server?: string;
  /** Binds sessions to the principal: 32 hex digits, the same for all tokens of a principal. */
  readonly session: string;
  readonly rules: readonly AccessRule[];
}

/** A token of the identity provider that was found to be worth nothing: remembered for a short while. */
export interface RefusedToken {
  readonly refused: true;
  readonly expires: number;
}
