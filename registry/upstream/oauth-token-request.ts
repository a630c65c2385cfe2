import type { SecureContext } from 'node:tls';
import { z } from 'zod';
import type { AuthOf } from '../catalog/server-auth.js';
import type { Trace } from '../trace.js';
import { CredentialFault } from './credential-fault.js';
import { underDeadline } from './deadline.js';
import { faultOf } from './fault.js';
import { openChannel } from './outbound-channel.js';
import type { OutboundGuard } from './outbound-guard.js';
import { withoutQueryValues } from '../url-query.js';
import { tracedFetch } from './traced-fetch.js';

export type OAuthAuth = AuthOf<'oauth-client-credentials'>;

export interface TokenRequestDeps {
  readonly guard: OutboundGuard;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly systemTrust?: SecureContext | undefined;
  readonly trace?: Trace;
}

export interface GrantedToken {
  readonly value: string;
  /** Absent: the token endpoint did not say. */
  readonly lifetimeMs?: number;
}

const MAX_BYTES = 64 * 1024;

/** RFC 6749, section 5.1. The token must fit into a header. */
const grantSchema = z.object({
  access_token: z
    .string()
    .max(16_384)
    .regex(/^[\x21-\x7e]+$/),
  token_type: z.string(),
  // Some token endpoints write the number as text.
  expires_in: z.coerce.number().positive().max(1e9).optional().catch(undefined),
});

/**
 * What to do about the errors of RFC 6749, section 5.2, and RFC 8707. Nothing else of what a token
 * endpoint says is repeated: it might quote the secret.
 */
const REMEDIES: Readonly<Record<string, string>> = {
  invalid_client:
    'It does not know the client or its secret: see clientId, clientSecret and method.',
  invalid_grant: 'See whether the client may use this grant.',
  invalid_request: 'It does not understand the request: see method, scope and resource.',
  invalid_scope: 'See scope.',
  invalid_target: 'See resource.',
  server_error: "Read the token endpoint's log.",
  temporarily_unavailable: 'It is overloaded or under maintenance; the registry tries again.',
  unauthorized_client: 'Allow the client the grant "client_credentials".',
  unsupported_grant_type: 'It does not offer the grant "client_credentials".',
};

/**
 * Asks for an access token with the client's own credentials (RFC 6749, section 4.4). The outbound
 * policy holds for the token endpoint as for upstreams, and redirects are not followed.
 * @throws CredentialFault `auth-token-failed`
 */
export async function requestToken(
  deps: TokenRequestDeps,
  auth: OAuthAuth,
  clientSecret: string,
  signal: AbortSignal,
): Promise<GrantedToken> {
  const { guard, timeoutMs, systemTrust, trace } = deps;
  const channel = openChannel(guard, {
    tls: { verify: true },
    systemTrust,
    connectTimeoutMs: timeoutMs,
    maxBytes: MAX_BYTES,
  });
  const fetch = tracedFetch(channel.fetch, trace);
  try {
    return await underDeadline(timeoutMs, signal, async (inner) => {
      const request = requestOf(auth, clientSecret);
      try {
        const response = await fetch(auth.tokenUrl, { ...request, signal: inner });
        return readGrant(auth, response.status, await response.text());
      } catch (thrown) {
        if (thrown instanceof CredentialFault) throw thrown;
        const reason: unknown = inner.aborted ? inner.reason : thrown;
        const { message } = faultOf(reason, withoutQueryValues(auth.tokenUrl));
        throw failed(`The token endpoint gave no token. ${message}`);
      }
    });
  } finally {
    await channel.close();
  }
}

function requestOf(auth: OAuthAuth, clientSecret: string): RequestInit {
  const { clientId, scope, resource, method } = auth;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  if (resource !== undefined) form.set('resource', resource);
  if (method === 'post') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  const pair = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
  return {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(method === 'basic' && {
        authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
      }),
    },
    body: form.toString(),
  };
}

/** RFC 6749, section 2.3.1: name and secret are form-encoded before they are joined. */
function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

function readGrant(auth: OAuthAuth, status: number, text: string): GrantedToken {
  // Everybody who sees the server is told of its faults.
  const tokenUrl = withoutQueryValues(auth.tokenUrl);
  const answer = parseJson(text);
  if (status !== 200) throw failed(refusal(tokenUrl, status, answer));
  const grant = grantSchema.safeParse(answer);
  if (!grant.success) {
    throw failed(
      `${tokenUrl} answered 200, but not with an access token (RFC 6749, section 5.1). See whether tokenUrl is the token endpoint.`,
    );
  }
  const { access_token: value, token_type: type, expires_in: seconds } = grant.data;
  if (type.toLowerCase() !== 'bearer') {
    throw failed(`${tokenUrl} gave a token that is not of the type Bearer, which cannot be used.`);
  }
  return { value, ...(seconds !== undefined && { lifetimeMs: seconds * 1000 }) };
}

function refusal(tokenUrl: string, status: number, answer: unknown): string {
  const code = (answer as { readonly error?: unknown } | null | undefined)?.error;
  const remedy = typeof code === 'string' && Object.hasOwn(REMEDIES, code) ? REMEDIES[code] : '';
  if (remedy !== '') return `${tokenUrl} refused (${status}, ${String(code)}). ${remedy}`;
  if (status >= 300 && status < 400) {
    return `${tokenUrl} redirects (${status}), which is not followed with a secret. Set tokenUrl to where the token endpoint is.`;
  }
  return `${tokenUrl} answered ${status} instead of a token. See whether tokenUrl is the token endpoint, and read its log.`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failed(message: string): CredentialFault {
  return new CredentialFault('auth-token-failed', message);
}
