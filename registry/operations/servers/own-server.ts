import type { Principal, Visibility } from '../../access/principal.js';
import type { Tool } from '../../catalog/discovery.js';
import { SERVER_DEFAULTS } from '../../catalog/server.js';
import { OWN_MCP_PATH, OWN_MCP_TITLE } from './own-mcp-server.js';
import { publicUrlOf, type ServerView } from './server-view.js';
import { viewTool, type ServerTools } from '../tools/tool-view.js';

/**
 * The registry's own MCP server in the shape of the others. It is in no catalog, so that nobody can change it, and nginx
 * serves it whatever the catalog says; it is counted nowhere.
 */
export interface OwnServer {
  /** Undefined for a token that is for another server alone. */
  view(by: Principal): ServerView | undefined;
  /** Those that the rights of the caller give. Undefined as with `view`. */
  tools(by: Principal): ServerTools | undefined;
}

export function createOwnServer(deps: {
  /** Of the gateway, without a trailing slash. */
  readonly publicUrl: string;
  readonly version: string;
  /** Asked late: the tools do what the operations do, and these show the tools. */
  readonly toolsFor: (by: Principal) => readonly Tool[];
}): OwnServer {
  const { publicUrl, version, toolsFor } = deps;
  return {
    view: (by) =>
      isSeen(by.visibility) ? viewOwn(publicUrl, version, toolsFor(by).length) : undefined,
    tools: (by) => {
      if (!isSeen(by.visibility)) return undefined;
      const tools = toolsFor(by).map((tool) => viewTool(tool, OWN_MCP_PATH, false));
      const estimatedTokens = tools.reduce((sum, tool) => sum + tool.estimatedTokens, 0);
      return { tools, fetchedAt: null, removedSinceReview: [], estimatedTokens };
    },
  };
}

function isSeen({ server }: Visibility): boolean {
  return server === undefined;
}

function viewOwn(publicUrl: string, version: string, toolCount: number): ServerView {
  const url = publicUrlOf({ path: OWN_MCP_PATH }, publicUrl);
  return {
    ...SERVER_DEFAULTS,
    builtIn: true,
    path: OWN_MCP_PATH,
    name: OWN_MCP_TITLE,
    description:
      'The gateway itself for agents: register, change and watch servers, find tools, and run those of servers that were not known before.',
    url,
    transport: 'streamable-http',
    detectedTransport: 'streamable-http',
    era: 'modern',
    serverInfo: { name: OWN_MCP_PATH.slice(1), version, title: OWN_MCP_TITLE },
    capabilities: ['tools'],
    enabled: true,
    owner: '',
    auth: { type: 'none' },
    publicUrl: url,
    sseUrl: `${publicUrl}${OWN_MCP_PATH}/sse`,
    toolCount,
    promptCount: 0,
    resourceCount: 0,
    // Whoever reads this was answered by it.
    health: { reachable: 'yes', usable: 'ok' },
    revision: 0,
    createdAt: '',
    updatedAt: '',
  };
}
