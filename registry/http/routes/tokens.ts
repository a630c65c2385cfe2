import { z } from 'zod';
import {
  issuedTokenSchema,
  tokenInputSchema,
  tokenViewSchema,
  type TokenOperations,
} from '../../operations/token-operations.js';
import { guardedRoute, type Route } from '../route.js';

const listSchema = z.strictObject({
  tokens: z.array(tokenViewSchema.meta({ id: 'Token' })).readonly(),
});

export function tokenRoutes(tokens: TokenOperations): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/tokens',
      permission: 'tokens:manage',
      tag: 'Tokens',
      summary: 'List tokens; the tokens themselves cannot be shown again',
      success: { status: 200, description: 'All tokens', schema: listSchema },
      errors: [],
      handle: () => ({ body: { tokens: tokens.list() } }),
    }),
    guardedRoute({
      method: 'post',
      path: '/api/tokens',
      permission: 'tokens:manage',
      tag: 'Tokens',
      summary: 'Issue a token for this API',
      request: { body: tokenInputSchema },
      success: { status: 201, description: 'The token, shown once', schema: issuedTokenSchema },
      errors: ['validation-failed'],
      handle: async ({ body, principal }) => ({
        body: await tokens.issue(body, principal.username),
      }),
    }),
    guardedRoute({
      method: 'delete',
      path: '/api/tokens/{id}',
      permission: 'tokens:manage',
      tag: 'Tokens',
      summary: 'Revoke a token',
      success: { status: 204, description: 'It holds no longer' },
      errors: ['token-not-found'],
      handle: async ({ params, principal }) => {
        await tokens.revoke(params.id ?? '', principal.username);
        return {};
      },
    }),
  ];
}
