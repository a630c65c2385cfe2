import { z } from 'zod';
import type { Account } from '../../access/account.js';
import { newPasswordSchema, usernameSchema } from '../../access/credentials.js';
import { groupName, ROLES } from '../../access/principal.js';
import type { Group } from '../../access/group.js';

/** The fields that an administrator writes. */
const written = {
  displayName: z
    .string()
    .trim()
    .max(200)
    .refine((name) => !/\p{Cc}/u.test(name), 'must not contain control characters')
    .meta({ description: 'Empty: none.' }),
  roles: z
    .array(z.enum(ROLES))
    .max(ROLES.length)
    .transform((roles) => [...new Set(roles)]),
  groups: z
    .array(groupName)
    .max(100)
    .transform((names) => [...new Set(names)])
    .meta({
      description:
        'Groups that do not exist yet are taken; the answer names them in unknownGroups.',
    }),
  disabled: z.boolean().meta({ description: 'Ends every session and token of the user at once.' }),
  password: newPasswordSchema.meta({
    description: 'Never shown again. A new one ends every session of the user.',
  }),
  mustChangePassword: z.boolean().meta({
    description: 'Whether a session of the user is good for nothing but choosing a new password.',
  }),
};

export const userInputSchema = z.strictObject({
  username: usernameSchema,
  displayName: written.displayName.default(''),
  roles: written.roles.default(['viewer']),
  groups: written.groups.default([]),
  disabled: written.disabled.default(false),
  password: written.password
    .optional()
    .meta({ description: 'Never shown again. Without one nobody can log in until it is set.' }),
  mustChangePassword: written.mustChangePassword.default(false),
});

export const userPatchSchema = z.strictObject(written).partial();
export type UserPatch = z.output<typeof userPatchSchema>;

export const userViewSchema = z
  .strictObject({
    username: z.string(),
    displayName: z.string().optional(),
    roles: z.array(z.enum(ROLES)),
    groups: z.array(z.string()),
    unknownGroups: z.array(z.string()).meta({ description: 'Those of groups that do not exist.' }),
    disabled: z.boolean(),
    hasPassword: z.boolean(),
    mustChangePassword: z.boolean(),
    issuer: z.string().optional().meta({ description: 'Of a user of the identity provider.' }),
    createdAt: z.string(),
  })
  .meta({ id: 'User' });
export type UserView = z.output<typeof userViewSchema>;

/** An account without its secrets. */
export function viewUser(account: Account, groups: readonly Group[]): UserView {
  const { username, displayName, roles, disabled, passwordHash, oidc, createdAt } = account;
  const known = new Set(groups.map(({ name }) => name));
  return {
    username,
    ...(displayName !== undefined && { displayName }),
    roles: [...roles],
    groups: [...account.groups],
    unknownGroups: account.groups.filter((name) => !known.has(name)),
    disabled,
    hasPassword: passwordHash !== undefined,
    mustChangePassword: account.mustChangePassword === true,
    ...(oidc !== undefined && { issuer: oidc.issuer }),
    createdAt,
  };
}
