import { z } from 'zod';
import type { AuditLog, AuditPage } from '../../audit/audit-log.js';
import { csvEntry, csvHeading, jsonEntry } from '../../audit/export-lines.js';
import { auditQuerySchema } from './audit-queries.js';
import { validate } from '../validate.js';

export const auditExportQuerySchema = auditQuerySchema.omit({ cursor: true, limit: true }).extend({
  format: z.enum(['csv', 'jsonl']).default('csv'),
});

interface AuditExport {
  /** `audit-20260102T030405Z.csv` */
  readonly fileName: string;
  readonly mediaType: string;
  /** Newest first. No more of the log is in memory than a page of it. */
  readonly lines: AsyncIterable<string>;
}

/** All entries that the filters mean, as a file. @throws RegistryError `validation-failed` */
export type ExportAudit = (query: unknown) => Promise<AuditExport>;

const PAGE = 500;
const MEDIA_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/x-ndjson; charset=utf-8',
} as const;

export function createExportAudit(deps: {
  readonly auditLog: Pick<AuditLog, 'query'>;
  readonly clock: () => Date;
}): ExportAudit {
  const { auditLog, clock } = deps;
  return async (query) => {
    const { format, ...filters } = validate(auditExportQuerySchema, query);
    const pageAfter = (cursor?: string) => auditLog.query({ filters, cursor, limit: PAGE });
    // What goes wrong at once is told in words, and not by a file that ends early.
    const first = await pageAfter();
    const stamp = `${clock().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    return {
      fileName: `audit-${stamp}.${format}`,
      mediaType: MEDIA_TYPES[format],
      lines: linesOf(first, pageAfter, format),
    };
  };
}

async function* linesOf(
  first: AuditPage,
  pageAfter: (cursor: string) => Promise<AuditPage>,
  format: keyof typeof MEDIA_TYPES,
): AsyncGenerator<string> {
  const line = format === 'csv' ? csvEntry : jsonEntry;
  if (format === 'csv') yield csvHeading();
  for (let page = first; ; page = await pageAfter(page.nextCursor)) {
    // A page at a time: a chunk for each line would cost more than the line.
    if (page.entries.length > 0) yield page.entries.map(line).join('');
    if (page.nextCursor === undefined) return;
  }
}
