import type { AccessQueries } from '../../operations/access/access-queries.js';
import {
  explainInputSchema,
  explanationSchema,
  serverAccessSchema,
} from '../../operations/access/access-view.js';
import { guardedRoute, type Route } from '../route.js';

export function accessRoutes(access: AccessQueries): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/api/access/explain',
      permission: 'groups:read',
      tag: 'Groups',
      summary: 'Whether a token, a user or groups may use a server or tool, and why',
      description:
        'Tokens of others need tokens:manage, other users users:manage. Of a user it is what they may run through ' +
        'this API and may give to a token of theirs.',
      request: { body: explainInputSchema },
      success: { status: 200, description: 'The decision', schema: explanationSchema },
      errors: [
        'validation-failed',
        'server-not-found',
        'token-not-found',
        'user-not-found',
        'forbidden',
      ],
      audit: 'none',
      handle: ({ body, principal }) => ({ body: access.explain(body, principal) }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/servers/{path}/access',
      permission: 'groups:read',
      tag: 'Groups',
      summary: 'Who may use a server',
      success: { status: 200, description: 'Groups, users and tokens', schema: serverAccessSchema },
      errors: ['server-not-found'],
      handle: ({ params, principal }) => ({ body: access.ofServer(params.path ?? '', principal) }),
    }),
  ];
}
