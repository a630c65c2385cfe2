/** Why a server is not reachable or not usable. */
export type HealthCause =
  | 'dns'
  | 'tcp'
  | 'tls'
  | 'timeout'
  | 'http-error'
  | 'redirect'
  | 'rate-limited'
  | 'wrong-endpoint'
  | 'protocol-error'
  | 'auth-required'
  | 'forbidden'
  | 'refused-by-policy'
  /** The key has changed since the credential was stored. */
  | 'credential-unreadable'
  /** The token endpoint gives no token. */
  | 'auth-token-failed';

/** The two facts of a server's health. They inform; they never decide whether a server is routed. */
export interface Health {
  readonly reachable: 'yes' | 'no' | 'unknown';
  readonly usable: 'ok' | 'auth-required' | 'error' | 'unknown';
  readonly cause?: HealthCause;
  /** For people: what was seen and what to do. */
  readonly message?: string;
  readonly httpStatus?: number;
  /** Time to the deciding answer of the last check, in milliseconds. */
  readonly latencyMs?: number;
  /** ISO 8601. */
  readonly checkedAt?: string;
}

export const UNKNOWN_HEALTH: Health = { reachable: 'unknown', usable: 'unknown' };
