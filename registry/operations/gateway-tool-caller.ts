import { messageOf, RegistryError } from '../errors.js';
import { callTool } from '../upstream/call-tool.js';
import type { ToolCaller, ToolResult } from './tool-caller.js';

/** Calls tools at the gateway's own address, as an agent would. `gatewayUrl` has no trailing slash. */
export function createGatewayToolCaller({
  gatewayUrl,
}: {
  readonly gatewayUrl: string;
}): ToolCaller {
  return {
    async call({ path, transport, tool, arguments: args, timeoutSeconds }) {
      const endpoint = transport === 'sse' ? 'sse' : 'mcp';
      try {
        const result = await callTool({
          url: `${gatewayUrl}${path}/${endpoint}`,
          transport,
          name: tool,
          arguments: args,
          signal: new AbortController().signal,
          timeoutMs: timeoutSeconds * 1000,
        });
        return result as ToolResult;
      } catch (error) {
        throw new RegistryError(
          'tool-call-failed',
          `${tool} at ${path} could not be called: ${messageOf(error)}`,
          {
            cause: error,
          },
        );
      }
    },
  };
}
