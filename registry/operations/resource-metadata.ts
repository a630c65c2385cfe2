import { z } from 'zod';
import { RegistryError } from '../errors.js';
import type { Store } from '../store/store.js';
import { requireReadable } from './server-lookup.js';
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

export function createResourceMetadata(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly publicUrl: string;
  /** Of the identity provider whose tokens are taken; absent: none. */
  readonly issuer?: string;
}): (path: string) => ResourceMetadata {
  return (path) => {
    const server = requireReadable(deps.store.state().catalog, path);
    if (server.access === 'public') {
      throw new RegistryError('server-not-found', `${server.path} needs no token.`);
    }
    return {
      resource: publicUrlOf(server, deps.publicUrl),
      resource_name: server.name,
      ...(deps.issuer !== undefined && { authorization_servers: [deps.issuer] }),
      bearer_methods_supported: ['header'],
    };
  };
}
