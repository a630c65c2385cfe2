import { z } from 'zod';
import type { TokenRecord } from '../../access/account.js';
import { groupName, SCOPES } from '../../access/principal.js';
import { parseServerPath, type ServerPath } from '../../catalog/server-path.js';

const serverPath = z.string().transform((input, context): ServerPath => {
  const parsed = parseServerPath(input);
  if (parsed.ok) return parsed.value;
  context.addIssue({ code: 'custom', message: parsed.problem, input });
  return z.NEVER;
});

export const tokenInputSchema = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(120),
  groups: z
    .array(groupName)
    .max(100)
    .transform((groups) => [...new Set(groups)])
    .optional()
    .meta({
      description: 'What it may use at the gateway: the servers and tools of these groups.',
    }),
  scopes: z
    .array(z.enum(SCOPES))
    .max(SCOPES.length)
    .transform((scopes) => [...new Set(scopes)])
    .optional()
    .meta({
      description:
        'What it may do at this API: read is part of write, write is part of admin. Without it: nothing when ' +
        'groups or server are given, else read.',
    }),
  expiresInDays: z.int().min(1).max(3650).optional().meta({
    description: 'Without it the token does not expire, or with the token that asks for it.',
  }),
  server: serverPath.optional().meta({
    description:
      'Path of the one server that it is for. Without groups it may use of that server what its owner may.',
  }),
});

export const tokenViewSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  owner: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  groups: z.array(z.string()),
  server: z.string().optional(),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
  lastUsedAt: z
    .string()
    .optional()
    .meta({ description: 'Absent: it was never used, as far as is known.' }),
});
export type TokenView = z.output<typeof tokenViewSchema>;

export const issuedTokenSchema = z.strictObject({
  ...tokenViewSchema.shape,
  token: z.string().meta({ description: 'Shown this once; only its SHA-256 is kept.' }),
});
export type IssuedToken = z.output<typeof issuedTokenSchema>;

/** @param lastUsedAt ISO 8601, when it is known */
export function viewToken(
  { sha256: _, ...rest }: TokenRecord,
  lastUsedAt: string | undefined,
): TokenView {
  return {
    ...rest,
    scopes: [...rest.scopes],
    groups: [...rest.groups],
    ...(lastUsedAt !== undefined && { lastUsedAt }),
  };
}
