import { RegistryError } from '../../errors.js';
import { learnInputSchema, type LearnToken } from '../../operations/access/gate-learning.js';
import { gateRoute, type Route } from '../route.js';

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

/** What nginx asks the registry; nobody else can. */
export function gateLearningRoutes(learnToken: LearnToken): readonly Route[] {
  return [
    gateRoute({
      method: 'post',
      path: '/internal/gate/learn',
      permission: 'gate',
      tag: 'Gateway',
      summary: 'Find out about a bearer token that the gate does not know, and tell the gate',
      request: { body: learnInputSchema },
      success: { status: 204, description: 'The gate knows it now' },
      errors: [
        'validation-failed',
        'token-invalid',
        'token-wrong-audience',
        'identity-provider-unavailable',
        'gate-write-failed',
        'gateway-unavailable',
      ],
      audit: 'none',
      handle: async ({ body, header }) => {
        const [, token] = BEARER.exec(header('authorization') ?? '') ?? [];
        if (token === undefined) {
          throw new RegistryError('token-invalid', 'There is no bearer token in Authorization.');
        }
        await learnToken(token, body);
        return {};
      },
    }),
  ];
}
