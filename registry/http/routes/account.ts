import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import { RegistryError } from '../../errors.js';
import {
  passwordChangeSchema,
  type AccountOperations,
} from '../../operations/access/account-operations.js';
import { targetNamed } from '../../operations/audit/audited.js';
import {
  sessionViewSchema,
  type SessionOperations,
} from '../../operations/access/session-operations.js';
import { guardedRoute, type Route } from '../route.js';
import { meSchema, viewMe } from './session.js';

const sessionListSchema = z.strictObject({ sessions: z.array(sessionViewSchema).readonly() });

/** The caller's own password and sessions. Tokens have neither. */
export function accountRoutes(deps: {
  readonly account: AccountOperations;
  readonly sessions: SessionOperations;
}): readonly Route[] {
  const { account, sessions } = deps;
  return [passwordRoute(account), ...ownSessionRoutes(sessions)];
}

function passwordRoute(account: AccountOperations): Route {
  return guardedRoute({
    method: 'post',
    path: '/api/me/password',
    permission: 'authenticated',
    beforePasswordChange: true,
    tag: 'Session',
    summary: 'Change your password',
    description:
      'Ends every other session of yours. This one goes on under a new cookie and a new CSRF token.',
    request: { body: passwordChangeSchema },
    success: { status: 200, description: 'The new password holds', schema: meSchema },
    errors: [
      'forbidden',
      'validation-failed',
      'too-many-attempts',
      'store-read-only',
      'store-write-failed',
      'gate-write-failed',
    ],
    audit: {
      action: 'password.change',
      target: ({ principal }) => targetNamed('user', principal?.username),
    },
    handle: async ({ body, principal, session, address }) => {
      const { username } = requirePerson(principal);
      await account.changePassword(body, { username, address, sessionId: session.id() });
      return { body: viewMe(withNothingDue(principal), await session.begin(username)) };
    },
  });
}

function ownSessionRoutes(sessions: SessionOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/me/sessions',
      permission: 'authenticated',
      tag: 'Session',
      summary: 'List your sessions',
      success: { status: 200, description: 'Those that have not ended', schema: sessionListSchema },
      errors: ['forbidden'],
      handle: async ({ principal, session }) => {
        const { username } = requirePerson(principal);
        return { body: { sessions: await sessions.list(username, session.id()) } };
      },
    }),
    guardedRoute({
      method: 'delete',
      path: '/api/me/sessions',
      permission: 'authenticated',
      tag: 'Session',
      summary: 'End all your other sessions',
      success: { status: 204, description: 'Only this session is left' },
      errors: ['forbidden'],
      audit: {
        action: 'session.end',
        target: ({ principal }) => targetNamed('user', principal?.username),
      },
      handle: async ({ principal, session }) => {
        await sessions.endOthers(requirePerson(principal).username, session.id());
        return {};
      },
    }),
    guardedRoute({
      method: 'delete',
      path: '/api/me/sessions/{id}',
      permission: 'authenticated',
      tag: 'Session',
      summary: 'End one of your sessions',
      success: { status: 204, description: 'It has ended' },
      errors: ['forbidden', 'session-not-found'],
      audit: { action: 'session.end', target: ({ params }) => targetNamed('session', params.id) },
      handle: async ({ params, principal, session }) => {
        const { username } = requirePerson(principal);
        // The present one must not be written back when this request ends.
        if (params.id !== undefined && params.id === session.id()) await session.end();
        else await sessions.end(username, params.id ?? '');
        return {};
      },
    }),
  ];
}

function withNothingDue({ mustChangePassword: _, ...principal }: Principal): Principal {
  return principal;
}

function requirePerson(principal: Principal): Principal {
  if (principal.kind === 'user') return principal;
  throw new RegistryError(
    'forbidden',
    'This is for people in a session (POST /api/login): a token has no password and no sessions.',
  );
}
