import {
  createRemoteJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import type { Store } from '../store/store.js';
import { sessionBinding, type AdmittedToken } from './gate-record.js';
import type { IdentityProvider } from './identity-provider.js';
import { groupsOf, subjectPrincipal } from './oidc-claims.js';
import { rulesOf } from './policy.js';

/** Signatures by key pairs only: with a shared secret, whoever can check a token can make one. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** RFC 9068 section 2.1 and RFC 7519 section 5.1. Some providers leave it out, so that none is fine too. */
const TYPES = /^(?:application\/)?(?:at\+jwt|jwt)$/i;
const LEEWAY_SECONDS = 60;
const MAX_LENGTH = 16_384;
/** How long keys are trusted, and how often at most an unknown key makes us ask for new ones. */
const KEYS_FRESH_MS = 10 * 60_000;
const KEYS_COOLDOWN_MS = 5000;
/** A server's path, the registry's own server included. */
const SERVER_PATH = /^(?:\/[a-z0-9][a-z0-9_-]*){1,3}$/;

/** Why a token is not let in. */
export interface Refusal {
  readonly refused:
    | 'invalid'
    /** It is good, but for something else. */
    | 'wrong-audience'
    /** The provider's keys cannot be had: nobody knows. */
    | 'unavailable';
  /** Of a token for another audience: what it gives there, when that is a server here. */
  readonly elsewhere?: AdmittedToken;
}

/** Checks access tokens of the identity provider. */
export interface ExternalTokens {
  /**
   * Checks the signature, issuer, times and audience of a JWT.
   * @param path of the server that it is presented at; the audience must be that server's public URL
   */
  verify(jwt: string, path: string): Promise<AdmittedToken | Refusal>;
}

/** @param deps.secretKey the installation's key, for session bindings */
export function createExternalTokens(deps: {
  readonly provider: IdentityProvider;
  readonly groupsClaim: string;
  /** Of the gateway, without a trailing slash. */
  readonly publicUrl: string;
  readonly store: Pick<Store, 'state'>;
  readonly secretKey: string;
  readonly clock: () => Date;
  readonly keysCooldownMs?: number;
}): ExternalTokens {
  const { provider, publicUrl, clock } = deps;
  const keys = createKeys(provider, deps.keysCooldownMs ?? KEYS_COOLDOWN_MS);

  return {
    verify: async (jwt, path) => {
      // Before anybody else is asked: most of what is no token of the provider is recognised here.
      if (jwt.length > MAX_LENGTH || issuerIn(jwt) !== provider.issuer) return INVALID;
      const checked = await verifiedClaims(jwt, provider.issuer, keys, clock()).then(
        (found) => ({ claims: found }),
        refusalOf,
      );
      if ('refused' in checked) return checked;
      const { claims } = checked;
      if (isDisabled(deps.store, provider.issuer, claims.sub)) return INVALID;
      const servers = audiencesOf(claims, publicUrl);
      if (servers.includes(path)) return admit(claims, servers, deps);
      return {
        refused: 'wrong-audience',
        ...(servers.length > 0 && { elsewhere: admit(claims, servers, deps) }),
      };
    },
  };
}

const INVALID: Refusal = { refused: 'invalid' };

interface VerifiedClaims extends JWTPayload {
  readonly sub: string;
  readonly exp: number;
}

/** Thrown when keys cannot be had, which says nothing of the token. */
class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

async function verifiedClaims(
  jwt: string,
  issuer: string,
  keys: JWTVerifyGetKey,
  now: Date,
): Promise<VerifiedClaims> {
  const { payload, protectedHeader } = await jwtVerify(jwt, keys, {
    algorithms: ALGORITHMS,
    issuer,
    requiredClaims: ['exp', 'sub', 'aud'],
    clockTolerance: LEEWAY_SECONDS,
    currentDate: now,
  });
  const { typ } = protectedHeader;
  const { sub, exp, iat } = payload;
  const seconds = now.getTime() / 1000;
  // The leeway is for the beginning only: the gate ends a token when it says, to the second.
  const inTime = exp !== undefined && exp > seconds && (iat ?? 0) <= seconds + LEEWAY_SECONDS;
  if (!inTime || (typ !== undefined && !TYPES.test(typ)) || sub === undefined || sub === '') {
    throw new errors.JWTInvalid('the token is not an access token that holds now');
  }
  return { ...payload, sub, exp };
}

function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof KeysUnavailableError) return { refused: 'unavailable' };
  if (thrown instanceof errors.JOSEError) return INVALID;
  throw thrown;
}

/** The provider's keys, asked for again when one is unknown. */
function createKeys(provider: IdentityProvider, cooldownMs: number): JWTVerifyGetKey {
  let current: { readonly uri: string; readonly keys: JWTVerifyGetKey } | undefined;
  const keysAt = (uri: string) =>
    createRemoteJWKSet(new URL(uri), {
      cooldownDuration: cooldownMs,
      cacheMaxAge: KEYS_FRESH_MS,
    });
  return async (header, token) => {
    try {
      const { jwks_uri: uri } = await provider.metadata();
      if (current?.uri !== uri) current = { uri, keys: keysAt(uri) };
      return await current.keys(header, token);
    } catch (cause) {
      const isAboutToken =
        cause instanceof errors.JWKSNoMatchingKey ||
        cause instanceof errors.JWKSMultipleMatchingKeys ||
        cause instanceof errors.JOSENotSupported;
      if (isAboutToken) throw cause;
      throw new KeysUnavailableError('The keys cannot be had.', { cause });
    }
  };
}

function issuerIn(jwt: string): string | undefined {
  try {
    return decodeJwt(jwt).iss;
  } catch {
    return undefined;
  }
}

/** Paths of the servers here that the token is for. RFC 8707: the audience is the server's whole URL. */
function audiencesOf({ aud }: JWTPayload, publicUrl: string): readonly string[] {
  return [aud ?? []]
    .flat()
    .filter((each) => each.startsWith(publicUrl) && each.endsWith('/mcp'))
    .map((each) => each.slice(publicUrl.length, -'/mcp'.length))
    .filter((path) => SERVER_PATH.test(path));
}

/** Who may not log in here does not get in with a token either. */
function isDisabled(store: Pick<Store, 'state'>, issuer: string, subject: string): boolean {
  return store
    .state()
    .accounts.some(
      ({ disabled, oidc }) => disabled && oidc?.issuer === issuer && oidc.subject === subject,
    );
}

/** Rules come from groups alone: whatever roles the holder has here, a token is never unrestricted. */
function admit(
  claims: VerifiedClaims,
  servers: readonly string[],
  deps: Pick<Parameters<typeof createExternalTokens>[0], 'groupsClaim' | 'store' | 'secretKey'>,
): AdmittedToken {
  const principal = subjectPrincipal(claims.sub);
  return {
    principal,
    expires: Math.floor(claims.exp),
    server: servers.length === 1 ? (servers[0] ?? '') : servers,
    session: sessionBinding(deps.secretKey, principal),
    rules: rulesOf(groupsOf(claims, deps.groupsClaim), deps.store.state().groups),
  };
}
