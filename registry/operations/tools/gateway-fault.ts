import { messageOf, RegistryError, type ErrorCode } from '../../errors.js';
import type { Fetch } from '../../upstream/outbound-channel.js';
import { TokenRefused } from './tool-caller.js';

/** What the gateway answers in the place of a server that it cannot reach. */
const UNREACHABLE_STATUSES: readonly unknown[] = [502, 503, 504];

/** What the gateway says of a call that it does not pass on, by the name of its error. */
const GATEWAY_ERRORS: Readonly<Record<string, ErrorCode>> = {
  'not-permitted': 'forbidden',
  'gate-not-ready': 'gateway-unavailable',
  'server-disabled': 'server-disabled',
  // It does not serve the server yet, or no longer.
  'server-not-found': 'gateway-unavailable',
  'server-excluded': 'upstream-unreachable',
  'upstream-unreachable': 'upstream-unreachable',
  'upstream-timeout': 'upstream-unreachable',
};

/** An answer that the gateway gave itself. */
interface GatewayError {
  readonly name: string;
  readonly message: string;
}

/**
 * A fetch that notes what the gateway says for itself until it has taken the call; clients tell their users only a
 * status, or less. What it says afterwards is about something else, and a call that was taken is never made again.
 */
export function listeningFetch(fetch: Fetch) {
  let last: Promise<GatewayError> | undefined;
  let isTaken = false;
  return {
    fetch: (async (url, init) => {
      const response = await fetch(url, init);
      const name = response.headers.get('x-gateway-error');
      if (isTaken) return response;
      // A session is ended after the fault that counts.
      if (name !== null && init?.method !== 'DELETE') last = readError(name, response.clone());
      isTaken = response.ok && isToolCall(init?.body);
      return response;
    }) satisfies Fetch,
    said: () => last,
  };
}

function isToolCall(body: unknown): boolean {
  if (typeof body !== 'string') return false;
  const { method } = JSON.parse(body) as { readonly method?: unknown };
  return method === 'tools/call';
}

async function readError(name: string, response: Response): Promise<GatewayError> {
  const body = (await response.json().catch(() => undefined)) as
    { readonly error?: { readonly message?: unknown } } | undefined;
  const message = body?.error?.message;
  return { name, message: typeof message === 'string' ? message : name };
}

/** What was tried, for the words of its fault. */
interface Attempt {
  /** In the passive: `rain at /weather could not be run`. */
  readonly what: string;
  readonly path: string;
  readonly signal: AbortSignal;
}

/** Tells a gateway that is not there from a server that is not, and both from a refused call. */
export function gatewayFaultOf(
  { what, path, signal }: Attempt,
  thrown: unknown,
  said: GatewayError | undefined,
): RegistryError {
  const chain = causesOf(thrown);
  const fault = (code: ErrorCode, message: string) =>
    new RegistryError(code, message, { cause: thrown });
  if (signal.aborted) return fault('tool-call-failed', 'The caller has left.');
  if (said?.name === 'authentication-required') return new TokenRefused(thrown);
  const code = said && GATEWAY_ERRORS[said.name];
  if (code !== undefined) return fault(code, `The gateway says: ${said?.message ?? ''}`);
  // The SSE client keeps the text of the fault alone (`fetch failed`: nothing was answered), and
  // the status under another name.
  if (
    chain.some(({ code: cause }) => cause === 'ECONNREFUSED') ||
    messageOf(thrown).includes('fetch failed')
  ) {
    return fault('gateway-unavailable', 'nginx does not accept connections.');
  }
  if (chain.some(({ code: cause, status }) => UNREACHABLE_STATUSES.includes(status ?? cause))) {
    return fault('upstream-unreachable', `The gateway cannot reach ${path}: ${messageOf(thrown)}`);
  }
  return fault('tool-call-failed', `${what}: ${messageOf(thrown)}`);
}

interface Fault {
  readonly code?: unknown;
  readonly status?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** An error with everything that it says caused it; several addresses tried are several causes. */
function causesOf(thrown: unknown, depth = 5): readonly Fault[] {
  if (typeof thrown !== 'object' || thrown === null || depth === 0) return [];
  const fault = thrown as Fault;
  const causes = [fault.cause, ...(fault.errors ?? [])];
  return [fault, ...causes.flatMap((cause) => causesOf(cause, depth - 1))];
}
