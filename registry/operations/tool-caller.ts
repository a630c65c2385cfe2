import type { SpokenTransport } from '../catalog/server.js';
import type { ServerPath } from '../catalog/server-path.js';

export interface ToolCall {
  readonly path: ServerPath;
  readonly transport: SpokenTransport;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly timeoutSeconds: number;
}

/** What a tool answered, as MCP words it (`CallToolResult`). */
export interface ToolResult {
  readonly content: readonly Readonly<Record<string, unknown>>[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  /** The tool itself failed; `content` says how. */
  readonly isError?: boolean;
}

/** Runs tools through the gateway's own address, so that a trial takes the way of every agent's call. */
export interface ToolCaller {
  /** @throws RegistryError `gateway-unavailable`, `upstream-unreachable`, `tool-call-failed` */
  call(call: ToolCall): Promise<ToolResult>;
}
