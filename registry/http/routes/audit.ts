import { z } from 'zod';
import { auditExportQuerySchema, type ExportAudit } from '../../operations/audit/audit-export.js';
import {
  auditPageSchema,
  auditQuerySchema,
  type AuditQueries,
} from '../../operations/audit/audit-queries.js';
import {
  serverActivityQuerySchema,
  type ServerActivity,
} from '../../operations/servers/server-activity.js';
import type { StreamedBody } from '../send-stream.js';
import { guardedRoute, type Route } from '../route.js';

/** Text that is made while it is sent. */
const fileSchema = z.custom<StreamedBody>().meta({ type: 'string' });

export interface AuditRouteDeps {
  readonly audit: AuditQueries;
  readonly exportAudit: ExportAudit;
  readonly serverActivity: ServerActivity;
}

export function auditRoutes(deps: AuditRouteDeps): readonly Route[] {
  const { audit, exportAudit, serverActivity } = deps;
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
    guardedRoute({
      method: 'get',
      path: '/api/audit/export',
      permission: 'audit:read',
      tag: 'Audit',
      summary: 'Who did what, as a file, newest first',
      description:
        'CSV (RFC 4180, UTF-8, with a heading) or a JSON object in each line. In CSV, cells that a spreadsheet would run, ' +
        'since they begin with =, +, -, @, a tab or a carriage return, have an apostrophe before them. A file that breaks ' +
        'off is not complete.',
      request: { query: auditExportQuerySchema },
      success: { status: 200, description: 'The file', mediaType: 'text/csv', schema: fileSchema },
      errors: ['validation-failed'],
      handle: async ({ query }) => {
        const { lines, fileName, mediaType } = await exportAudit(query);
        const disposition = `attachment; filename="${fileName}"`;
        return {
          body: { chunks: lines },
          headers: { 'Content-Type': mediaType, 'Content-Disposition': disposition },
        };
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/api/servers/{path}/activity',
      permission: 'servers:read',
      tag: 'Audit',
      summary: 'What was done to a server and its tools, newest first',
      description:
        'For those with audit:read, and for those who may change the server, who see it since it was registered.',
      request: { query: serverActivityQuerySchema },
      success: { status: 200, description: 'A page of entries', schema: auditPageSchema },
      errors: ['validation-failed', 'server-not-found', 'forbidden'],
      handle: async ({ params, query, principal }) => ({
        body: await serverActivity(params.path ?? '', query, principal),
      }),
    }),
  ];
}
