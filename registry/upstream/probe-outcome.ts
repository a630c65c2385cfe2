/** A JSON-RPC answer, as far as a probe reads it. */
export interface RpcReply {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data?: unknown;
  };
}

/** Causes for which no HTTP answer came. */
export type FaultCause = 'dns' | 'tcp' | 'tls' | 'timeout' | 'refused-by-policy' | 'protocol-error';

/** What one request of a probe met. A value: nothing is decided yet. */
export type ProbeOutcome =
  | {
      readonly kind: 'answer';
      readonly url: string;
      readonly status: number;
      readonly contentType: string;
      readonly reply?: RpcReply;
      /** HTTP+SSE: the endpoint event came. */
      readonly announced?: boolean;
      /** Why an answer that looks good is none. */
      readonly problem?: string;
      /** `WWW-Authenticate` says `insufficient_scope`. */
      readonly isScopeMissing: boolean;
      /** What credentials `WWW-Authenticate` asks for, e.g. `Bearer`. */
      readonly challenge?: string;
      readonly retryAfterSeconds?: number;
      /** Where a redirect that was not followed leads. */
      readonly location?: string;
      readonly latencyMs: number;
    }
  | {
      readonly kind: 'fault';
      readonly url: string;
      readonly cause: FaultCause;
      readonly message: string;
      readonly latencyMs: number;
    };

/** -32020 HeaderMismatch, -32021 MissingRequiredClientCapability, -32022 UnsupportedProtocolVersion. */
const MODERN_ERRORS: ReadonlySet<number> = new Set([-32020, -32021, -32022]);

/** Whether the answer could only come from a server of the 2026-07-28 era. */
export function isModernError(outcome: ProbeOutcome): boolean {
  return (
    outcome.kind === 'answer' &&
    outcome.reply?.error !== undefined &&
    MODERN_ERRORS.has(outcome.reply.error.code)
  );
}
