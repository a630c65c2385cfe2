import {
  healthHistorySchema,
  promptListSchema,
  resourceListSchema,
} from '../../operations/servers/server-findings.js';
import { serverTarget, targetNamed } from '../../operations/audit/audited.js';
import { probeInputSchema, probeViewSchema } from '../../operations/servers/server-probe.js';
import { fieldOf } from '../body.js';
import type { ServerOperations } from '../../operations/servers/server-operations.js';
import { guardedRoute, type Route } from '../route.js';

const BEYOND_TOOLS =
  'Whoever sees the server through groups that give single tools of it gets an empty list.';

/** What was found out about a server, besides its tools. */
export function serverFactRoutes(servers: ServerOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/servers/{path}/prompts',
      permission: 'servers:read',
      tag: 'Servers',
      summary: 'The prompts of a server as they were last listed',
      description: BEYOND_TOOLS,
      success: { status: 200, description: 'Its prompts', schema: promptListSchema },
      errors: ['server-not-found'],
      handle: ({ params, principal }) => ({ body: servers.prompts(params.path ?? '', principal) }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/servers/{path}/resources',
      permission: 'servers:read',
      tag: 'Servers',
      summary: 'The resources of a server as they were last listed',
      description: BEYOND_TOOLS,
      success: { status: 200, description: 'Its resources', schema: resourceListSchema },
      errors: ['server-not-found'],
      handle: ({ params, principal }) => ({
        body: servers.resources(params.path ?? '', principal),
      }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/servers/{path}/health',
      permission: 'servers:read',
      tag: 'Servers',
      summary: 'The health of a server, and what the last checks found',
      success: { status: 200, description: 'Its health', schema: healthHistorySchema },
      errors: ['server-not-found'],
      handle: ({ params, principal }) => ({
        body: servers.healthHistory(params.path ?? '', principal),
      }),
    }),
    guardedRoute({
      method: 'post',
      path: '/api/probe',
      permission: 'servers:write',
      tag: 'Servers',
      summary: 'Look what is behind an address before it is registered',
      description:
        'With the same code as scheduled checks, through the outbound policy, for at most 30 seconds; nothing is ' +
        'stored. What is wrong is told in `health` and `warnings`. With `path`, the path of a server that the ' +
        'caller may change, secrets that `auth` leaves out are those that are stored for it, as long as `url` has ' +
        'the same origin.',
      request: { body: probeInputSchema },
      success: { status: 200, description: 'What was found', schema: probeViewSchema },
      errors: ['validation-failed', 'server-not-found'],
      audit: { action: 'server.probe', target: ({ body }) => probeTarget(body) },
      handle: async ({ body, principal, signal }) => ({
        body: await servers.probe(body, principal, signal),
      }),
    }),
  ];
}

/** The server that is meant, else the origin: what else is in a URL may be a secret. */
function probeTarget(body: unknown) {
  const path = fieldOf(body, 'path');
  if (typeof path === 'string') return serverTarget(path);
  const url = fieldOf(body, 'url');
  const isUrl = typeof url === 'string' && URL.canParse(url);
  return targetNamed('server', isUrl ? new URL(url).origin : undefined);
}
