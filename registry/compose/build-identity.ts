import { createExternalTokens, type ExternalTokens } from '../access/external-tokens.js';
import { createIdentityProvider } from '../access/identity-provider.js';
import { createOidcLogin } from '../access/oidc-login.js';
import type { Config } from '../config/config.js';
import type { Log } from '../log.js';
import { createOidcOperations, type OidcOperations } from '../operations/access/oidc-operations.js';
import type { Store } from '../store/store.js';

/** What the identity provider is good for here, as far as one is configured. */
export function buildIdentity(
  { oidc, publicUrl }: Config,
  parts: {
    readonly store: Store;
    readonly secretKey: string;
    readonly clock: () => Date;
    readonly log: Log;
  },
): { readonly operations: OidcOperations; readonly externalTokens?: ExternalTokens } {
  if (oidc === undefined) return { operations: createOidcOperations({ ...parts, publicUrl }) };
  const { issuer, groupsClaim, login: settings } = oidc;
  const provider = createIdentityProvider({ ...parts, issuer });
  const externalTokens = createExternalTokens({ ...parts, provider, groupsClaim, publicUrl });
  if (settings === undefined) {
    return { operations: createOidcOperations({ ...parts, publicUrl }), externalTokens };
  }
  const { usernameClaim, roleMap } = settings;
  const login = createOidcLogin({
    ...parts,
    provider,
    settings: { ...settings, neededClaims: [usernameClaim, groupsClaim] },
    redirectUri: `${publicUrl}/api/login/oidc/callback`,
    afterLogOutUri: `${publicUrl}/ui/login`,
  });
  const mapping = { usernameClaim, groupsClaim, roleMap };
  const operations = createOidcOperations({
    ...parts,
    publicUrl,
    provider: { issuer, login, mapping },
  });
  return { operations, externalTokens };
}
