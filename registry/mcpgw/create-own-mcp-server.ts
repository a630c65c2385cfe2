import { randomUUID } from 'node:crypto';
import { toNodeHandler, type NodeIncomingMessageLike } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { RegistryError, messageOf } from '../errors.js';
import {
  OWN_MCP_PATH,
  type McpCaller,
  type OwnMcpServer,
} from '../operations/servers/own-mcp-server.js';
import {
  authInfoOf,
  buildMcpServer,
  offeredTools,
  type McpServerDeps,
} from './build-mcp-server.js';
import { describeTool } from './describe-tool.js';
import { gatewayTools, type GatewayToolDeps } from './gateway-tools.js';
import { SseTransport } from './sse-transport.js';

/** As the REST API takes them. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Hosts that come back without having said goodbye leave streams behind: the oldest of an account gives way. */
const STREAMS_PER_ACCOUNT = 20;

interface Stream {
  readonly transport: SseTransport;
  readonly username: string;
  /** Undefined never matches: the edge lets tokens in alone. */
  readonly tokenId: string | undefined;
}

/** The registry's own MCP server. Over Streamable HTTP every replica can answer every request. */
export function createOwnMcpServer(
  deps: GatewayToolDeps & Omit<McpServerDeps, 'tools'>,
): OwnMcpServer {
  const { log } = deps;
  const tools = gatewayTools(deps);
  const handler = createMcpHandler(() => buildMcpServer({ ...deps, tools }), {
    maxRequestBodySize: MAX_BODY_BYTES,
    // Mostly requests that were refused, of which the caller is told.
    onerror: (error) => log.debug('An MCP request was not answered.', { reason: messageOf(error) }),
  });
  const answer = toNodeHandler(handler, { maxRequestBodySize: MAX_BODY_BYTES });
  const streams = new Map<string, Stream>();

  return {
    answer: (req, res, caller) =>
      answer(Object.assign(req as NodeIncomingMessageLike, { auth: authInfoOf(caller) }), res),
    openStream: async (res, { principal: { username, tokenId } }) => {
      const sessionId = randomUUID();
      const endpoint = `${OWN_MCP_PATH}/message?sessionId=${sessionId}`;
      const transport = new SseTransport(res, sessionId, endpoint);
      const mcp = buildMcpServer({ ...deps, tools });
      mcp.server.onclose = () => streams.delete(sessionId);
      await closeOldest(streams, username);
      streams.set(sessionId, { transport, username, tokenId });
      await mcp.connect(transport);
    },
    takeMessage: (sessionId, message, caller) => {
      const stream = streams.get(sessionId);
      if (stream === undefined || !isOf(stream, caller)) {
        throw new RegistryError(
          'session-not-found',
          `There is no such stream of this token; open one with GET ${OWN_MCP_PATH}/sse.`,
        );
      }
      stream.transport.receive(message, authInfoOf(caller));
    },
    tools: (principal) => offeredTools(tools, principal).map(describeTool),
    stop: async () => {
      await Promise.all([...streams.values()].map(({ transport }) => transport.close()));
      await handler.close();
    },
  };
}

function isOf({ tokenId }: Stream, { principal }: McpCaller): boolean {
  return tokenId !== undefined && tokenId === principal.tokenId;
}

/** Maps remember the order in which things came. */
async function closeOldest(streams: ReadonlyMap<string, Stream>, username: string): Promise<void> {
  const theirs = [...streams.values()].filter((stream) => stream.username === username);
  if (theirs.length >= STREAMS_PER_ACCOUNT) await theirs[0]?.transport.close();
}
