import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type PriorDiscovery,
} from '@modelcontextprotocol/client';
import type { SpokenTransport } from '../catalog/server.js';
import { CLIENT_INFO } from './mcp-versions.js';
import type { Fetch } from './outbound-channel.js';
import { endSession } from './probe-request.js';

export interface McpTarget {
  readonly url: string;
  readonly transport: SpokenTransport;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
  /** For each request, milliseconds. */
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What a probe found; without it the client asks for the era itself. */
  readonly prior?: PriorDiscovery | undefined;
}

/** Connects an MCP client, lets `use` work with it, and leaves no session, stream or timer behind. */
export async function withMcpClient<T>(
  target: McpTarget,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const { signal, timeoutMs, prior } = target;
  const client = new Client(CLIENT_INFO, { versionNegotiation: { mode: 'auto' } });
  const transport = openTransport(target);
  try {
    await client.connect(transport, {
      signal,
      timeout: timeoutMs,
      ...(prior !== undefined && { prior }),
    });
    return await use(client);
  } finally {
    await leave(target, transport);
    await client.close();
    // A client whose connect failed has let go of its transport without closing it.
    await transport.close();
  }
}

type ClientTransport = SSEClientTransport | StreamableHTTPClientTransport;

function openTransport({ url, transport, fetch, headers }: McpTarget): ClientTransport {
  const options = { fetch, ...(headers && { requestInit: { headers } }) };
  return transport === 'sse'
    ? new SSEClientTransport(new URL(url), options)
    : new StreamableHTTPClientTransport(new URL(url), {
        ...options,
        onInsufficientScope: 'throw',
        reconnectionOptions: {
          maxRetries: 0,
          initialReconnectionDelay: 1000,
          maxReconnectionDelay: 1000,
          reconnectionDelayGrowFactor: 1,
        },
      });
}

/** The transport's own goodbye does not work once it was aborted, and it has no time limit. */
async function leave(target: McpTarget, transport: ClientTransport): Promise<void> {
  if (!(transport instanceof StreamableHTTPClientTransport)) return;
  const { sessionId, protocolVersion } = transport;
  if (sessionId === undefined) return;
  await endSession(target.fetch, target.url, sessionId, {
    ...target.headers,
    ...(protocolVersion !== undefined && { 'mcp-protocol-version': protocolVersion }),
  });
}
