import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import type { Vault } from '../../access/vault.js';
import type { Server } from '../../catalog/server.js';
import { withoutQueryValues } from '../../url-query.js';
import type { Store } from '../../store/store.js';
import { viewAuth } from './auth-view.js';
import { seesWholeUrl } from './ownership.js';
import { seenServers } from './server-lookup.js';
import { serverViewSchema } from './server-view.js';

/** What an operator decides of a server, and where it came from; everything else is found out anew. */
const DECIDED = {
  name: true,
  path: true,
  url: true,
  description: true,
  repository: true,
  tags: true,
  transport: true,
  enabled: true,
  access: true,
  timeoutSeconds: true,
  maxBodyBytes: true,
  hostHeader: true,
  tls: true,
  limits: true,
  auth: true,
  origin: true,
} as const;

export const exportSchema = z.strictObject({
  exportedAt: z.string(),
  servers: z.array(serverViewSchema.pick(DECIDED).strict()).readonly(),
});
type Export = z.output<typeof exportSchema>;

/**
 * The catalog as far as the caller sees it, in the order of the paths and without secrets. An import takes it; secrets have
 * to be filled in again, and nothing is enabled by it.
 */
export type ExportServers = (by: Principal) => Export;

export function createExportServers(deps: {
  readonly store: Pick<Store, 'state'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly clock: () => Date;
}): ExportServers {
  const { store, vault, clock } = deps;
  const exported = (server: Server, by: Principal): Export['servers'][number] => {
    const { name, path, description, repository, tags, transport, enabled, access } = server;
    const isWhole = seesWholeUrl(server, by);
    const shown = (address: string) => (isWhole ? address : withoutQueryValues(address));
    const { timeoutSeconds, maxBodyBytes, hostHeader, tls, limits, origin } = server;
    return {
      ...{
        name,
        path,
        url: shown(server.url),
        description,
        repository,
        tags,
        transport,
        enabled,
        access,
      },
      ...{ timeoutSeconds, maxBodyBytes, hostHeader, tls, limits },
      auth: viewAuth(server.auth, vault.open, shown),
      ...(origin && { origin }),
    };
  };
  return (by) => ({
    exportedAt: clock().toISOString(),
    servers: seenServers(store.state(), by.visibility)
      .map(({ server }) => exported(server, by))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  });
}
