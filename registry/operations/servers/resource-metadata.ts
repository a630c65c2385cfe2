import { z } from 'zod';
import { RegistryError } from '../../errors.js';
import type { Store } from '../../store/store.js';
import { parseServerPath } from '../../catalog/server-path.js';
import { isOwnMcpPath, OWN_MCP_PATH, OWN_MCP_TITLE } from './own-mcp-server.js';
import { noServerAt } from './server-lookup.js';
import { publicUrlOf } from './server-view.js';

/** OAuth 2.0 Protected Resource Metadata, RFC 9728 section 2. */
export const resourceMetadataSchema = z.strictObject({
  resource: z.string().meta({ description: 'Exactly the URL that clients connect to.' }),
  resource_name: z.string(),
  authorization_servers: z.array(z.string()).optional().meta({
    description:
      'Where tokens come from; absent when only tokens of the registry itself are taken.',
  }),
  bearer_methods_supported: z.array(z.literal('header')),
});
export type ResourceMetadata = z.output<typeof resourceMetadataSchema>;

/**
 * Whoever knows the path of a server has to learn where to get a token for it, so it is told to everybody; what the server is
 * called is for those who see it.
 */
export function createResourceMetadata(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly publicUrl: string;
  /** Of the identity provider whose tokens are taken; absent: none. */
  readonly issuer?: string;
}): (path: string) => ResourceMetadata {
  return (path) => {
    if (isOwnMcpPath(path)) return ownMetadata(deps.publicUrl);
    const parsed = parseServerPath(path);
    const server = parsed.ok ? deps.store.state().catalog.servers.get(parsed.value) : undefined;
    if (server === undefined) throw noServerAt(path);
    if (server.access === 'public') {
      throw new RegistryError('server-not-found', `${server.path} needs no token.`);
    }
    return {
      resource: publicUrlOf(server, deps.publicUrl),
      resource_name: server.path,
      ...(deps.issuer !== undefined && { authorization_servers: [deps.issuer] }),
      bearer_methods_supported: ['header'],
    };
  };
}

/** Its tokens are those of the API, which the registry alone gives. */
function ownMetadata(publicUrl: string): ResourceMetadata {
  return {
    resource: publicUrlOf({ path: OWN_MCP_PATH }, publicUrl),
    resource_name: OWN_MCP_TITLE,
    bearer_methods_supported: ['header'],
  };
}
