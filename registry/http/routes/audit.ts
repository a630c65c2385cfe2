import {
  auditPageSchema,
  auditQuerySchema,
  type AuditQueries,
} from '../../operations/audit-queries.js';
import { guardedRoute, type Route } from '../route.js';

export function auditRoutes(audit: AuditQueries): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/audit',
      permission: 'audit:read',
      tag: 'Audit',
      summary: 'Who did what, newest first',
      request: { query: auditQuerySchema },
      success: { status: 200, description: 'A page of entries', schema: auditPageSchema },
      errors: ['validation-failed'],
      handle: async ({ query }) => ({ body: await audit.list(query) }),
    }),
  ];
}
