import { z } from 'zod';
import { usageExportQuerySchema, type ExportUsage } from '../../operations/usage/usage-export.js';
import { callersQuerySchema, type UsageQueries } from '../../operations/usage/usage-queries.js';
import { usageQuerySchema } from '../../operations/usage/usage-range.js';
import {
  callersViewSchema,
  callViewSchema,
  usageSummarySchema,
  usageViewSchema,
} from '../../operations/usage/usage-view.js';
import { guardedRoute, type Route } from '../route.js';
import type { StreamedBody } from '../send-stream.js';

/** Text that is made while it is sent. */
const fileSchema = z.custom<StreamedBody>().meta({ type: 'string' });

const WHO =
  'With `usage:read` of all calls, without it of one’s own and of those of servers that one owns.';

export interface UsageRouteDeps {
  readonly usage: UsageQueries;
  readonly exportUsage: ExportUsage;
}

export function usageRoutes({ usage, exportUsage }: UsageRouteDeps): readonly Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/api/usage',
      permission: 'servers:read',
      tag: 'Usage',
      summary: 'Calls, errors and times, over time and by server, tool or caller',
      description: `${WHO} What was called in the last seconds is not counted yet.`,
      request: { query: usageQuerySchema },
      success: { status: 200, description: 'The statistics', schema: usageViewSchema },
      errors: ['validation-failed'],
      handle: async ({ query, principal }) => ({ body: await usage.usage(query, principal) }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/usage/summary',
      permission: 'servers:read',
      tag: 'Usage',
      summary: 'What was called today (UTC), by server',
      description: WHO,
      success: { status: 200, description: 'The summary', schema: usageSummarySchema },
      errors: [],
      handle: async ({ principal }) => ({ body: await usage.summary(principal) }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/usage/export',
      permission: 'servers:read',
      tag: 'Usage',
      summary: 'The statistics as a file',
      description:
        `${WHO} CSV (RFC 4180, UTF-8, with a heading), a line for each combination in each interval, in no order. Cells ` +
        'that a spreadsheet would run have an apostrophe before them. A file that breaks off is not complete.',
      request: { query: usageExportQuerySchema },
      success: { status: 200, description: 'The file', mediaType: 'text/csv', schema: fileSchema },
      errors: ['validation-failed'],
      handle: ({ query, principal }) => {
        const { lines, fileName, mediaType } = exportUsage(query, principal);
        const disposition = `attachment; filename="${fileName}"`;
        return {
          body: { chunks: lines },
          headers: { 'Content-Type': mediaType, 'Content-Disposition': disposition },
        };
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/api/usage/requests/{requestId}',
      permission: 'servers:read',
      tag: 'Usage',
      summary: 'What became of a request, by its X-Request-Id',
      description: `${WHO} Records are kept as long as there is room for them (CALL_LOG_MAX_BYTES).`,
      success: { status: 200, description: 'The record of the request', schema: callViewSchema },
      errors: ['call-not-found'],
      handle: async ({ params, principal }) => ({
        body: await usage.call(params.requestId ?? '', principal),
      }),
    }),
    guardedRoute({
      method: 'get',
      path: '/api/servers/{path}/callers',
      permission: 'servers:read',
      tag: 'Usage',
      summary: 'Who used a server lately, the busiest first',
      description: `${WHO} To be asked before a server is disabled or deleted.`,
      request: { query: callersQuerySchema },
      success: { status: 200, description: 'Its callers', schema: callersViewSchema },
      errors: ['server-not-found', 'validation-failed'],
      handle: async ({ params, query, principal }) => ({
        body: await usage.callers(params.path ?? '', query, principal),
      }),
    }),
  ];
}
