import { z } from 'zod';
import { toolTarget } from '../../operations/audited.js';
import type { ServerOperations } from '../../operations/server-operations.js';
import { toolCallSchema, toolQuerySchema } from '../../operations/tool-operations.js';
import { toolListSchema, toolViewSchema } from '../../operations/tool-view.js';
import { guardedRoute, type Route } from '../route.js';

const listSchema = z.strictObject({
  ...toolListSchema.shape,
  tools: z.array(toolViewSchema.meta({ id: 'Tool' })).readonly(),
});
const pageSchema = z.strictObject({
  ...listSchema.shape,
  nextCursor: z.string().optional(),
  total: z.int(),
});
const anyObject = z.record(z.string(), z.unknown()).readonly();
/** MCP `CallToolResult`; what else the server puts into it is passed on. */
const resultSchema = z.looseObject({
  content: z.array(anyObject).readonly(),
  structuredContent: anyObject.optional(),
  isError: z.boolean().optional(),
});

export function toolRoutes(servers: ServerOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/servers/{path}/tools',
      permission: 'servers:read',
      tag: 'Tools',
      summary: 'The tools of one server as they were last listed',
      success: { status: 200, description: 'Its tools', schema: listSchema },
      errors: ['server-not-found'],
      handle: ({ params }) => ({ body: servers.tools(params.path ?? '') }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/tools',
      permission: 'servers:read',
      tag: 'Tools',
      summary: 'The tools of all servers',
      request: { query: toolQuerySchema },
      success: { status: 200, description: 'A page of tools', schema: pageSchema },
      errors: ['validation-failed'],
      handle: ({ query }) => ({ body: servers.allTools(query) }),
    }),
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
    }),
  ];
}
