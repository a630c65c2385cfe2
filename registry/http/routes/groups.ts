import { z } from 'zod';
import { groupInputSchema, groupPatchSchema } from '../../access/group.js';
import { targetNamed } from '../../operations/audit/audited.js';
import type { GroupOperations } from '../../operations/access/group-operations.js';
import { groupViewSchema } from '../../operations/access/group-view.js';
import { fieldOf } from '../body.js';
import { guardedRoute, type Route } from '../route.js';

const viewSchema = groupViewSchema.meta({ id: 'Group' });
const listSchema = z.strictObject({ groups: z.array(viewSchema).readonly() });
const PATTERNS =
  '`*` stands for any text, all else for itself; what one group denies, no other allows.';

export function groupRoutes(groups: GroupOperations): readonly Route[] {
  return [...readingRoutes(groups), ...writingRoutes(groups)];
}

function readingRoutes(groups: GroupOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/groups',
      permission: 'groups:read',
      tag: 'Groups',
      summary: 'List groups in the order of their names',
      success: { status: 200, description: 'All groups', schema: listSchema },
      errors: [],
      handle: () => ({ body: { groups: groups.list() } }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/groups/{group}',
      permission: 'groups:read',
      tag: 'Groups',
      summary: 'One group',
      success: { status: 200, description: 'The group', schema: viewSchema },
      errors: ['group-not-found'],
      handle: ({ params }) => ({ body: groups.get(params.group ?? '') }),
    }),
  ];
}

function writingRoutes(groups: GroupOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/api/groups',
      permission: 'groups:manage',
      tag: 'Groups',
      summary: 'Create a group of servers and tools',
      description: PATTERNS,
      request: { body: groupInputSchema },
      success: { status: 201, description: 'The group', schema: viewSchema },
      errors: ['validation-failed', 'group-name-taken', 'gate-write-failed'],
      audit: {
        action: 'group.create',
        target: ({ body }) => targetNamed('group', fieldOf(body, 'name')),
      },
      handle: async ({ body, principal }) => {
        const group = await groups.create(body, principal.username);
        const location = `/api/groups/${encodeURIComponent(group.name)}`;
        return { body: group, headers: { Location: location } };
      },
    }),
    guardedRoute({
      method: 'patch',
      path: '/api/groups/{group}',
      permission: 'groups:manage',
      tag: 'Groups',
      summary: 'Change a group; lists are replaced as a whole',
      description: `${PATTERNS} It holds from the next request on.`,
      request: { body: groupPatchSchema },
      success: { status: 200, description: 'The group', schema: viewSchema },
      errors: ['validation-failed', 'group-not-found', 'gate-write-failed'],
      audit: { action: 'group.update', target: ({ params }) => targetNamed('group', params.group) },
      handle: async ({ params, body, principal }) => ({
        body: await groups.change(params.group ?? '', body, principal.username),
      }),
    }),
    guardedRoute({
      method: 'delete',
      path: '/api/groups/{group}',
      permission: 'groups:manage',
      tag: 'Groups',
      summary: 'Remove a group; tokens and users that name it get nothing from it any more',
      success: { status: 204, description: 'It is gone' },
      errors: ['group-not-found', 'gate-write-failed'],
      audit: { action: 'group.remove', target: ({ params }) => targetNamed('group', params.group) },
      handle: async ({ params, principal }) => {
        await groups.remove(params.group ?? '', principal.username);
        return {};
      },
    }),
  ];
}
