/** How much the channel gives, and how often it does what. Times in milliseconds. */
export interface LiveLimits {
  /** Connections in all, and of one person or token. */
  readonly maxConnections: number;
  readonly maxPerPrincipal: number;
  readonly batchMs: number;
  readonly heartbeatMs: number;
  /** How often sessions and tokens are asked for again besides at every change of accounts and tokens. */
  readonly recheckMs: number;
  /** How often somebody who is behind is looked at, and how long that may last. */
  readonly catchUpMs: number;
  readonly maxBehindMs: number;
  /** Bytes; see `Peer`. */
  readonly maxUnsent?: number;
}

export const LIVE_LIMITS: LiveLimits = {
  maxConnections: 4000,
  maxPerPrincipal: 100,
  batchMs: 100,
  heartbeatMs: 15_000,
  recheckMs: 5000,
  catchUpMs: 200,
  maxBehindMs: 30_000,
};
