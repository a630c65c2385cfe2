import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { ErrorCode } from '../errors.js';
import { PROBLEMS, problemSchema } from './problem.js';
import { isRegistryApi, registryApiProblemSchema } from './registry-api-answers.js';
import type { Route } from './route.js';
import { SESSION_COOKIE } from './session.js';

const DESCRIPTION = `Errors are problem documents (RFC 9457) with a stable \`code\`; unknown fields are
refused. Callers send \`Authorization: Bearer mcpgw_...\`, or the cookie of \`POST /api/login\` and, for
every method but GET, its CSRF token in \`X-CSRF-Token\`. Every answer carries \`X-Request-Id\`.

A session ends after an hour without a request and after eight hours in any case. Its cookie is Secure
when the caller came by https, directly or through a proxy that \`TRUSTED_PROXIES\` names. The detail of a
401 tells whether no session cookie arrived (after a log-in that succeeded: the browser did not keep it)
or one whose session is unknown or has ended; \`GET /api/login/check\` tells more.`;

/** The OpenAPI 3.1 document of the routes, made from the records that are mounted. */
export function buildOpenApi(routes: readonly Route[], version: string): Record<string, unknown> {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
  });
  for (const route of routes) {
    if (route.permission !== 'gate') registry.registerPath(operationOf(route));
  }
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'MCP Gateway & Registry', version, description: DESCRIPTION },
    servers: [{ url: '/' }],
  });
  return { ...document };
}

function operationOf(route: Route): RouteConfig {
  const { method, path, tag, summary, description, permission } = route;
  const isPublic = permission === 'public';
  return {
    method,
    path,
    tags: [tag],
    summary,
    operationId: operationIdOf(route),
    ...(description !== undefined && { description }),
    security: isPublic ? [] : [{ bearer: [] }, { session: [] }],
    ...(!isPublic && { 'x-permission': permission }),
    request: requestOf(route),
    responses: { [route.success.status]: successOf(route), ...problemsOf(route) },
  };
}

/** E.g. `post-api-servers-path-enable`. */
function operationIdOf({ method, path }: Route): string {
  return [method, ...path.split(/[^\w]+/)].filter((part) => part !== '').join('-');
}

function requestOf({ path, request }: Route): NonNullable<RouteConfig['request']> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const body = request?.body;
  return {
    ...(names.length > 0 && { params: z.object(Object.fromEntries(names.map(paramOf))) }),
    ...(request?.query && { query: request.query }),
    ...(request?.ifMatch === true && {
      headers: z.object({
        'If-Match': z
          .string()
          .optional()
          .meta({ description: 'The ETag that the server must have; 412 when it has another.' }),
      }),
    }),
    ...(body && {
      body: {
        required: true,
        content: {
          'application/json': { schema: body },
          ...(request.form === true && {
            'application/x-www-form-urlencoded': { schema: body },
          }),
        },
      },
    }),
  };
}

/** What is said of parameters that may be several segments. */
const OPEN_PARAMS: Readonly<Record<string, { description: string; example: string }>> = {
  path: {
    description: 'Path of the server without the leading slash, slashes percent-encoded or plain.',
    example: 'weather',
  },
  group: {
    description: 'Name of the group, slashes percent-encoded or plain.',
    example: 'team/weather',
  },
  serverName: {
    description: 'Name of the server, its slash percent-encoded or plain.',
    example: 'com.example.gateway/weather',
  },
};

function paramOf(name: string): [string, z.ZodString] {
  const words = OPEN_PARAMS[name];
  return [name, words === undefined ? z.string() : z.string().meta(words)];
}

function successOf(route: Route) {
  const { description, schema, mediaType } = route.success;
  if (schema === undefined) return { description };
  const stream = 'stream' in route ? route.stream : undefined;
  const events = z.string().meta({ description: stream?.description ?? '' });
  return {
    description,
    content: {
      [mediaType ?? 'application/json']: { schema },
      ...(stream && { 'text/event-stream': { schema: events } }),
    },
  };
}

/** One response per status; the codes that share it are named in its description. */
function problemsOf(route: Route): Record<string, { description: string; content: object }> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorCodesOf(route)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const schema = isRegistryApi(route.path) ? registryApiProblemSchema : problemSchema;
  const responses = [...byStatus].map(([status, codes]) => [
    String(status),
    {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
      content: { 'application/problem+json': { schema } },
    },
  ]);
  return Object.fromEntries(responses) as ReturnType<typeof problemsOf>;
}

/** What the record names and what follows from the kind of route. */
function errorCodesOf(route: Route): ReadonlySet<ErrorCode> {
  const { method, permission, request, errors } = route;
  const beforePasswordChange =
    'beforePasswordChange' in route ? route.beforePasswordChange : undefined;
  const isUnsafe = method !== 'get';
  const guarded = permission !== 'public';
  return new Set<ErrorCode>([
    ...errors,
    ...(guarded ? (['authentication-required'] as const) : []),
    ...(guarded && permission !== 'authenticated' ? (['forbidden'] as const) : []),
    ...(guarded && isUnsafe ? (['csrf-token-invalid'] as const) : []),
    ...(guarded && beforePasswordChange !== true ? (['password-change-required'] as const) : []),
    ...(request?.body
      ? (['malformed-request', 'unsupported-media-type', 'request-too-large'] as const)
      : []),
    ...(guarded && isUnsafe && permission !== 'authenticated'
      ? (['store-read-only', 'store-write-failed'] as const)
      : []),
  ]);
}
