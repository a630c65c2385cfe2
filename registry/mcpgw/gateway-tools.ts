import type { ClientGuides } from '../operations/servers/client-guides.js';
import type { ServerOperations } from '../operations/servers/server-operations.js';
import type { SystemOperations } from '../operations/system/system-operations.js';
import type { ToolSearch } from '../operations/tools/tool-search.js';
import type { GatewayTool } from './gateway-tool.js';
import { changingTools } from './tools/changing-tools.js';
import { readingTools } from './tools/reading-tools.js';
import { usingTools } from './tools/using-tools.js';

/** What the tools do: the same things, by the same code, as the REST API. */
export interface GatewayToolDeps {
  readonly servers: ServerOperations;
  readonly system: Pick<SystemOperations, 'gatewayStatus'>;
  readonly search: ToolSearch;
  readonly clients: Pick<ClientGuides, 'guide'>;
}

/** Every tool that there is; nothing else is offered. */
export function gatewayTools(deps: GatewayToolDeps): readonly GatewayTool[] {
  return [...readingTools(deps), ...changingTools(deps.servers), ...usingTools(deps)];
}
