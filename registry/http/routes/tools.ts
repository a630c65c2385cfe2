import { z } from 'zod';
import { serverTarget } from '../../operations/audit/audited.js';
import type { ServerOperations } from '../../operations/servers/server-operations.js';
import { toolQuerySchema } from '../../operations/tools/tool-operations.js';
import {
  serverToolsSchema,
  toolListSchema,
  toolViewSchema,
} from '../../operations/tools/tool-view.js';
import { reviewInputSchema } from '../../operations/tools/tool-reviews.js';
import { guardedRoute, type Route } from '../route.js';

const tools = z.array(toolViewSchema.meta({ id: 'Tool' })).readonly();
const listSchema = z.strictObject({ ...serverToolsSchema.shape, tools }).meta({ id: 'ToolList' });
const pageSchema = z.strictObject({
  ...toolListSchema.shape,
  tools,
  nextCursor: z.string().optional(),
  total: z.int(),
});
const SEEN =
  'Of a server that the caller sees through groups alone: the tools that these groups give.';

export function toolRoutes(servers: ServerOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/servers/{path}/tools',
      permission: 'servers:read',
      tag: 'Tools',
      summary: 'The tools of one server as they were last listed',
      description: SEEN,
      success: { status: 200, description: 'Its tools', schema: listSchema },
      errors: ['server-not-found'],
      handle: ({ params, principal }) => ({ body: servers.tools(params.path ?? '', principal) }),
    }),
    guardedRoute({
      method: 'post',
      path: '/api/servers/{path}/review',
      permission: 'servers:write',
      tag: 'Tools',
      summary: 'Mark the present definitions of tools as reviewed',
      description:
        'For who may change the server. The definitions are kept, so that later ones can be compared with them.',
      request: { body: reviewInputSchema },
      success: { status: 200, description: 'Its tools', schema: listSchema },
      errors: ['validation-failed', 'server-not-found', 'store-read-only', 'store-write-failed'],
      audit: { action: 'server.review', target: ({ params }) => serverTarget(params.path) },
      handle: async ({ params, body, principal }) => ({
        body: await servers.review(params.path ?? '', body, principal),
      }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/tools',
      permission: 'servers:read',
      tag: 'Tools',
      summary: 'The tools of all servers that the caller sees',
      description: SEEN,
      request: { query: toolQuerySchema },
      success: { status: 200, description: 'A page of tools', schema: pageSchema },
      errors: ['validation-failed'],
      handle: ({ query, principal }) => ({ body: servers.allTools(query, principal) }),
    }),
  ];
}
