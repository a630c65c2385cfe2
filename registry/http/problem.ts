import { z } from 'zod';
import { TooManyAttemptsError } from '../access/login-throttle.js';
import { RegistryError, type ErrorCode } from '../errors.js';

/** How each fault is told over HTTP. */
export const PROBLEMS = {
  'validation-failed': { status: 422, title: 'Some fields are not accepted' },
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'unsupported-media-type': { status: 415, title: 'The body is of a kind that is not taken' },
  'authentication-required': { status: 401, title: 'Log in or send a bearer token' },
  'invalid-credentials': { status: 401, title: 'The credentials are wrong' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
  'log-in-failed': { status: 401, title: 'The log-in through the identity provider failed' },
  'account-disabled': { status: 403, title: 'The account is disabled' },
  'identity-provider-unavailable': {
    status: 503,
    title: 'The identity provider cannot be reached',
  },
  'token-invalid': { status: 401, title: 'The token holds no longer or never did' },
  'token-wrong-audience': { status: 401, title: 'The token is for something else' },
  forbidden: { status: 403, title: 'Not allowed' },
  'csrf-token-invalid': { status: 403, title: 'The CSRF token is missing or wrong' },
  'password-change-required': { status: 403, title: 'A new password must be chosen first' },
  'route-not-found': { status: 404, title: 'No such route' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'server-not-found': { status: 404, title: 'No such server' },
  'tool-not-found': { status: 404, title: 'No such tool' },
  'token-not-found': { status: 404, title: 'No such token' },
  'host-not-found': { status: 404, title: 'No such host' },
  'user-not-found': { status: 404, title: 'No such user' },
  'username-taken': { status: 409, title: 'The user name is taken' },
  'last-admin': { status: 409, title: 'Nobody would be left to administer' },
  'group-not-found': { status: 404, title: 'No such group' },
  'group-name-taken': { status: 409, title: 'The group name is taken' },
  'session-not-found': { status: 404, title: 'No such session' },
  'call-not-found': { status: 404, title: 'No such call' },
  'path-taken': { status: 409, title: 'The path is taken' },
  'generation-not-found': { status: 404, title: 'No such generation' },
  'generation-not-restorable': { status: 409, title: 'The generation cannot be restored' },
  'revision-conflict': { status: 412, title: 'Somebody else was faster' },
  'precondition-malformed': { status: 400, title: 'If-Match cannot be read' },
  'request-too-large': { status: 413, title: 'The request is too large' },
  'request-header-too-large': { status: 431, title: 'The address or the headers are too long' },
  'store-read-only': { status: 503, title: 'The store takes no changes' },
  'store-write-failed': { status: 503, title: 'The change could not be stored' },
  'server-disabled': { status: 409, title: 'The server is disabled' },
  'upstream-refused-by-policy': { status: 422, title: 'The outbound policy forbids the address' },
  'upstream-unreachable': { status: 502, title: 'The server cannot be reached' },
  'registry-not-found': { status: 404, title: 'No such registry' },
  'registry-pull-failed': { status: 502, title: 'The other registry gave no list' },
  'tool-call-failed': { status: 502, title: 'The tool could not be run' },
  'gateway-unavailable': { status: 503, title: 'The gateway does not answer' },
  'gate-write-failed': { status: 503, title: 'The gateway could not be told' },
  'internal-error': { status: 500, title: 'The registry has a fault' },
  'registry-broken': { status: 503, title: 'The registry is broken' },
} as const satisfies Record<ErrorCode, { readonly status: number; readonly title: string }>;

/** RFC 9457, with a stable code and the problems of single fields. */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z
      .array(z.strictObject({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'At most 100.' }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problemSchema>;

/** @returns the body of the answer; nothing but a `RegistryError` tells its message to the outside */
export function problemOf(error: RegistryError, requestId: string): Problem {
  const { status, title } = PROBLEMS[error.code];
  return {
    // RFC 9457 section 4.2.1: the title says all there is to know of the type.
    type: 'about:blank',
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.problems.length > 0 && { errors: [...error.problems] }),
  };
}

/** Headers that belong to a problem. */
export function problemHeaders(error: RegistryError): Readonly<Record<string, string>> {
  if (error instanceof TooManyAttemptsError) {
    return { 'Retry-After': String(error.retryAfterSeconds) };
  }
  // RFC 9110 section 11.6.1 demands a challenge with every 401.
  return PROBLEMS[error.code].status === 401
    ? { 'WWW-Authenticate': 'Bearer realm="mcp-gateway-registry"' }
    : {};
}

/** What the parsers of Express do not take, by their word for it. */
const UNTAKEN: Readonly<Record<string, string>> = {
  'charset.unsupported': 'The body must be in UTF-8: leave the charset out of Content-Type.',
  'encoding.unsupported':
    'The Content-Encoding of the body must be gzip, deflate or br; leave the header out when it is not compressed.',
};

/** What anything that was thrown means to the caller; what we do not know is a fault of ours. */
export function asRegistryError(thrown: unknown): RegistryError {
  if (thrown instanceof RegistryError) return thrown;
  const { type, expose, limit } = (thrown ?? {}) as {
    readonly type?: unknown;
    readonly expose?: unknown;
    readonly limit?: unknown;
  };
  if (type === 'entity.too.large') {
    return new RegistryError(
      'request-too-large',
      `The body may be at most ${Number(limit) / 1024 / 1024} MB large.`,
    );
  }
  if (type === 'entity.parse.failed') {
    return new RegistryError('malformed-request', 'The body is not valid JSON.');
  }
  const untaken = typeof type === 'string' ? UNTAKEN[type] : undefined;
  if (untaken !== undefined) return new RegistryError('unsupported-media-type', untaken);
  // What the parsers of Express say of broken compression and cut bodies is meant for callers; a
  // URIError is its word for a broken escape in the path.
  if (thrown instanceof Error && (expose === true || thrown instanceof URIError)) {
    return new RegistryError('malformed-request', `The request cannot be read: ${thrown.message}`);
  }
  return new RegistryError('internal-error', 'Something went wrong here, and it was logged.', {
    cause: thrown,
  });
}
