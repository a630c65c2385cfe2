import { z } from 'zod';
import { serverChangeSchema, serverInputSchema } from '../../catalog/server.js';
import { serverTarget } from '../../operations/audit/audited.js';
import {
  changesViewSchema,
  outcomeViewSchema,
  type ServerChange,
} from '../../operations/servers/outcome-view.js';
import type { ServerOperations } from '../../operations/servers/server-operations.js';
import { serverQuerySchema } from '../../operations/servers/server-queries.js';
import { serverViewSchema } from '../../operations/servers/server-view.js';
import { fieldOf } from '../body.js';
import { etagOf } from '../precondition.js';
import { guardedRoute, type Route } from '../route.js';

const serverSchema = serverViewSchema.meta({ id: 'Server' });
const inputSchema = serverInputSchema.meta({ id: 'ServerInput' });
const patchSchema = serverChangeSchema.meta({ id: 'ServerPatch' });
const outcomeSchema = outcomeViewSchema.meta({ id: 'GatewayOutcome' });

/** A server as it is after a change, and whether nginx serves it so. */
export const changedServerSchema = z
  .strictObject({ ...serverViewSchema.shape, gateway: outcomeSchema })
  .meta({ id: 'ChangedServer' });

const listSchema = z.strictObject({
  servers: z.array(serverSchema).readonly(),
  nextCursor: z.string().optional(),
  total: z.int(),
  builtIn: z.array(serverSchema).readonly().meta({
    description:
      "The registry's own MCP server, where it matches; on the first page, and never counted.",
  }),
});
const removedSchema = z.strictObject({ path: z.string(), gateway: outcomeSchema });
const refreshedSchema = z.strictObject({
  ...changedServerSchema.shape,
  changes: changesViewSchema,
});

const SEEN =
  'Those that the caller sees: public ones, their own, and those on which their groups give a tool; with the ' +
  'permission `servers:read-any` all. A token sees no more than its owner; one with groups and without scope admin ' +
  'sees what these give (with scope write also the servers of its owner), one for a single server at most that.';
const NOT_SEEN =
  'Of a server that the caller sees through groups alone, `toolCount` counts the tools that these give, and prompts and ' +
  'resources are none. What the caller does not see is answered like what does not exist.';

/** What a change answers: the server itself with the gateway's outcome beside its fields. */
function changeReply({ server, gateway }: ServerChange) {
  return { body: { ...server, gateway }, headers: { ETag: etagOf(server) } };
}

export function registeredReply(change: ServerChange) {
  const { body, headers } = changeReply(change);
  const name = encodeURIComponent(change.server.path.slice(1));
  return { body, headers: { ...headers, Location: `/api/servers/${name}` } };
}

export function serverRoutes(servers: ServerOperations): readonly Route[] {
  return [...readingRoutes(servers), ...writingRoutes(servers), ...switchingRoutes(servers)];
}

function readingRoutes(servers: ServerOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/servers',
      permission: 'servers:read',
      tag: 'Servers',
      summary: 'List servers with their health, in the order of their paths',
      description: SEEN,
      request: { query: serverQuerySchema },
      success: { status: 200, description: 'A page of servers', schema: listSchema },
      errors: ['validation-failed'],
      handle: ({ query, principal }) => ({ body: servers.list(query, principal) }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/servers/{path}',
      permission: 'servers:read',
      tag: 'Servers',
      summary: 'One server',
      description: NOT_SEEN,
      success: { status: 200, description: 'The server', schema: serverSchema },
      errors: ['server-not-found'],
      handle: ({ params, principal }) => {
        const server = servers.get(params.path ?? '', principal);
        return { body: server, headers: { ETag: etagOf(server) } };
      },
    }),
  ];
}

function writingRoutes(servers: ServerOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/api/servers',
      permission: 'servers:write',
      tag: 'Servers',
      summary: 'Register a server',
      description:
        'That a path is taken is told also where the server there is not seen, and nothing else of it.',
      request: { body: inputSchema },
      success: { status: 201, description: 'Registered', schema: changedServerSchema },
      errors: ['validation-failed', 'path-taken'],
      audit: {
        action: 'server.register',
        target: ({ body }) => serverTarget(fieldOf(body, 'path')),
      },
      handle: async ({ body, principal }) =>
        registeredReply(await servers.register(body, principal)),
    }),
    guardedRoute({
      method: 'put',
      path: '/api/servers/{path}',
      permission: 'servers:write',
      tag: 'Servers',
      summary: 'Replace a server; fields that are left out get their defaults',
      request: { body: inputSchema, ifMatch: true },
      success: { status: 200, description: 'Replaced', schema: changedServerSchema },
      errors: [
        'validation-failed',
        'server-not-found',
        'path-taken',
        'revision-conflict',
        'precondition-malformed',
      ],
      audit: { action: 'server.update', target: ({ params }) => serverTarget(params.path) },
      handle: async ({ params: { path = '' }, body, principal, expectedRevision }) =>
        changeReply(await servers.replace(path, body, principal, expectedRevision())),
    }),
    guardedRoute({
      method: 'patch',
      path: '/api/servers/{path}',
      permission: 'servers:write',
      tag: 'Servers',
      summary:
        'Change some fields of a server, or give it to another user; `tls` is replaced as a whole',
      request: { body: patchSchema, ifMatch: true },
      success: { status: 200, description: 'Changed', schema: changedServerSchema },
      errors: [
        'validation-failed',
        'server-not-found',
        'path-taken',
        'revision-conflict',
        'precondition-malformed',
      ],
      audit: { action: 'server.update', target: ({ params }) => serverTarget(params.path) },
      handle: async ({ params: { path = '' }, body, principal, expectedRevision }) =>
        changeReply(await servers.patch(path, body, principal, expectedRevision())),
    }),
    guardedRoute({
      method: 'delete',
      path: '/api/servers/{path}',
      permission: 'servers:write',
      tag: 'Servers',
      summary: 'Remove a server, or a record that cannot be read',
      request: { ifMatch: true },
      success: { status: 200, description: 'Removed', schema: removedSchema },
      errors: ['server-not-found', 'revision-conflict', 'precondition-malformed'],
      audit: { action: 'server.remove', target: ({ params }) => serverTarget(params.path) },
      handle: async ({ params: { path = '' }, principal, expectedRevision }) => ({
        body: await servers.remove(path, principal, expectedRevision()),
      }),
    }),
  ];
}

function switchingRoutes(servers: ServerOperations): readonly Route[] {
  const switching = (verb: 'enable' | 'disable', summary: string) =>
    guardedRoute({
      method: 'post',
      path: `/api/servers/{path}/${verb}`,
      permission: 'servers:toggle',
      tag: 'Servers',
      summary,
      request: { ifMatch: true },
      success: { status: 200, description: 'The server', schema: changedServerSchema },
      errors: ['server-not-found', 'revision-conflict', 'precondition-malformed'],
      audit: { action: `server.${verb}`, target: ({ params }) => serverTarget(params.path) },
      handle: async ({ params: { path = '' }, principal, expectedRevision }) =>
        changeReply(await servers[verb](path, principal, expectedRevision())),
    });
  return [
    switching('enable', 'Serve it; an enabled server stays as it is'),
    switching('disable', 'Serve it no longer; calls are answered 503'),
    guardedRoute({
      method: 'post',
      path: '/api/servers/{path}/refresh',
      permission: 'servers:refresh',
      tag: 'Servers',
      summary: 'Check its health and list its tools now',
      success: { status: 200, description: 'What was found', schema: refreshedSchema },
      errors: ['server-not-found'],
      audit: { action: 'server.refresh', target: ({ params }) => serverTarget(params.path) },
      handle: async ({ params: { path = '' }, principal }) => {
        const { changes, ...change } = await servers.refresh(path, principal);
        const { body, headers } = changeReply(change);
        return { body: { ...body, changes }, headers };
      },
    }),
  ];
}
