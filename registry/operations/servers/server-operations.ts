import type { CallTokens } from '../../access/call-tokens.js';
import type { Principal } from '../../access/principal.js';
import type { Vault } from '../../access/vault.js';
import type { Gateway, Preview } from '../../gateway/gateway.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import type { AddressBook } from '../../upstream/address-book.js';
import type { RepositoryBook } from '../../upstream/repository-book.js';
import type { UpstreamMonitor } from '../../upstream/monitor.js';
import type { JudgeUrl } from './permitted-url.js';
import { OUTCOME_WAIT_MS, createServerChanges, type ServerChanges } from './server-changes.js';
import { requireOwn } from './ownership.js';
import { readable } from './server-lookup.js';
import { createServerProbe, type ServerProbe } from './server-probe.js';
import { createServerPreview } from './server-preview.js';
import { createServerQueries, type ServerQueries } from './server-queries.js';
import { createServerViewer } from './server-viewer.js';
import type { ServerRefresh } from './outcome-view.js';
import { createResourceMetadata, type ResourceMetadata } from './resource-metadata.js';
import type { OwnServer } from './own-server.js';
import type { ReviewBook } from '../tools/review-book.js';
import { createServerFindings, type ServerFindings } from './server-findings.js';
import { createToolReviews, type ToolReviews } from '../tools/tool-reviews.js';
import type { ToolCaller } from '../tools/tool-caller.js';
import { createToolOperations, type ToolOperations } from '../tools/tool-operations.js';

/**
 * Everything that can be done with servers, for every edge alike. Paths are as the caller wrote
 * them, inputs are not yet validated. The edge checks the permission for the kind of operation; which servers a caller sees
 * and may change is checked here.
 */
export interface ServerOperations
  extends ServerQueries, ServerChanges, ServerFindings, ToolOperations, ToolReviews {
  /** Checks the server and lists its tools now. @throws RegistryError `server-not-found`, `forbidden` */
  refresh(path: string, by: Principal): Promise<ServerRefresh>;
  /**
   * Looks what is behind an address, and stores nothing. With the path of a server that the caller may change, secrets
   * that `auth` leaves out are those that are stored for it.
   * @throws RegistryError `validation-failed`, `server-not-found`, `forbidden`
   */
  probe(input: unknown, by: Principal, signal: AbortSignal): Promise<ServerProbe>;
  /** What nginx would be given. @throws RegistryError `validation-failed`, `path-taken` */
  preview(input: unknown, by: Principal): Preview;
  /** RFC 9728. @throws RegistryError `server-not-found`, also where no token is needed */
  resourceMetadata(path: string): ResourceMetadata;
}

export interface ServerOperationsDeps {
  readonly store: Store;
  readonly gateway: Gateway;
  readonly monitor: UpstreamMonitor;
  readonly reviews: ReviewBook;
  readonly repositories: Pick<RepositoryBook, 'get'>;
  readonly addresses: Pick<AddressBook, 'known'>;
  readonly toolCaller: ToolCaller;
  /** With which tools are called in the name of somebody. */
  readonly callTokens: CallTokens;
  /** Seals the credentials for upstreams. */
  readonly vault: Vault;
  /** What the outbound policy says of addresses. */
  readonly judgeUrl: JudgeUrl;
  readonly clock: () => Date;
  /** Of the gateway, without a trailing slash. */
  readonly publicUrl: string;
  /** Of the identity provider whose tokens are taken; absent: none. */
  readonly issuer?: string;
  /** The registry's own MCP server, as an entry beside the others. */
  readonly own: OwnServer;
  readonly log: Log;
}

export function createServerOperations(deps: ServerOperationsDeps): ServerOperations {
  const { store, gateway, monitor } = deps;
  const viewer = createServerViewer(deps);
  return {
    ...createServerQueries({ ...deps, viewer }),
    ...createServerChanges({ ...deps, viewer }),
    ...createServerFindings(deps),
    ...createToolOperations(deps),
    ...createToolReviews(deps),
    probe: createServerProbe(deps),
    preview: createServerPreview(deps),
    resourceMetadata: createResourceMetadata(deps),
    refresh: async (path, by) => {
      const { server, seen } = readable(requireOwn(store.state(), path, by, 'servers:toggle-any'));
      const { tools, prompts, resources } = await monitor.refresh(server);
      // What was found may have moved the endpoint, and with it the route.
      const outcome = await gateway.outcome(OUTCOME_WAIT_MS);
      const changes = { tools, prompts, resources };
      return { server: viewer()({ server, seen }, by), changes, gateway: outcome };
    },
  };
}
