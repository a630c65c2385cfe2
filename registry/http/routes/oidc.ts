import { z } from 'zod';
import { LOGIN_SECONDS } from '../../access/oidc-login.js';
import {
  loginMethodsSchema,
  type OidcOperations,
} from '../../operations/access/oidc-operations.js';
import { publicRoute, type Route } from '../route.js';

const ERROR_PAGE = '/ui/login';
const COOKIE = 'mcpgw_oidc';
/** JWE compact serialisation. */
const SEALED = new RegExp(`(?:^|; *)${COOKIE}=([A-Za-z0-9._-]+)(?:;|$)`);

/** @param publicUrl of the gateway, without a trailing slash */
export function oidcRoutes(oidc: OidcOperations, publicUrl: string): readonly Route[] {
  const setCookie = cookieWriter(publicUrl);
  return [
    publicRoute({
      method: 'get',
      path: '/api/login/methods',
      permission: 'public',
      tag: 'Session',
      summary: 'How one can log in',
      success: { status: 200, description: 'The methods', schema: loginMethodsSchema },
      errors: [],
      handle: () => ({ body: oidc.methods() }),
    }),
    publicRoute({
      method: 'get',
      path: '/api/login/oidc',
      permission: 'public',
      tag: 'Session',
      summary: 'Leads a browser to the identity provider to log in',
      request: {
        query: z.object({
          returnTo: z.string().optional().meta({ description: 'Path of this site to end at.' }),
        }),
      },
      success: { status: 302, description: 'See the identity provider' },
      errors: ['route-not-found', 'identity-provider-unavailable'],
      errorPage: ERROR_PAGE,
      handle: async ({ query }) => {
        const { url, sealed } = await oidc.begin(query.returnTo);
        return { headers: { Location: url, 'Set-Cookie': setCookie(sealed, LOGIN_SECONDS) } };
      },
    }),
    publicRoute({
      method: 'get',
      path: '/api/login/oidc/callback',
      permission: 'public',
      tag: 'Session',
      summary: 'Where the identity provider sends browsers back to: a session begins',
      description: 'Browsers are led to /ui/login?error=<code> when it fails.',
      success: { status: 302, description: 'See the page that was asked for' },
      errors: [
        'route-not-found',
        'log-in-failed',
        'account-disabled',
        'last-admin',
        'identity-provider-unavailable',
        'store-read-only',
        'store-write-failed',
        'gate-write-failed',
      ],
      errorPage: ERROR_PAGE,
      audit: {
        action: 'session.begin',
        refusedAs: 'session.refused',
        target: () => ({ type: 'user' }),
      },
      handle: async (call) => {
        const sealed = SEALED.exec(call.header('cookie') ?? '')?.[1];
        const outcome = await oidc.complete(searchOf(call.query), sealed, call.address);
        const { username, returnTo, endSessionUrl } = outcome;
        await call.session.begin(username, endSessionUrl);
        return { headers: { Location: returnTo, 'Set-Cookie': setCookie('', 0) } };
      },
    }),
  ];
}

/** Lax, not strict: it comes back with a navigation that another site began. */
function cookieWriter(publicUrl: string) {
  const { pathname, protocol } = new URL(`${publicUrl}/api/login/oidc`);
  const attributes = `Path=${pathname}; HttpOnly; SameSite=Lax${protocol === 'https:' ? '; Secure' : ''}`;
  return (value: string, maxAgeSeconds: number) =>
    `${COOKIE}=${value}; Max-Age=${maxAgeSeconds}; ${attributes}`;
}

/** The query as it came: what stands in it twice must be seen twice, so that it is refused. */
function searchOf(query: Readonly<Record<string, unknown>>): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) search.append(name, String(each));
  }
  return search;
}
