import type { Server } from '../catalog/server.js';
import { secretContext, type OpenSecret, type SealedText } from '../catalog/server-auth.js';
import { CredentialFault, unreadable } from './credential-fault.js';
import type { OAuthTokens } from './oauth-token.js';
import type { Fetch } from './outbound-channel.js';

/** Headers that prove to an upstream who calls; names in lower case. Never to be logged or shown. */
export type CredentialHeaders = Readonly<Record<string, string>>;

export const NO_HEADERS: CredentialHeaders = Object.freeze({});

/** What is sent to upstreams to be let in: the same by probes, discovery and nginx. */
export interface UpstreamCredentials {
  /**
   * For a server without a credential of ours (`none`, `pass-through`) there are none.
   * @throws CredentialFault when the secret cannot be read or no token can be had
   */
  headersOf(server: Pick<Server, 'auth'>): Promise<CredentialHeaders>;
  /** The same without waiting for anything: undefined while they are not to be had. */
  atHand(server: Pick<Server, 'auth'>): CredentialHeaders | undefined;
  /** The upstream answered 401. @returns whether there are other headers now, with which to try again */
  renew(server: Pick<Server, 'auth'>): Promise<boolean>;
}

/** For a registry whose upstreams want none. */
export const NO_CREDENTIALS: UpstreamCredentials = {
  headersOf: () => Promise.resolve(NO_HEADERS),
  atHand: () => NO_HEADERS,
  renew: () => Promise.resolve(false),
};

export function createUpstreamCredentials(deps: {
  readonly open: OpenSecret;
  readonly tokens: Pick<OAuthTokens, 'get' | 'atHand' | 'renew'>;
}): UpstreamCredentials {
  const { open, tokens } = deps;

  const read = (id: string, field: string, sealed: SealedText): string => {
    const plain = open(sealed, secretContext(id, field));
    if (plain === undefined) throw unreadable();
    return plain;
  };

  /** What needs no request; undefined for OAuth. */
  const fixed = ({ auth }: Pick<Server, 'auth'>): CredentialHeaders | undefined => {
    switch (auth.type) {
      case 'none':
      case 'pass-through':
        return NO_HEADERS;
      case 'bearer':
        return { authorization: `Bearer ${read(auth.id, 'token', auth.token)}` };
      case 'basic': {
        // RFC 7617, section 2.1: UTF-8.
        const pair = `${auth.username}:${read(auth.id, 'password', auth.password)}`;
        return { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
      }
      case 'headers':
        return Object.fromEntries(
          auth.headers.map(({ name, value }) => [
            name.toLowerCase(),
            read(auth.id, `headers.${name}`, value),
          ]),
        );
      case 'oauth-client-credentials':
        return undefined;
    }
  };

  return {
    async headersOf(server) {
      const { auth } = server;
      if (auth.type !== 'oauth-client-credentials') return fixed(server) ?? NO_HEADERS;
      return { authorization: `Bearer ${await tokens.get(auth)}` };
    },
    atHand(server) {
      const { auth } = server;
      if (auth.type === 'oauth-client-credentials') {
        const token = tokens.atHand(auth);
        return token === undefined ? undefined : { authorization: `Bearer ${token}` };
      }
      try {
        return fixed(server);
      } catch (thrown) {
        if (thrown instanceof CredentialFault) return undefined;
        throw thrown;
      }
    },
    async renew({ auth }) {
      return auth.type === 'oauth-client-credentials' && (await tokens.renew(auth));
    },
  };
}

/**
 * Adds the headers to every request to the origin of `url`, and to no other: whatever redirects,
 * announced endpoints or stored discoveries say, a credential stays with the server it is for.
 */
export function fetchWith(fetch: Fetch, headers: CredentialHeaders, url: string): Fetch {
  const { origin } = new URL(url);
  return (target, init = {}) => {
    if (new URL(target).origin !== origin) return fetch(target, init);
    const all = new Headers(init.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return fetch(target, { ...init, headers: all });
  };
}
