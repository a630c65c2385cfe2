import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { TokenRecord } from '../access/account.js';
import { SCOPES } from '../access/principal.js';
import { hashToken, makeToken } from '../access/token.js';
import { RegistryError } from '../errors.js';
import type { Log } from '../log.js';
import type { Store } from '../store/store.js';
import { validate } from './validate.js';

const DAY_MS = 86_400_000;

export const tokenInputSchema = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(120),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .max(SCOPES.length)
    .transform((scopes) => [...new Set(scopes)])
    .default(['read'])
    .meta({ description: 'read is part of write, write is part of admin.' }),
  expiresInDays: z
    .int()
    .min(1)
    .max(3650)
    .optional()
    .meta({ description: 'Without it the token does not expire.' }),
});

const API_ONLY = 'is not taken: this version issues tokens for the registry API only';
const HINTS = { groups: API_ONLY, server: API_ONLY };

export const tokenViewSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  owner: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  groups: z.array(z.string()),
  server: z.string().optional(),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
});
type TokenView = z.output<typeof tokenViewSchema>;

export const issuedTokenSchema = z.strictObject({
  ...tokenViewSchema.shape,
  token: z.string().meta({ description: 'Shown this once; only its SHA-256 is kept.' }),
});
type IssuedToken = z.output<typeof issuedTokenSchema>;

export interface TokenOperations {
  list(): readonly TokenView[];
  /** @throws RegistryError `validation-failed` */
  issue(input: unknown, by: string): Promise<IssuedToken>;
  /** Holds from the next request on. @throws RegistryError `token-not-found` */
  revoke(id: string, by: string): Promise<void>;
}

export function createTokenOperations(deps: {
  readonly store: Pick<Store, 'state' | 'commit'>;
  readonly clock: () => Date;
  readonly log: Log;
}): TokenOperations {
  const { store, clock, log } = deps;
  return {
    list: () => store.state().tokens.map(viewToken),
    issue: async (input, by) => {
      const { name, scopes, expiresInDays } = validate(tokenInputSchema, input, HINTS);
      const token = makeToken();
      const now = clock();
      const record: TokenRecord = {
        id: randomUUID(),
        name,
        sha256: hashToken(token),
        owner: by,
        scopes,
        groups: [],
        createdAt: now.toISOString(),
        ...(expiresInDays !== undefined && {
          expiresAt: new Date(now.getTime() + expiresInDays * DAY_MS).toISOString(),
        }),
      };
      await store.commit(({ tokens }) => ({ tokens: [...tokens, record] }));
      log.info('Token issued.', { id: record.id, name, scopes, by });
      return { ...viewToken(record), token };
    },
    revoke: async (id, by) => {
      await store.commit(({ tokens }) => {
        const rest = tokens.filter((token) => token.id !== id);
        if (rest.length === tokens.length) {
          throw new RegistryError('token-not-found', 'There is no such token.');
        }
        return { tokens: rest };
      });
      log.info('Token revoked.', { id, by });
    },
  };
}

function viewToken({ sha256: _, ...rest }: TokenRecord): TokenView {
  return { ...rest, scopes: [...rest.scopes], groups: [...rest.groups] };
}
