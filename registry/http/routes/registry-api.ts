import type { Principal } from '../../access/principal.js';
import { RegistryError } from '../../errors.js';
import type { PublishedServers } from '../../operations/published/published-servers.js';
import {
  publishedListSchema,
  publishedQuerySchema,
  publishedServerSchema,
  publishedVersionQuerySchema,
} from '../../operations/published/published-view.js';
import { publicRoute, type Call, type Route } from '../route.js';

const SEEN =
  'Public servers, and with a token or session those that the caller sees, as clients reach them through the gateway. ' +
  'Servers that are disabled or not routed have the status `deleted`.';

/** The MCP registry API, read-only, under its present version and under the one that older clients ask for. */
export function registryApiRoutes(published: PublishedServers): readonly Route[] {
  return [...routesBelow('/v0.1', published), ...routesBelow('/v0', published)];
}

function routesBelow(base: '/v0.1' | '/v0', published: PublishedServers): readonly Route[] {
  const common = { method: 'get', permission: 'public', tag: 'MCP registry' } as const;
  return [
    publicRoute({
      ...common,
      path: `${base}/servers`,
      summary: 'List servers as an MCP registry does',
      description: `${SEEN} \`search\` looks in names, titles and descriptions.`,
      request: { query: publishedQuerySchema },
      success: { status: 200, description: 'A page of servers', schema: publishedListSchema },
      errors: ['validation-failed', 'authentication-required'],
      handle: (call) => ({ body: published.list(call.query, callerOf(call)) }),
    }),
    publicRoute({
      ...common,
      path: `${base}/servers/{serverName}/versions`,
      summary: 'The versions of a server, of which there is one',
      request: { query: publishedVersionQuerySchema },
      success: { status: 200, description: 'The versions', schema: publishedListSchema },
      errors: ['validation-failed', 'authentication-required', 'server-not-found'],
      handle: (call) => ({
        body: published.versions(call.params.serverName ?? '', call.query, callerOf(call)),
      }),
    }),
    publicRoute({
      ...common,
      path: `${base}/servers/{serverName}/versions/{version}`,
      summary: 'One version of a server; `latest` is one',
      request: { query: publishedVersionQuerySchema },
      success: { status: 200, description: 'The server', schema: publishedServerSchema },
      errors: ['validation-failed', 'authentication-required', 'server-not-found'],
      handle: (call) => {
        const { serverName = '', version = '' } = call.params;
        return { body: published.version(serverName, version, call.query, callerOf(call)) };
      },
    }),
  ];
}

/** Whoever shows a token that does not hold is told so, and is not a stranger. */
function callerOf({ principal, header }: Call): Principal | undefined {
  if (principal !== undefined || header('authorization') === undefined) return principal;
  throw new RegistryError(
    'authentication-required',
    'The token is not known here, has expired or was revoked. Public servers are listed without one.',
  );
}
