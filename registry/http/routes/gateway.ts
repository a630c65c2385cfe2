import type { ServerOperations } from '../../operations/server-operations.js';
import { previewInputSchema } from '../../operations/server-preview.js';
import type { SystemOperations } from '../../operations/system-operations.js';
import {
  gatewayConfigSchema,
  gatewayStatusSchema,
  previewSchema,
} from '../../operations/system-view.js';
import { resourceMetadataSchema } from '../../operations/resource-metadata.js';
import { guardedRoute, publicRoute, type Route } from '../route.js';

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
