import { z } from 'zod';
import { messageOf, RegistryError } from '../errors.js';
import type { Log } from '../log.js';

/** Providers change their endpoints rarely; new keys are noticed without this document. */
const FRESH_MS = 60 * 60_000;
const TIMEOUT_MS = 5000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

const endpoint = z.url({ protocol: /^https?$/ });

/** What we need of the document of OpenID Connect Discovery 1.0 section 3; the rest is kept for the client library. */
const metadataSchema = z.looseObject({
  issuer: z.string(),
  jwks_uri: endpoint,
  authorization_endpoint: endpoint.optional(),
  token_endpoint: endpoint.optional(),
  userinfo_endpoint: endpoint.optional(),
  end_session_endpoint: endpoint.optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
});
export type ProviderMetadata = Readonly<z.output<typeof metadataSchema>>;

/** The configured identity provider, as far as one must ask it to know it. */
export interface IdentityProvider {
  readonly issuer: string;
  /**
   * Its metadata, read at first use and renewed every hour. While it cannot be read, what was known
   * before goes on; without that, it is asked again only after a wait that doubles up to a minute.
   * @throws RegistryError `identity-provider-unavailable`
   */
  metadata(): Promise<ProviderMetadata>;
}

/** @param deps.issuer an https URL, or an http one on loopback */
export function createIdentityProvider(deps: {
  readonly issuer: string;
  readonly clock: () => Date;
  readonly log: Log;
}): IdentityProvider {
  const { issuer, clock, log } = deps;
  let known: ProviderMetadata | undefined;
  let askAgainMs = 0;
  let failures = 0;
  let underWay: Promise<void> | undefined;

  const ask = async () => {
    try {
      known = await readMetadata(issuer);
      failures = 0;
      askAgainMs = clock().getTime() + FRESH_MS;
    } catch (thrown) {
      askAgainMs = clock().getTime() + Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
      failures += 1;
      log.warn('The identity provider cannot be used.', { issuer, reason: messageOf(thrown) });
    }
  };

  return {
    issuer,
    metadata: async () => {
      if (clock().getTime() >= askAgainMs) {
        underWay ??= ask().finally(() => (underWay = undefined));
        await underWay;
      }
      return known ?? fail();
    },
  };
}

/** What everybody is told; the reason is in the log. */
export function providerUnavailable(cause?: unknown): RegistryError {
  return new RegistryError(
    'identity-provider-unavailable',
    'The identity provider does not answer as it should. Try again in a minute; passwords work without it.',
    { cause },
  );
}

function fail(): never {
  throw providerUnavailable();
}

async function readMetadata(issuer: string): Promise<ProviderMetadata> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, {
    headers: { Accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((thrown: unknown) => {
    throw new Error(`${url} cannot be reached: ${reasonOf(thrown)}`);
  });
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
  const parsed = metadataSchema.safeParse(await answer.json());
  if (!parsed.success) {
    throw new Error(`${url} is not a discovery document: ${z.prettifyError(parsed.error)}`);
  }
  requireTrustworthy(parsed.data, issuer);
  return parsed.data;
}

/** RFC 8414 section 3.3: another issuer could pass its own keys off as this one's. */
function requireTrustworthy(metadata: ProviderMetadata, issuer: string): void {
  if (metadata.issuer !== issuer) {
    throw new Error(
      `the provider calls itself ${metadata.issuer}; OIDC_ISSUER must be the same, character for character`,
    );
  }
  // Only an issuer on loopback may be plain http, and then nothing of it may leave the machine in clear.
  const { hostname, protocol } = new URL(issuer);
  for (const [name, value] of Object.entries(metadata)) {
    if (!(name.endsWith('_endpoint') || name === 'jwks_uri') || typeof value !== 'string') continue;
    const url = new URL(value);
    const local = protocol === 'http:' && url.hostname === hostname;
    if (url.protocol !== 'https:' && !local) throw new Error(`its ${name} is not https: ${value}`);
  }
}

/** `fetch` only says "fetch failed"; why is in its cause. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return messageOf(cause ?? thrown);
}
