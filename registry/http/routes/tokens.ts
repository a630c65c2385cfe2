import { z } from 'zod';
import { targetNamed } from '../../operations/audit/audited.js';
import type { TokenOperations } from '../../operations/access/token-operations.js';
import {
  issuedTokenSchema,
  tokenInputSchema,
  tokenViewSchema,
} from '../../operations/access/token-view.js';
import { guardedRoute, type Route } from '../route.js';

const listSchema = z.strictObject({
  tokens: z.array(tokenViewSchema.meta({ id: 'Token' })).readonly(),
});

export function tokenRoutes(tokens: TokenOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/tokens',
      permission: 'tokens:own',
      tag: 'Tokens',
      summary: 'List tokens; the tokens themselves cannot be shown again',
      success: {
        status: 200,
        description: "The caller's own tokens, for administrators all",
        schema: listSchema,
      },
      errors: [],
      handle: ({ principal }) => ({ body: { tokens: tokens.list(principal) } }),
    }),
    guardedRoute({
      method: 'post',
      path: '/api/tokens',
      permission: 'tokens:own',
      tag: 'Tokens',
      summary: 'Issue a token for the gateway, for this API, or both',
      description:
        'It belongs to the caller and may do no more than the caller: groups are among their own unless they are ' +
        'an administrator, and a token never makes one that may do more or lives longer than itself.',
      request: { body: tokenInputSchema },
      success: { status: 201, description: 'The token, shown once', schema: issuedTokenSchema },
      errors: ['validation-failed', 'gate-write-failed'],
      audit: { action: 'token.issue', target: () => targetNamed('token', undefined) },
      handle: async ({ body, principal }) => ({ body: await tokens.issue(body, principal) }),
    }),
    guardedRoute({
      method: 'delete',
      path: '/api/tokens/{id}',
      permission: 'tokens:own',
      tag: 'Tokens',
      summary: 'Revoke a token',
      success: { status: 204, description: 'It holds no longer' },
      errors: ['token-not-found', 'gate-write-failed'],
      audit: { action: 'token.revoke', target: ({ params }) => targetNamed('token', params.id) },
      handle: async ({ params, principal }) => {
        await tokens.revoke(params.id ?? '', principal);
        return {};
      },
    }),
  ];
}
