import { z } from 'zod';
import { targetNamed } from '../../operations/audit/audited.js';
import type { UserOperations } from '../../operations/access/user-operations.js';
import {
  userInputSchema,
  userPatchSchema,
  userViewSchema,
} from '../../operations/access/user-view.js';
import { fieldOf } from '../body.js';
import { guardedRoute, type Route } from '../route.js';

const listSchema = z.strictObject({ users: z.array(userViewSchema).readonly() });

export function userRoutes(users: UserOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/users',
      permission: 'users:manage',
      tag: 'Users',
      summary: 'List users',
      success: { status: 200, description: 'All users', schema: listSchema },
      errors: [],
      handle: () => ({ body: { users: users.list() } }),
    }),
    guardedRoute({
      method: 'post',
      path: '/api/users',
      permission: 'users:manage',
      tag: 'Users',
      summary: 'Create a user, under a name that nobody has and by which nothing is owned',
      request: { body: userInputSchema },
      success: { status: 201, description: 'The user', schema: userViewSchema },
      errors: ['validation-failed', 'username-taken', 'gate-write-failed'],
      audit: {
        action: 'user.create',
        target: ({ body }) => targetNamed('user', fieldOf(body, 'username')),
      },
      handle: async ({ body, principal }) => {
        const user = await users.create(body, principal.username);
        const location = `/api/users/${encodeURIComponent(user.username)}`;
        return { body: user, headers: { Location: location } };
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/api/users/{username}',
      permission: 'users:manage',
      tag: 'Users',
      summary: 'Show a user',
      success: { status: 200, description: 'The user', schema: userViewSchema },
      errors: ['user-not-found'],
      handle: ({ params }) => ({ body: users.get(params.username ?? '') }),
    }),
    guardedRoute({
      method: 'patch',
      path: '/api/users/{username}',
      permission: 'users:manage',
      tag: 'Users',
      summary: 'Change a user',
      description:
        'Fields that are not given stay as they are. Disabling ends sessions and tokens at once, a new ' +
        'password ends sessions. The last enabled administrator who can log in stays one.',
      request: { body: userPatchSchema },
      success: { status: 200, description: 'The user', schema: userViewSchema },
      errors: ['validation-failed', 'user-not-found', 'last-admin', 'gate-write-failed'],
      audit: {
        action: 'user.update',
        target: ({ params }) => targetNamed('user', params.username),
      },
      handle: async ({ params, body, principal }) => ({
        body: await users.change(params.username ?? '', body, principal.username),
      }),
    }),
    guardedRoute({
      method: 'delete',
      path: '/api/users/{username}',
      permission: 'users:manage',
      tag: 'Users',
      summary: 'Remove a user with all their sessions and tokens',
      success: { status: 204, description: 'The user is gone' },
      errors: ['user-not-found', 'last-admin', 'gate-write-failed'],
      audit: {
        action: 'user.remove',
        target: ({ params }) => targetNamed('user', params.username),
      },
      handle: async ({ params, principal }) => {
        await users.remove(params.username ?? '', principal.username);
        return {};
      },
    }),
  ];
}
