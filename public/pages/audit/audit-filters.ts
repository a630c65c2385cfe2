import { AUDIT_FILTERS, type AuditFilters } from '../../api/audit';

/** What the address asks for. */
export function filtersOf(search: URLSearchParams): AuditFilters {
  const text = (name: string) => search.get(name) ?? '';
  return {
    actor: text('actor'),
    action: text('action'),
    target: text('target'),
    outcome: text('outcome'),
    from: text('from'),
    to: text('to'),
  };
}

/** For the address; what is empty is left out. */
export function searchOf(filters: AuditFilters): Record<string, string> {
  return Object.fromEntries(
    AUDIT_FILTERS.map((name) => [name, filters[name]]).filter(([, text]) => text !== ''),
  ) as Record<string, string>;
}

/** What `datetime-local` fields hold is the time of the browser; the API takes times with their zone. */
export function instantOf(local: string): string {
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}

/** The other way round, to the minute. */
export function localOf(instant: string): string {
  const time = new Date(instant);
  if (Number.isNaN(time.getTime())) return '';
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
