import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../../access/principal.js';
import type { Tool } from '../../catalog/discovery.js';

/** Where the registry's own MCP server is; no server of the catalog can be there. */
export const OWN_MCP_PATH = '/mcpgw';

export const OWN_MCP_TITLE = 'MCP Gateway & Registry';

/** @param path with or without the leading slash */
export function isOwnMcpPath(path: string): boolean {
  return path === OWN_MCP_PATH || `/${path}` === OWN_MCP_PATH;
}

/** Who calls the registry's own MCP server: the bearer of a token, with every request anew. */
export interface McpCaller {
  readonly principal: Principal;
  readonly address: string;
  readonly requestId: string;
}

/** The registry's own MCP server, as HTTP sees it. Whoever calls it has found out who asks. */
export interface OwnMcpServer {
  /** Streamable HTTP: answers any method, and reads the body itself. Keeps nothing between two requests. */
  answer(req: IncomingMessage, res: ServerResponse, caller: McpCaller): Promise<void>;
  /** HTTP+SSE: opens a stream, which belongs to the caller. */
  openStream(res: ServerResponse, caller: McpCaller): Promise<void>;
  /**
   * HTTP+SSE: takes a message; what comes of it goes to the stream.
   * @throws RegistryError `session-not-found`, also for a stream of somebody else, `malformed-request`
   */
  takeMessage(sessionId: string, message: unknown, caller: McpCaller): void;
  /** What the caller is offered. */
  tools(principal: Principal): readonly Tool[];
  /** Ends every stream and every call that is under way. */
  stop(): Promise<void>;
}
