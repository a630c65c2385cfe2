import type { CallTokens } from '../access/call-tokens.js';
import type { Vault } from '../access/vault.js';
import type { Gateway, Preview } from '../gateway/gateway.js';
import type { Log } from '../log.js';
import type { Store } from '../store/store.js';
import type { UpstreamMonitor } from '../upstream/monitor.js';
import { OUTCOME_WAIT_MS, createServerChanges, type ServerChanges } from './server-changes.js';
import { requireReadable } from './server-lookup.js';
import { createOwnership, type Ownership } from './ownership.js';
import { createServerPreview } from './server-preview.js';
import { createServerQueries, type ServerQueries } from './server-queries.js';
import { createServerViewer } from './server-viewer.js';
import type { ServerRefresh } from './outcome-view.js';
import { createResourceMetadata, type ResourceMetadata } from './resource-metadata.js';
import type { ToolCaller } from './tool-caller.js';
import { createToolOperations, type ToolOperations } from './tool-operations.js';

/**
 * Everything that can be done with servers, for every edge alike. Paths are as the caller wrote
 * them, inputs are not yet validated; callers are authorised by the edge.
 */
export interface ServerOperations extends ServerQueries, ServerChanges, ToolOperations, Ownership {
  /** Checks the server and lists its tools now. @throws RegistryError `server-not-found` */
  refresh(path: string): Promise<ServerRefresh>;
  /** What nginx would be given. @throws RegistryError `validation-failed` */
  preview(input: unknown, by: string): Preview;
  /** RFC 9728. @throws RegistryError `server-not-found`, also where no token is needed */
  resourceMetadata(path: string): ResourceMetadata;
}

export interface ServerOperationsDeps {
  readonly store: Store;
  readonly gateway: Gateway;
  readonly monitor: UpstreamMonitor;
  readonly toolCaller: ToolCaller;
  /** With which tools are called in the name of somebody. */
  readonly callTokens: CallTokens;
  /** Seals the credentials for upstreams. */
  readonly vault: Vault;
  readonly clock: () => Date;
  /** Of the gateway, without a trailing slash. */
  readonly publicUrl: string;
  /** Of the identity provider whose tokens are taken; absent: none. */
  readonly issuer?: string;
  readonly log: Log;
}

export function createServerOperations(deps: ServerOperationsDeps): ServerOperations {
  const { store, gateway, monitor } = deps;
  const viewer = createServerViewer(deps);
  return {
    ...createServerQueries({ ...deps, viewer }),
    ...createServerChanges({ ...deps, viewer }),
    ...createToolOperations(deps),
    ...createOwnership(deps),
    preview: createServerPreview(deps),
    resourceMetadata: createResourceMetadata(deps),
    refresh: async (path) => {
      const server = requireReadable(store.state().catalog, path);
      const { tools, prompts, resources } = await monitor.refresh(server);
      // What was found may have moved the endpoint, and with it the route.
      const outcome = await gateway.outcome(OUTCOME_WAIT_MS);
      const changes = { tools, prompts, resources };
      return { server: viewer()(server), changes, gateway: outcome };
    },
  };
}
