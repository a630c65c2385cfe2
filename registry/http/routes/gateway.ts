import { targetNamed } from '../../operations/audit/audited.js';
import type { GenerationOperations } from '../../operations/system/generation-operations.js';
import type { ServerOperations } from '../../operations/servers/server-operations.js';
import { previewInputSchema } from '../../operations/servers/server-preview.js';
import type { SystemOperations } from '../../operations/system/system-operations.js';
import {
  gatewayConfigSchema,
  gatewayStatusSchema,
  generationListSchema,
  previewSchema,
  restorationPreviewSchema,
  restorationSchema,
  settingsSchema,
} from '../../operations/system/system-view.js';
import { resourceMetadataSchema } from '../../operations/servers/resource-metadata.js';
import { guardedRoute, publicRoute, type Route } from '../route.js';

/** Earlier configurations, and what this registry runs with. */
export function generationRoutes(deps: {
  readonly generations: GenerationOperations;
  readonly system: Pick<SystemOperations, 'settings'>;
}): readonly Route[] {
  const { generations, system } = deps;
  return [
    guardedRoute({
      method: 'get',
      path: '/api/gateway/generations',
      permission: 'gateway:read',
      tag: 'Gateway',
      summary: 'Earlier configurations of nginx that are kept, newest first',
      success: { status: 200, description: 'The generations', schema: generationListSchema },
      errors: [],
      handle: async ({ principal }) => ({ body: await generations.list(principal) }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/gateway/generations/{generation}',
      permission: 'gateway:read',
      tag: 'Gateway',
      summary: 'The text of an earlier configuration',
      success: { status: 200, description: 'Its files', schema: gatewayConfigSchema },
      errors: ['generation-not-found'],
      handle: ({ params }) => ({ body: generations.get(params.generation ?? '') }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/gateway/generations/{generation}/restore',
      permission: 'servers:write-any',
      tag: 'Gateway',
      summary: 'Which servers a restoration would concern at present; nothing is changed',
      description: 'Only for callers who see every server.',
      success: { status: 200, description: 'Their paths', schema: restorationPreviewSchema },
      errors: ['generation-not-found', 'generation-not-restorable', 'forbidden'],
      handle: async ({ params, principal }) => ({
        body: await generations.previewRestore(params.generation ?? '', principal),
      }),
    }),
    guardedRoute({
      method: 'post',
      path: '/api/gateway/generations/{generation}/restore',
      permission: 'servers:write-any',
      tag: 'Gateway',
      summary: 'Makes all servers what they were when this configuration was made',
      description:
        'One change of the catalog: later servers go, removed ones come back. Users, groups and tokens stay. ' +
        'Only for callers who see every server.',
      success: { status: 200, description: 'What was changed', schema: restorationSchema },
      errors: ['generation-not-found', 'generation-not-restorable', 'forbidden'],
      audit: {
        action: 'gateway.restore',
        target: ({ params }) => targetNamed('gateway', params.generation),
      },
      handle: async ({ params, principal }) => ({
        body: await generations.restore(params.generation ?? '', principal),
      }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/settings',
      permission: 'gateway:read',
      tag: 'Gateway',
      summary: 'Versions, and every variable of the environment as it holds; secrets are not shown',
      success: { status: 200, description: 'The settings', schema: settingsSchema },
      errors: [],
      handle: () => ({ body: system.settings() }),
    }),
  ];
}

export function gatewayRoutes(deps: {
  readonly servers: ServerOperations;
  readonly system: SystemOperations;
}): readonly Route[] {
  const { servers, system } = deps;
  return [
    guardedRoute({
      method: 'get',
      path: '/api/gateway',
      permission: 'gateway:read',
      tag: 'Gateway',
      summary: 'What nginx serves, and what was left out',
      success: { status: 200, description: 'Its status', schema: gatewayStatusSchema },
      errors: [],
      handle: () => ({ body: system.gatewayStatus() }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/gateway/config',
      permission: 'gateway:read',
      tag: 'Gateway',
      summary: 'The configuration that nginx runs on',
      success: { status: 200, description: 'Its files', schema: gatewayConfigSchema },
      errors: [],
      handle: () => ({ body: system.gatewayConfig() }),
    }),
    guardedRoute({
      method: 'post',
      path: '/api/gateway/preview',
      permission: 'gateway:read',
      tag: 'Gateway',
      summary: 'What nginx would be given after a registration or a change; nothing is changed',
      description: 'When there is a server at `path`, the body is a change of it.',
      request: { body: previewInputSchema },
      success: { status: 200, description: 'The rendered lines', schema: previewSchema },
      errors: ['validation-failed', 'path-taken'],
      // Renders and changes nothing.
      audit: 'none',
      handle: ({ body, principal }) => ({ body: servers.preview(body, principal) }),
    }),
    publicRoute({
      method: 'get',
      path: '/.well-known/oauth-protected-resource/{path}/mcp',
      permission: 'public',
      tag: 'Gateway',
      summary: 'OAuth 2.0 Protected Resource Metadata (RFC 9728) of a server that needs a token',
      success: { status: 200, description: 'The metadata', schema: resourceMetadataSchema },
      errors: ['server-not-found'],
      handle: ({ params }) => ({ body: servers.resourceMetadata(params.path ?? '') }),
    }),
  ];
}
