import {
  checkLogin,
  loginCheckQuerySchema,
  loginCheckSchema,
} from '../../operations/access/login-check.js';
import { publicRoute, type Route } from '../route.js';

/** @param publicUrl of the gateway, without a trailing slash */
export function loginCheckRoutes(publicUrl: string): readonly Route[] {
  return [
    publicRoute({
      method: 'get',
      path: '/api/login/check',
      permission: 'public',
      tag: 'Session',
      summary: 'Whether the session cookie came back, and why it may not have',
      description:
        'For a page whose GET /api/me answers 401 after a log-in that succeeded. A page that passes its own ' +
        '`location.origin` learns where the way from the browser to here is set up wrongly.',
      request: { query: loginCheckQuerySchema },
      success: { status: 200, description: 'What was found', schema: loginCheckSchema },
      errors: ['validation-failed'],
      handle: ({ query, session, arrival }) => ({
        body: checkLogin(query, { cookie: session.cookie(), arrival, publicUrl }),
      }),
    }),
  ];
}
