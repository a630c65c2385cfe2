import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditAction, AuditEntry } from '../../registry/audit/audit-entry.js';
import type { AuditPage } from '../../registry/audit/audit-log.js';
import { queryText, request } from './http';

export type { AuditAction, AuditEntry };

export const AUDIT_FILTERS = ['actor', 'action', 'target', 'outcome', 'from', 'to'] as const;
/** Empty: everything. */
export type AuditFilters = Readonly<Record<(typeof AUDIT_FILTERS)[number], string>>;

const PAGE_SIZE = 50;

/** Who did what, newest first, page by page. */
export function useAudit(filters: AuditFilters) {
  return useInfiniteQuery({
    queryKey: ['audit', filters],
    queryFn: ({ signal, pageParam }) =>
      request<AuditPage>('GET', '/api/audit', {
        query: { ...askedFor(filters), limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** Without blanks around what was typed: in the field they stay, since more words may follow. */
function askedFor(filters: AuditFilters): Record<string, string> {
  return Object.fromEntries(AUDIT_FILTERS.map((name) => [name, filters[name].trim()]));
}

/** Where a browser downloads all entries that the filters let through. */
export function auditExportUrl(format: 'csv' | 'jsonl', filters: AuditFilters): string {
  return `/api/audit/export${queryText({ format, ...askedFor(filters) })}`;
}
