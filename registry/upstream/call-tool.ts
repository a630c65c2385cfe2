import type { CallToolResult, Progress } from '@modelcontextprotocol/client';
import type { SpokenTransport } from '../catalog/server.js';
import { underDeadline } from './deadline.js';
import { withMcpClient } from './mcp-client.js';
import type { Fetch } from './outbound-channel.js';

/** How far a tool is. */
export interface CallProgress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** A line that a server logs while a tool of it runs. */
export interface CallLog {
  readonly level: string;
  /** Any JSON. */
  readonly data: unknown;
  readonly logger?: string;
}

/** Who is told what a tool says while it works. All of it is the server's. */
export interface CallListener {
  progress(progress: CallProgress): void;
  log(line: CallLog): void;
}

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
  /** With one, the server is asked to tell of its progress. */
  readonly listener?: CallListener | undefined;
}

const MAX_MESSAGE = 2000;
const MAX_LOGGER = 256;
const MAX_DATA = 16 * 1024;
/** What a request of 2026-07-28 says to be sent log lines; older servers decide for themselves. */
const LOG_LEVEL = { 'io.modelcontextprotocol/logLevel': 'info' };

/**
 * Runs a tool the way an agent does and closes the session afterwards.
 * @throws what the MCP client throws: errors of the protocol, of HTTP, or the deadline
 */
export async function callTool(call: ToolCall): Promise<CallToolResult> {
  const { url, transport, name, timeoutMs, headers, listener, fetch = globalThis.fetch } = call;
  return underDeadline(timeoutMs, call.signal, (signal) =>
    withMcpClient({ url, transport, fetch, signal, timeoutMs, headers }, (client) => {
      const wanted = { name, arguments: call.arguments };
      const options = { signal, timeout: timeoutMs };
      if (listener === undefined) return client.callTool(wanted, options);
      client.setNotificationHandler('notifications/message', ({ params }) =>
        listener.log(readLog(params)),
      );
      // In the place of the client's own handler, which loses progress that comes together with the result.
      client.setNotificationHandler('notifications/progress', ({ params }) =>
        listener.progress(readProgress(params)),
      );
      const isModern = client.getProtocolEra() === 'modern';
      return client.callTool(
        { ...wanted, ...(isModern && { _meta: LOG_LEVEL }) },
        // With it, the client sends a progress token.
        { ...options, onprogress: () => undefined },
      );
    }),
  );
}

function readProgress({ progress, total, message }: Progress): CallProgress {
  return {
    progress,
    ...(total !== undefined && { total }),
    ...(message !== undefined && { message: message.slice(0, MAX_MESSAGE) }),
  };
}

function readLog({
  level,
  data,
  logger,
}: {
  readonly level: string;
  readonly data?: unknown;
  readonly logger?: string | undefined;
}): CallLog {
  const text = JSON.stringify(data ?? null);
  return {
    level,
    data: text.length > MAX_DATA ? `${text.slice(0, MAX_DATA)}...` : (data ?? null),
    ...(logger !== undefined && { logger: logger.slice(0, MAX_LOGGER) }),
  };
}
