import type { AuditEntry } from '../../api/audit';

export interface FieldChange {
  readonly field: string;
  /** Undefined: it was not there. */
  readonly before?: string;
  readonly after?: string;
}

/** What is different, field by field, as text. */
export function fieldChanges({
  before,
  after,
}: Pick<AuditEntry, 'before' | 'after'>): FieldChange[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields.map((field) => ({
    field,
    ...withText('before', before?.[field]),
    ...withText('after', after?.[field]),
  }));
}

function withText<K extends 'before' | 'after'>(
  key: K,
  value: unknown,
): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: textOf(value) } as Record<K, string>);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) {
    return value.length === 0 ? '(none)' : value.join(', ');
  }
  return JSON.stringify(value, null, 1).replace(/\s*\n\s*/g, ' ');
}
