import { messageOf, RegistryError, type ErrorCode } from '../errors.js';
import { callTool } from '../upstream/call-tool.js';
import type { ToolCall, ToolCaller, ToolResult } from './tool-caller.js';

/** What the gateway answers in the place of a server that it cannot reach. */
const UNREACHABLE_STATUSES: readonly unknown[] = [502, 503, 504];

/** Calls tools at the gateway's own address, as an agent would. `gatewayUrl` has no trailing slash. */
export function createGatewayToolCaller(deps: { readonly gatewayUrl: string }): ToolCaller {
  return {
    async call(call) {
      const { path, transport, tool, timeoutSeconds } = call;
      try {
        const result = await callTool({
          url: `${deps.gatewayUrl}${path}/${transport === 'sse' ? 'sse' : 'mcp'}`,
          transport,
          name: tool,
          arguments: call.arguments,
          signal: new AbortController().signal,
          timeoutMs: timeoutSeconds * 1000,
        });
        return result as ToolResult;
      } catch (thrown) {
        throw faultOf(call, thrown);
      }
    },
  };
}

/** Tells a gateway that is not there from a server that is not, and both from a refused call. */
function faultOf({ tool, path }: ToolCall, thrown: unknown): RegistryError {
  const chain = causesOf(thrown);
  const fault = (code: ErrorCode, message: string) =>
    new RegistryError(code, message, { cause: thrown });
  // The SSE client keeps the text of the fault alone (`fetch failed`: nothing was answered), and
  // the status under another name.
  if (
    chain.some(({ code }) => code === 'ECONNREFUSED') ||
    messageOf(thrown).includes('fetch failed')
  ) {
    return fault('gateway-unavailable', 'nginx does not accept connections.');
  }
  if (chain.some(({ code, status }) => UNREACHABLE_STATUSES.includes(status ?? code))) {
    return fault('upstream-unreachable', `The gateway cannot reach ${path}: ${messageOf(thrown)}`);
  }
  return fault('tool-call-failed', `${tool} at ${path} could not be run: ${messageOf(thrown)}`);
}

interface Fault {
  readonly code?: unknown;
  readonly status?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** An error with everything that it says caused it; several addresses tried are several causes. */
function causesOf(thrown: unknown, depth = 5): readonly Fault[] {
  if (typeof thrown !== 'object' || thrown === null || depth === 0) return [];
  const fault = thrown as Fault;
  const causes = [fault.cause, ...(fault.errors ?? [])];
  return [fault, ...causes.flatMap((cause) => causesOf(cause, depth - 1))];
}
