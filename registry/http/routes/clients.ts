import {
  clientGuideQuerySchema,
  clientGuideSchema,
  clientHostsSchema,
  type ClientGuides,
} from '../../operations/servers/client-guides.js';
import { guardedRoute, type Route } from '../route.js';

export function clientRoutes(clients: ClientGuides): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/clients',
      permission: 'servers:read',
      tag: 'Clients',
      summary: 'The programs for which there is a ready configuration',
      success: { status: 200, description: 'The hosts', schema: clientHostsSchema },
      errors: [],
      handle: () => ({ body: clients.hosts() }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/clients/{host}',
      permission: 'servers:read',
      tag: 'Clients',
      summary: 'What to write where, so that a program uses a server through the gateway',
      description: 'Made from PUBLIC_URL and what is known of the server. It never holds a secret.',
      request: { query: clientGuideQuerySchema },
      success: { status: 200, description: 'The configuration', schema: clientGuideSchema },
      errors: ['validation-failed', 'host-not-found', 'server-not-found'],
      handle: ({ params, query, principal }) => ({
        body: clients.guide(params.host ?? '', query, principal),
      }),
    }),
  ];
}
