import { z } from 'zod';
import { serverInputSchema } from '../../catalog/server.js';
import { serverTarget } from '../../operations/audit/audited.js';
import type { ServerOperations } from '../../operations/servers/server-operations.js';
import { fieldOf } from '../body.js';
import { guardedRoute, type Route } from '../route.js';
import { changedServerSchema, registeredReply } from './servers.js';

const { name, path, url, description, transport, access } = serverInputSchema.shape;

const shortFormSchema = z
  .strictObject({
    name,
    path,
    url: url.optional(),
    proxy_pass_url: url.optional().meta({ description: 'Another name of `url`.' }),
    description,
    tags: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .meta({
        description: 'Separated by commas, or an array.',
      }),
    transport,
    enabled: z.union([z.boolean(), z.enum(['true', 'false', 'on', 'off'])]).optional(),
    access,
  })
  .meta({ id: 'ShortRegistration' });

export function registerRoutes(servers: ServerOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/register',
      permission: 'servers:write',
      tag: 'Servers',
      summary: 'The short form of POST /api/servers for scripts',
      request: { body: shortFormSchema, form: true },
      success: { status: 201, description: 'Registered', schema: changedServerSchema },
      errors: ['validation-failed', 'path-taken'],
      audit: {
        action: 'server.register',
        target: ({ body }) => serverTarget(fieldOf(body, 'path')),
      },
      handle: async ({ body, principal }) =>
        registeredReply(await servers.register(fromShortForm(body), principal)),
    }),
  ];
}

/** What the short form says, as an input that is then validated like any other. */
function fromShortForm(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { proxy_pass_url: alias, ...rest } = body as Readonly<Record<string, unknown>>;
  return {
    ...rest,
    ...(alias !== undefined && rest.url === undefined && { url: alias }),
    // Two addresses would be one too many: the name is then refused as an unknown field.
    ...(alias !== undefined && rest.url !== undefined && { proxy_pass_url: alias }),
    ...(rest.tags !== undefined && { tags: tagsOf(rest.tags) }),
    ...(rest.enabled !== undefined && { enabled: flagOf(rest.enabled) }),
  };
}

function tagsOf(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  return given
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function flagOf(given: unknown): unknown {
  if (given === 'true' || given === 'on') return true;
  return given === 'false' || given === 'off' ? false : given;
}
