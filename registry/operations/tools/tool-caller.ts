import type { SpokenTransport } from '../../catalog/server.js';
import type { ServerPath } from '../../catalog/server-path.js';
import { RegistryError } from '../../errors.js';
import type { CallListener } from '../../upstream/call-tool.js';
import type { ServerTrial } from '../../upstream/try-server.js';

export interface ToolCall {
  readonly path: ServerPath;
  readonly transport: SpokenTransport;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly timeoutSeconds: number;
  /** Ends the call, and with it what the server does for it. */
  readonly signal: AbortSignal;
  /** What to show at the gateway; absent where no token is needed. */
  readonly token?: string;
  /** Told what the tool says while it works. */
  readonly listener?: CallListener | undefined;
}

/** What came of a trial. */
export interface GatewayTrial extends ServerTrial {
  readonly ok: boolean;
  /** As `TokenRefused`. */
  readonly isTokenRefused: boolean;
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
  /**
   * @throws TokenRefused, RegistryError `gateway-unavailable`, `forbidden`, `server-disabled`,
   *   `upstream-unreachable`, `tool-call-failed`
   */
  call(call: ToolCall): Promise<ToolResult>;
  /** Connects as an agent does and lists the tools, within 15 seconds. Never throws. */
  tryServer(
    target: Pick<ToolCall, 'path' | 'transport' | 'signal' | 'token'>,
  ): Promise<GatewayTrial>;
}

/** The gate does not know the token: rights have changed since it was made, and nothing was passed on. */
export class TokenRefused extends RegistryError {
  constructor(cause: unknown) {
    super('gateway-unavailable', 'The gateway did not take the token of this call; try again.', {
      cause,
    });
  }
}
