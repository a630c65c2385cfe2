/** One thing that is wrong with one field of some input. */
export interface FieldProblem {
  /** Dotted path of the field, e.g. `url` or `tls.caPem`. */
  readonly field: string;
  /** The rule that was broken and what to do about it, for people. */
  readonly message: string;
}

/** Every fault that the registry can tell the outside about. Edges map each of them to a status. */
export const ERROR_CODES = [
  'validation-failed',
  'malformed-request',
  'unsupported-media-type',
  'authentication-required',
  'invalid-credentials',
  'too-many-attempts',
  'log-in-failed',
  'account-disabled',
  'identity-provider-unavailable',
  'token-invalid',
  'token-wrong-audience',
  'forbidden',
  'csrf-token-invalid',
  'password-change-required',
  'route-not-found',
  'method-not-allowed',
  'server-not-found',
  'tool-not-found',
  'token-not-found',
  'user-not-found',
  'username-taken',
  'last-admin',
  'host-not-found',
  'group-not-found',
  'group-name-taken',
  'session-not-found',
  'call-not-found',
  'path-taken',
  'generation-not-found',
  'generation-not-restorable',
  'revision-conflict',
  'precondition-malformed',
  'request-too-large',
  'request-header-too-large',
  'store-read-only',
  'store-write-failed',
  'server-disabled',
  'upstream-refused-by-policy',
  'upstream-unreachable',
  'registry-pull-failed',
  'registry-not-found',
  'tool-call-failed',
  'gateway-unavailable',
  'gate-write-failed',
  'internal-error',
  'registry-broken',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A fault with a stable code. `message` is written for the caller and may be shown to them. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: ErrorCode;
  readonly problems: readonly FieldProblem[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly problems?: readonly FieldProblem[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
