import { z } from 'zod';

/** Everything that the audit log has a name for. */
export const AUDIT_ACTIONS = [
  'server.register',
  'server.update',
  'server.enable',
  'server.disable',
  'server.remove',
  'server.refresh',
  'server.review',
  'server.probe',
  'server.import',
  'server.pull',
  'registry.add',
  'registry.update',
  'registry.remove',
  'tool.call',
  'gateway.restore',
  'token.issue',
  'token.revoke',
  'user.create',
  'user.update',
  'user.remove',
  'group.create',
  'group.update',
  'group.remove',
  'session.begin',
  'session.refused',
  'session.end',
  'password.change',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

const TARGET_TYPES = [
  'server',
  'tool',
  'token',
  'user',
  'group',
  'session',
  'gateway',
  'registry',
] as const;
export type AuditTargetType = (typeof TARGET_TYPES)[number];

export const actorSchema = z.strictObject({
  kind: z
    .enum(['user', 'token', 'system', 'stranger'])
    .meta({ description: '"system": the registry itself; "stranger": nobody that is known.' }),
  username: z.string().optional().meta({ description: 'Of a token: the one of its account.' }),
  tokenId: z.string().optional(),
});
export type AuditActor = Readonly<z.output<typeof actorSchema>>;

const targetSchema = z.strictObject({
  type: z.enum(TARGET_TYPES),
  id: z.string().optional().meta({
    description:
      "A server's path, a tool's or a group's name, a token's id, a user's name, a generation, a registry's id.",
  }),
  server: z.string().optional().meta({ description: 'Of a tool: the path of its server.' }),
});
export type AuditTarget = Readonly<z.output<typeof targetSchema>>;

const fieldsSchema = z.record(z.string(), z.unknown()).readonly();

/** One line of the audit log: who did what to what, when, from where, and what became of it. */
export const auditEntrySchema = z.strictObject({
  id: z.string(),
  time: z.iso.datetime(),
  action: z.enum(AUDIT_ACTIONS),
  actor: actorSchema,
  target: targetSchema,
  before: fieldsSchema.optional().meta({
    description: 'Fields that are different now, as they were. Secrets read "[set]".',
  }),
  after: fieldsSchema.optional().meta({
    description: 'The same fields as they are now. Secrets read "[set]" or "[changed]".',
  }),
  also: z
    .array(targetSchema)
    .readonly()
    .optional()
    .meta({ description: 'What else the same change touched, such as the tokens of a user.' }),
  from: z
    .strictObject({ address: z.string(), via: z.enum(['ui', 'api', 'script', 'mcp']) })
    .optional()
    .meta({ description: 'Absent: the registry itself.' }),
  revision: z.int().optional().meta({
    description: 'The revision of the catalog that it made; absent where no server is different.',
  }),
  outcome: z.string().meta({ description: '"ok", or the code of the error.' }),
  requestId: z.string().optional(),
  dropped: z.int().optional().meta({
    description:
      'Entries before this one that were not kept: refusals beyond the limit, or a disk that took none.',
  }),
});
export type AuditEntry = Readonly<z.output<typeof auditEntrySchema>>;
