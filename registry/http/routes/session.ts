import { z } from 'zod';
import { PERMISSIONS, ROLES, type Principal } from '../../access/principal.js';
import { credentialsSchema, type LogIn } from '../../operations/log-in.js';
import { guardedRoute, publicRoute, type Route } from '../route.js';

const meSchema = z
  .strictObject({
    username: z.string(),
    roles: z.array(z.enum(ROLES)),
    permissions: z.array(z.enum(PERMISSIONS)),
    csrfToken: z.string().nullable().meta({
      description: 'For the header X-CSRF-Token; null for bearer tokens, which need none.',
    }),
  })
  .meta({ id: 'Me' });

export function sessionRoutes(logIn: LogIn): readonly Route[] {
  return [
    publicRoute({
      method: 'post',
      path: '/api/login',
      permission: 'public',
      tag: 'Session',
      summary: 'Log in with a user name and a password',
      request: { body: credentialsSchema },
      success: { status: 200, description: 'A session began', schema: meSchema },
      errors: ['validation-failed', 'invalid-credentials', 'too-many-attempts', 'forbidden'],
      handle: async ({ body, address, session }) => {
        const principal = await logIn(body, address);
        return { body: viewMe(principal, await session.begin(principal.username)) };
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/api/logout',
      permission: 'authenticated',
      tag: 'Session',
      summary: 'End the session',
      success: { status: 204, description: 'The session has ended' },
      errors: [],
      handle: async ({ principal, session }) => {
        if (principal.kind === 'user') await session.end();
        return {};
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/api/me',
      permission: 'authenticated',
      tag: 'Session',
      summary: 'Who calls, and what they may do',
      success: { status: 200, description: 'The caller', schema: meSchema },
      errors: [],
      handle: ({ principal, session }) => ({
        body: viewMe(principal, principal.kind === 'user' ? session.csrfToken() : null),
      }),
    }),
  ];
}

function viewMe({ username, roles, permissions }: Principal, csrfToken: string | null) {
  return { username, roles: [...roles], permissions: [...permissions], csrfToken };
}
