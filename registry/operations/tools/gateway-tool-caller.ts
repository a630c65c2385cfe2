import { callTool } from '../../upstream/call-tool.js';
import type { Fetch } from '../../upstream/outbound-channel.js';
import { tryServer } from '../../upstream/try-server.js';
import { gatewayFaultOf, listeningFetch } from './gateway-fault.js';
import { TokenRefused, type ToolCall, type ToolCaller, type ToolResult } from './tool-caller.js';

/** A trial is over within this time. */
const TRIAL_MS = 15_000;
/** Servers may have much to say of their errors. */
const MAX_DETAIL = 2000;

/** Calls tools at the gateway's own address, as an agent would. `gatewayUrl` has no trailing slash. */
export function createGatewayToolCaller(gateway: {
  readonly gatewayUrl: string;
  readonly fetch: Fetch;
}): ToolCaller {
  const urlOf = ({ path, transport }: Pick<ToolCall, 'path' | 'transport'>) =>
    `${gateway.gatewayUrl}${path}/${transport === 'sse' ? 'sse' : 'mcp'}`;
  const headersOf = (token: string | undefined) =>
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
  return {
    async call(call) {
      const { path, transport, tool, timeoutSeconds, signal, token, listener } = call;
      const { fetch, said } = listeningFetch(gateway.fetch);
      try {
        const result = await callTool({
          url: urlOf(call),
          transport,
          name: tool,
          arguments: call.arguments,
          signal,
          timeoutMs: timeoutSeconds * 1000,
          fetch,
          listener,
          ...headersOf(token),
        });
        return result as ToolResult;
      } catch (thrown) {
        const what = `${tool} at ${path} could not be run`;
        throw gatewayFaultOf({ what, path, signal }, thrown, await said());
      }
    },
    async tryServer({ path, transport, signal, token }) {
      const { fetch, said } = listeningFetch(gateway.fetch);
      const { fault, ...trial } = await tryServer({
        url: urlOf({ path, transport }),
        transport,
        signal,
        timeoutMs: TRIAL_MS,
        fetch,
        ...headersOf(token),
      });
      if (fault === undefined) return { ...trial, ok: true, isTokenRefused: false };
      const what = `${path} does not answer as it should`;
      const error = gatewayFaultOf({ what, path, signal }, fault.thrown, await said());
      const step = { name: fault.step, ok: false, durationMs: fault.durationMs };
      return {
        ...trial,
        steps: [...trial.steps, { ...step, detail: error.message.slice(0, MAX_DETAIL) }],
        ok: false,
        isTokenRefused: error instanceof TokenRefused,
      };
    },
  };
}
