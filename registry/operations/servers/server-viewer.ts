import type { Principal } from '../../access/principal.js';
import type { Vault } from '../../access/vault.js';
import type { Gateway } from '../../gateway/gateway.js';
import type { UpstreamMonitor } from '../../upstream/monitor.js';
import type { RepositoryBook } from '../../upstream/repository-book.js';
import type { ReviewBook } from '../tools/review-book.js';
import { seesWholeUrl } from './ownership.js';
import type { SeenServer } from './server-lookup.js';
import { viewServer, type ServerView } from './server-view.js';

/**
 * Gives a way to view any number of servers with the facts of one moment.
 * @param by who sees the server; where several are shown the same, the query of its address is for none of them
 */
export type ServerViewer = () => (of: SeenServer, by?: Principal) => ServerView;

export function createServerViewer(deps: {
  readonly gateway: Pick<Gateway, 'status'>;
  readonly monitor: Pick<UpstreamMonitor, 'health' | 'discovery'>;
  readonly reviews: Pick<ReviewBook, 'get' | 'fault'>;
  readonly repositories: Pick<RepositoryBook, 'get'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly publicUrl: string;
}): ServerViewer {
  const { gateway, monitor, reviews, repositories, vault, publicUrl } = deps;
  return () => {
    const exclusions = new Map(
      gateway
        .status()
        // A record that cannot be read may claim the path of a server that can.
        .exclusions.filter(({ reason }) => reason !== 'invalid-record')
        .map((exclusion) => [exclusion.path, exclusion]),
    );
    return ({ server, seen }, by) =>
      viewServer(server, {
        seen,
        wholeUrl: by !== undefined && seesWholeUrl(server, by),
        health: monitor.health(server.path),
        discovery: monitor.discovery(server.path),
        exclusion: exclusions.get(server.path),
        review: reviews.get(server.path),
        reviewFault: reviews.fault(server.path),
        repository: repositories.get(server.repository),
        open: vault.open,
        publicUrl,
      });
  };
}
