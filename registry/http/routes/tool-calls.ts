import { z } from 'zod';
import { toolTarget } from '../../operations/audit/audited.js';
import type { ServerOperations } from '../../operations/servers/server-operations.js';
import { trialViewSchema } from '../../operations/servers/server-trial.js';
import { toolCallSchema } from '../../operations/tools/tool-operations.js';
import type { CallLog, CallProgress } from '../../upstream/call-tool.js';
import { guardedRoute, type Route } from '../route.js';

const anyObject = z.record(z.string(), z.unknown()).readonly();
/** MCP `CallToolResult`; what else the server puts into it is passed on. */
const resultSchema = z.looseObject({
  content: z.array(anyObject).readonly(),
  structuredContent: anyObject.optional(),
  isError: z.boolean().optional(),
});

const CALL_EVENTS =
  'While the tool works: `event: progress` with `{progress, total?, message?}` and `event: log` with ' +
  '`{level, data, logger?}`, as the server tells them. At the end: `event: result` with the JSON that is ' +
  'answered otherwise, or `event: problem` with the problem document. The status is 200 in both cases; what is ' +
  'refused before the call begins (401, 403, 413 ...) has its own.';

/** What goes through the gateway's own URL, with the rights of the caller. */
export function toolCallRoutes(servers: ServerOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/api/servers/{path}/tools/{tool}/call',
      permission: 'tools:call',
      tag: 'Tools',
      summary: "Run a tool through the gateway's own URL",
      description:
        'With the rights of the caller: what their groups allow at the gateway, and of a server that they may ' +
        'change every tool. A token with groups is limited to these, a token for one server to that server. ' +
        'When the caller leaves, the call is cancelled.',
      request: { body: toolCallSchema },
      success: { status: 200, description: 'What the tool answered', schema: resultSchema },
      errors: [
        'validation-failed',
        'server-not-found',
        'server-disabled',
        'forbidden',
        'tool-not-found',
        'upstream-unreachable',
        'tool-call-failed',
        'gateway-unavailable',
        'gate-write-failed',
      ],
      audit: { action: 'tool.call', target: ({ params }) => toolTarget(params.path, params.tool) },
      handle: async ({ params, body, principal, signal }) => {
        const caller = { principal, signal };
        const result = await servers.callTool(params.path ?? '', params.tool ?? '', body, caller);
        return { body: { ...result } };
      },
      stream: {
        description: CALL_EVENTS,
        handle: async ({ params, body, principal, signal }, send) => {
          const listener = {
            progress: (progress: CallProgress) => send('progress', progress),
            log: (line: CallLog) => send('log', line),
          };
          const caller = { principal, signal, listener };
          const result = await servers.callTool(params.path ?? '', params.tool ?? '', body, caller);
          return { body: { ...result } };
        },
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/api/servers/{path}/try',
      permission: 'tools:call',
      tag: 'Servers',
      summary: "Connect to a server through the gateway's own URL, as an agent does",
      description:
        'With the rights of the caller, as when a tool is run, and within 15 seconds: introduces itself, lists the ' +
        'tools and leaves. What fails is told by the steps, and the answer is 200 all the same.',
      success: { status: 200, description: 'How far it came', schema: trialViewSchema },
      errors: ['server-not-found', 'gateway-unavailable', 'gate-write-failed'],
      audit: 'none',
      handle: async ({ params, principal, signal }) => ({
        body: await servers.tryServer(params.path ?? '', { principal, signal }),
      }),
    }),
  ];
}
