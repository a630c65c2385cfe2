import { z } from 'zod';
import { AUDIT_ACTIONS, auditEntrySchema } from '../../audit/audit-entry.js';
import type { AuditLog, AuditPage } from '../../audit/audit-log.js';
import { validate } from '../validate.js';

const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 100;

const FAMILIES = [...new Set(AUDIT_ACTIONS.map((action) => `${action.split('.')[0] ?? ''}.*`))];
const WANTED: readonly string[] = [...AUDIT_ACTIONS, ...FAMILIES];

const time = z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
  error: 'must be a date such as 2026-01-31 (UTC) or a time such as 2026-01-31T08:00:00Z',
});

export const auditQuerySchema = z.strictObject({
  actor: z.string().min(1).max(200).optional().meta({ description: 'User name of who did it.' }),
  action: z
    .string()
    .refine((text) => WANTED.includes(text), `must be one of ${WANTED.join(', ')}`)
    .optional()
    .meta({ description: 'Such as server.update, or server.* for all that is done to servers.' }),
  target: z.string().min(1).max(300).optional().meta({
    description:
      'Path of a server (its tools are included), name of a user or group, id of a token.',
  }),
  from: time.optional().meta({ description: 'The first moment that counts.' }),
  to: time.optional().meta({ description: 'The first moment that does not count any more.' }),
  outcome: z.string().min(1).max(60).optional().meta({
    description: 'ok, refused (everything but ok), or the code of an error.',
  }),
  cursor: z.string().max(300).optional(),
  limit: z.coerce
    .number('must be a number')
    .pipe(z.int().min(1).max(MAX_LIMIT))
    .default(DEFAULT_LIMIT),
});

export const auditPageSchema = z.strictObject({
  entries: z.array(auditEntrySchema).readonly(),
  nextCursor: z.string().optional().meta({
    description: 'Absent on the last page. A page may be shorter than asked for and have one.',
  }),
});

export interface AuditQueries {
  /** Newest first. @throws RegistryError `validation-failed` */
  list(query: unknown): Promise<AuditPage>;
}

export function createAuditQueries(deps: {
  readonly auditLog: Pick<AuditLog, 'query'>;
}): AuditQueries {
  return {
    list: async (input) => {
      const { cursor, limit, ...filters } = validate(auditQuerySchema, input);
      return deps.auditLog.query({ filters, cursor, limit });
    },
  };
}
