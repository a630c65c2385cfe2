import { EncryptJWT, jwtDecrypt } from 'jose';
import * as client from 'openid-client';
import { z } from 'zod';
import { messageOf, RegistryError } from '../errors.js';
import type { Log } from '../log.js';
import { deriveKey } from './derived-key.js';
import {
  providerUnavailable,
  type IdentityProvider,
  type ProviderMetadata,
} from './identity-provider.js';
import { claimAt, type Claims } from './oidc-claims.js';

/** How long somebody may take at the provider. */
export const LOGIN_SECONDS = 600;
const TIMEOUT_SECONDS = 10;
const SKEW_SECONDS = 60;

/** The registry as a client of the provider. */
interface OidcClientSettings {
  readonly clientId: string;
  /** Absent: a public client. */
  readonly clientSecret?: string;
  /** Separated by spaces. */
  readonly scopes: string;
  /** Claims that we need: what of them the ID token does not have is asked of the userinfo endpoint. */
  readonly neededClaims: readonly string[];
}

/** Somebody whom the provider vouches for. */
export interface OidcIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Claims;
}

/** The authorization code flow with PKCE (OpenID Connect Core 3.1, RFC 7636, RFC 9700). */
export interface OidcLogin {
  /**
   * @param returnTo where the browser goes in the end; given back by `complete` as it is
   * @returns the provider's URL, and what the browser must keep until it comes back: encrypted, for ten minutes
   * @throws RegistryError `identity-provider-unavailable`
   */
  begin(returnTo: string): Promise<{ readonly url: string; readonly sealed: string }>;
  /**
   * @param query of the request with which the browser came back
   * @returns also where to end the session at the provider, if one can
   * @throws RegistryError `log-in-failed`, `identity-provider-unavailable`
   */
  complete(
    query: URLSearchParams,
    sealed: string | undefined,
  ): Promise<{
    readonly identity: OidcIdentity;
    readonly returnTo: string;
    readonly endSessionUrl?: string;
  }>;
}

const pendingSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
});
type Pending = z.output<typeof pendingSchema>;

interface OidcLoginDeps {
  readonly provider: IdentityProvider;
  readonly settings: OidcClientSettings;
  /** Where the provider sends browsers back to; registered there. */
  readonly redirectUri: string;
  /** Where it sends them after log-out; registered there. */
  readonly afterLogOutUri: string;
  readonly secretKey: string;
  readonly clock: () => Date;
  readonly log: Log;
}

export function createOidcLogin(deps: OidcLoginDeps): OidcLogin {
  const { provider, settings, redirectUri, clock, log } = deps;
  const key = deriveKey(deps.secretKey, 'oidc-login');

  return {
    begin: async (returnTo) => {
      const configuration = configurationOf(await provider.metadata(), settings);
      const pending: Pending = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        returnTo,
      };
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: settings.scopes,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, sealed: await seal(pending, key, clock()) };
    },
    complete: async (query, sealed) => {
      const pending = await unseal(sealed, key, clock());
      const metadata = await provider.metadata();
      const configuration = configurationOf(metadata, settings);
      try {
        const { claims, idToken } = await redeem(configuration, query, pending, deps);
        return {
          identity: { issuer: provider.issuer, subject: claims.sub, claims },
          returnTo: pending.returnTo,
          ...(metadata.end_session_endpoint !== undefined && {
            endSessionUrl: client.buildEndSessionUrl(configuration, {
              id_token_hint: idToken,
              post_logout_redirect_uri: deps.afterLogOutUri,
            }).href,
          }),
        };
      } catch (thrown) {
        throw failureOf(thrown, log);
      }
    },
  };
}

/** Exchanges the code for tokens and gathers the claims; the library checks all that the standards ask for. */
async function redeem(
  configuration: client.Configuration,
  query: URLSearchParams,
  pending: Pending,
  { redirectUri, settings }: OidcLoginDeps,
): Promise<{ claims: Claims & { readonly sub: string }; idToken: string }> {
  const url = new URL(redirectUri);
  url.search = query.toString();
  const tokens = await client.authorizationCodeGrant(configuration, url, {
    expectedState: pending.state,
    expectedNonce: pending.nonce,
    pkceCodeVerifier: pending.verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined || tokens.id_token === undefined) {
    throw new client.ClientError('the answer has no ID token');
  }
  const isComplete = settings.neededClaims.every((name) => claimAt(claims, name) !== undefined);
  const { userinfo_endpoint: userinfo } = configuration.serverMetadata();
  if (isComplete || userinfo === undefined) return { claims, idToken: tokens.id_token };
  const more = await client.fetchUserInfo(configuration, tokens.access_token, claims.sub);
  return { claims: { ...more, ...claims }, idToken: tokens.id_token };
}

function configurationOf(
  metadata: ProviderMetadata,
  { clientId, clientSecret }: OidcClientSettings,
): client.Configuration {
  if (metadata.authorization_endpoint === undefined || metadata.token_endpoint === undefined) {
    throw providerUnavailable(new Error('The provider has no endpoints for log-in.'));
  }
  // RFC 8414 section 2: without a list, the method is client_secret_basic.
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const authentication =
    clientSecret === undefined
      ? client.None()
      : methods.includes('client_secret_basic')
        ? client.ClientSecretBasic(clientSecret)
        : client.ClientSecretPost(clientSecret);
  const configuration = new client.Configuration(
    // The library's type knows no absent field that is named.
    metadata as client.ServerMetadata,
    clientId,
    { [client.clockTolerance]: SKEW_SECONDS },
    authentication,
  );
  configuration.timeout = TIMEOUT_SECONDS;
  // The metadata was only accepted with http because the issuer is on this machine. The library calls the
  // switch deprecated so that nobody takes it without a thought.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (metadata.issuer.startsWith('http:')) client.allowInsecureRequests(configuration);
  return configuration;
}

/** In the browser instead of the session store: strangers cannot fill what is not there. */
function seal(pending: Pending, key: Uint8Array, now: Date): Promise<string> {
  return new EncryptJWT({ ...pending })
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .setExpirationTime(Math.floor(now.getTime() / 1000) + LOGIN_SECONDS)
    .encrypt(key);
}

async function unseal(sealed: string | undefined, key: Uint8Array, now: Date): Promise<Pending> {
  try {
    const { payload } = await jwtDecrypt(sealed ?? '', key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      requiredClaims: ['exp'],
      currentDate: now,
    });
    return pendingSchema.parse(payload);
  } catch (cause) {
    throw new RegistryError(
      'log-in-failed',
      'This log-in was not begun in this browser, or more than ten minutes ago. Begin again.',
      { cause },
    );
  }
}

/** Tells what the provider did not like from what it could not do. */
function failureOf(thrown: unknown, log: Log): RegistryError {
  const code = (thrown as { readonly code?: unknown }).code;
  const reason = { reason: messageOf(thrown), code };
  if (isUnreachable(thrown, code)) {
    log.warn('A log-in could not be completed: the identity provider failed.', reason);
    return providerUnavailable(thrown);
  }
  if (thrown instanceof client.AuthorizationResponseError) {
    log.info('The identity provider refused a log-in.', { ...reason, error: thrown.error });
    return new RegistryError(
      'log-in-failed',
      thrown.error === 'access_denied'
        ? 'The identity provider did not let you in, or you cancelled.'
        : 'The identity provider refused the log-in. The reason is in the log.',
      { cause: thrown },
    );
  }
  log.warn('A log-in through the identity provider failed.', {
    ...reason,
    ...(thrown instanceof client.ResponseBodyError && { error: thrown.error }),
    ...(thrown instanceof client.WWWAuthenticateChallengeError && {
      remedy: 'Check OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.',
    }),
  });
  return new RegistryError(
    'log-in-failed',
    'The answer of the identity provider was not accepted. Begin again; the reason is in the log.',
    { cause: thrown },
  );
}

function isUnreachable(thrown: unknown, code: unknown): boolean {
  // `fetch` throws a TypeError for every fault of the network; those of the library carry a code.
  if (thrown instanceof TypeError) return code === undefined;
  if (thrown instanceof client.ResponseBodyError) return thrown.status >= 500;
  return [
    'OAUTH_TIMEOUT',
    'OAUTH_ABORT',
    'OAUTH_RESPONSE_IS_NOT_CONFORM',
    'OAUTH_RESPONSE_IS_NOT_JSON',
  ].includes(String(code));
}
