import type { Vault } from '../access/vault.js';
import type { Gateway } from '../gateway/gateway.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import type { SeenServer } from './server-lookup.js';
import { viewServer, type ServerView } from './server-view.js';

/** Gives a way to view any number of servers with the facts of one moment. */
export type ServerViewer = () => (of: SeenServer) => ServerView;

export function createServerViewer(deps: {
  readonly gateway: Pick<Gateway, 'status'>;
  readonly monitor: Pick<UpstreamMonitor, 'health' | 'discovery'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly publicUrl: string;
}): ServerViewer {
  const { gateway, monitor, vault, publicUrl } = deps;
  return () => {
    const exclusions = new Map(
      gateway
        .status()
        // A record that cannot be read may claim the path of a server that can.
        .exclusions.filter(({ reason }) => reason !== 'invalid-record')
        .map((exclusion) => [exclusion.path, exclusion]),
    );
    return ({ server, seen }) =>
      viewServer(server, {
        seen,
        health: monitor.health(server.path),
        discovery: monitor.discovery(server.path),
        exclusion: exclusions.get(server.path),
        open: vault.open,
        publicUrl,
      });
  };
}
