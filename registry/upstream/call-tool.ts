import type { CallToolResult } from '@modelcontextprotocol/client';
import type { SpokenTransport } from '../catalog/server.js';
import { underDeadline } from './deadline.js';
import { withMcpClient } from './mcp-client.js';
import type { Fetch } from './outbound-channel.js';

export interface ToolCall {
  /** The gateway's own URL of the server; it is not judged by the outbound policy. */
  readonly url: string;
  readonly transport: SpokenTransport;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** For the whole call. */
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: Fetch;
}

/**
 * Runs a tool the way an agent does and closes the session afterwards.
 * @throws what the MCP client throws: errors of the protocol, of HTTP, or the deadline
 */
export async function callTool(call: ToolCall): Promise<CallToolResult> {
  const { url, transport, name, timeoutMs, headers, fetch = globalThis.fetch } = call;
  return underDeadline(timeoutMs, call.signal, (signal) =>
    withMcpClient({ url, transport, fetch, signal, timeoutMs, headers }, (client) =>
      client.callTool({ name, arguments: call.arguments }, { signal, timeout: timeoutMs }),
    ),
  );
}
