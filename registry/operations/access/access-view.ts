import { z } from 'zod';
import { groupName } from '../../access/principal.js';
import { ACCESS_MODES } from '../../catalog/server.js';

export const explainInputSchema = z
  .strictObject({
    token: z.string().min(1).max(64).optional().meta({ description: 'Id of a token.' }),
    user: z.string().min(1).max(128).optional().meta({ description: 'User name.' }),
    groups: z.array(groupName).max(100).optional().meta({
      description: 'Whoever has these groups and nothing else.',
    }),
    server: z.string().min(1).max(200).meta({ description: 'Path of the server.' }),
    tool: z.string().min(1).max(256).optional(),
  })
  .superRefine(({ token, user, groups }, context) => {
    const given = [token, user, groups].filter((each) => each !== undefined).length;
    if (given === 1) return;
    const message =
      'exactly one of "token", "user" and "groups" is needed to say whose access is meant';
    context.addIssue({ code: 'custom', path: ['token'], message });
  });

export const explanationSchema = z.strictObject({
  allowed: z.boolean().meta({
    description: 'Whether the tool may be called; without one, whether anything may be used.',
  }),
  access: z.enum(['none', 'some', 'all', 'public']),
  reason: z.string(),
  rules: z
    .array(
      z.strictObject({
        group: z.string(),
        effect: z.enum(['allow', 'deny']),
        pattern: z.string(),
        matches: z.enum(['server', 'tool']),
      }),
    )
    .readonly(),
});
export type Explanation = z.output<typeof explanationSchema>;

const grants = z.enum(['all', 'some']);

export const serverAccessSchema = z.strictObject({
  access: z.enum(ACCESS_MODES),
  groups: z
    .array(
      z.strictObject({
        name: z.string(),
        tools: z.array(z.string()).readonly(),
        denyTools: z.array(z.string()).readonly(),
        grants: z.enum(['all', 'some', 'none']),
      }),
    )
    .readonly()
    .meta({ description: 'Those that name the server.' }),
  users: z
    .array(
      z.strictObject({
        username: z.string(),
        grants,
        via: z.string().meta({ description: 'Why: groups, role or ownership, for people.' }),
      }),
    )
    .readonly()
    .optional()
    .meta({ description: 'Who may use any of it. Shown to whoever has users:manage.' }),
  tokens: z
    .array(z.strictObject({ id: z.string(), name: z.string(), owner: z.string(), grants }))
    .readonly()
    .optional()
    .meta({ description: 'Live ones that may use any of it. Shown to whoever has tokens:manage.' }),
});
export type ServerAccess = z.output<typeof serverAccessSchema>;
