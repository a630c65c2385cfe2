import { z } from 'zod';
import { PERMISSIONS, ROLES, type Principal } from '../../access/principal.js';
import type { AccountOperations } from '../../operations/access/account-operations.js';
import { targetNamed } from '../../operations/audit/audited.js';
import { credentialsSchema, type LogIn } from '../../operations/access/log-in.js';
import { fieldOf } from '../body.js';
import { guardedRoute, publicRoute, type Route } from '../route.js';

export const meSchema = z
  .strictObject({
    username: z.string(),
    displayName: z.string().optional(),
    roles: z.array(z.enum(ROLES)),
    groups: z
      .array(z.string())
      .meta({ description: 'Whose servers and tools the caller may use.' }),
    permissions: z.array(z.enum(PERMISSIONS)),
    csrfToken: z.string().nullable().meta({
      description: 'For the header X-CSRF-Token; null for bearer tokens, which need none.',
    }),
    endSessionUrl: z.string().optional().meta({
      description:
        'Of a session that began through the identity provider: where to go after POST /api/logout to end it there.',
    }),
    mustChangePassword: z.literal(true).optional().meta({
      description:
        'There until a new password was chosen (POST /api/me/password); all else is refused.',
    }),
  })
  .meta({ id: 'Me' });

export function sessionRoutes(deps: {
  readonly logIn: LogIn;
  readonly account: Pick<AccountOperations, 'setUpNeeded'>;
}): readonly Route[] {
  const { logIn, account } = deps;
  return [
    publicRoute({
      method: 'get',
      path: '/api/set-up',
      permission: 'public',
      tag: 'Session',
      summary: 'Whether the first administrator has still to log in and choose a password',
      success: {
        status: 200,
        description: 'The state of the set-up',
        schema: z.strictObject({ needed: z.boolean() }),
      },
      errors: [],
      handle: () => ({ body: { needed: account.setUpNeeded() } }),
    }),
    publicRoute({
      method: 'post',
      path: '/api/login',
      permission: 'public',
      tag: 'Session',
      summary: 'Log in with a user name and a password',
      description:
        'Begins a session and sets its cookie: HttpOnly, SameSite=Lax, without a Domain, Secure when the ' +
        'caller came by https. Whether the browser kept it shows at the next GET /api/me; where that answers ' +
        '401, GET /api/login/check tells why.',
      request: { body: credentialsSchema },
      success: { status: 200, description: 'A session began', schema: meSchema },
      errors: ['validation-failed', 'invalid-credentials', 'too-many-attempts', 'forbidden'],
      audit: {
        action: 'session.begin',
        refusedAs: 'session.refused',
        target: ({ body }) => targetNamed('user', fieldOf(body, 'username')),
      },
      handle: async ({ body, address, session }) => {
        const principal = await logIn(body, address);
        return { body: viewMe(principal, await session.begin(principal.username)) };
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/api/logout',
      permission: 'authenticated',
      beforePasswordChange: true,
      tag: 'Session',
      summary: 'End the session',
      success: { status: 204, description: 'The session has ended' },
      errors: [],
      audit: {
        action: 'session.end',
        target: ({ principal }) => targetNamed('user', principal?.username),
      },
      handle: async ({ principal, session }) => {
        if (principal.kind === 'user') await session.end();
        return {};
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/api/me',
      permission: 'authenticated',
      beforePasswordChange: true,
      tag: 'Session',
      summary: 'Who calls, and what they may do',
      success: { status: 200, description: 'The caller', schema: meSchema },
      errors: [],
      handle: ({ principal, session }) => ({
        body: {
          ...viewMe(principal, principal.kind === 'user' ? session.csrfToken() : null),
          ...endOf(principal.kind === 'user' ? session.endSessionUrl() : undefined),
        },
      }),
    }),
  ];
}

function endOf(endSessionUrl: string | undefined) {
  return endSessionUrl === undefined ? {} : { endSessionUrl };
}

/** What callers are told of themselves. */
export function viewMe(principal: Principal, csrfToken: string | null): z.output<typeof meSchema> {
  const { username, displayName, roles, groups, permissions, mustChangePassword } = principal;
  return {
    username,
    ...(displayName !== undefined && { displayName }),
    roles: [...roles],
    groups: [...groups],
    permissions: [...permissions],
    csrfToken,
    ...(mustChangePassword && { mustChangePassword }),
  };
}
