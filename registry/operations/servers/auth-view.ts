import { z } from 'zod';
import { secretsOf, type Auth, type OpenSecret } from '../../catalog/server-auth.js';

/** What every credential with secrets tells of them. */
const secrets = {
  secretSet: z.literal(true),
  changedAt: z.string().meta({ description: 'When a secret was last set.' }),
  unreadable: z.literal(true).optional().meta({
    description: 'It was sealed with another SECRET_KEY and is not sent: set it anew.',
  }),
};

/** How the gateway proves itself to an upstream, as the outside sees it: without any secret. */
export const authViewSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer'), ...secrets }),
  z.strictObject({ type: z.literal('basic'), username: z.string(), ...secrets }),
  z.strictObject({
    type: z.literal('headers'),
    headers: z.array(z.strictObject({ name: z.string() })).readonly(),
    ...secrets,
  }),
  z.strictObject({
    type: z.literal('oauth-client-credentials'),
    tokenUrl: z.string(),
    clientId: z.string(),
    scope: z.string().optional(),
    resource: z.string().optional(),
    method: z.enum(['basic', 'post']),
    ...secrets,
  }),
  z.strictObject({ type: z.literal('pass-through'), from: z.string(), to: z.string() }),
]);

export type AuthView = z.output<typeof authViewSchema>;

/**
 * Field by field, so that a new secret does not get out by being forgotten here.
 * @param shown what the viewer is shown of an address
 */
export function viewAuth(auth: Auth, open: OpenSecret, shown: (url: string) => string): AuthView {
  if (auth.type === 'none') return { type: auth.type };
  if (auth.type === 'pass-through') return { type: auth.type, from: auth.from, to: auth.to };
  const isUnreadable = secretsOf(auth).some(
    ({ sealed, context }) => open(sealed, context) === undefined,
  );
  const told = {
    secretSet: true as const,
    changedAt: auth.changedAt,
    ...(isUnreadable && { unreadable: true as const }),
  };
  switch (auth.type) {
    case 'bearer':
      return { type: auth.type, ...told };
    case 'basic':
      return { type: auth.type, username: auth.username, ...told };
    case 'headers':
      return { type: auth.type, headers: auth.headers.map(({ name }) => ({ name })), ...told };
    case 'oauth-client-credentials': {
      const { type, tokenUrl, clientId, scope, resource, method } = auth;
      return {
        type,
        tokenUrl: shown(tokenUrl),
        clientId,
        ...(scope !== undefined && { scope }),
        ...(resource !== undefined && { resource }),
        method,
        ...told,
      };
    }
  }
}
