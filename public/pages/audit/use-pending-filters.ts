import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { AuditFilters } from '../../api/audit';

const TYPING_MS = 400;
export const NOTHING: AuditFilters = {
  actor: '',
  action: '',
  target: '',
  outcome: '',
  from: '',
  to: '',
};
const FIELDS = Object.keys(NOTHING) as (keyof AuditFilters)[];

/**
 * Filters that are wanted and not yet in the address, which follows when the typing stops, and a little later even then.
 * @param filters of the address
 * @param onChange puts filters into the address
 */
export function usePendingFilters(
  filters: AuditFilters,
  onChange: (filters: AuditFilters) => void,
) {
  const [pending, setPending] = useState<Partial<AuditFilters>>({});
  const shown = { ...filters, ...pending };
  const left = FIELDS.filter((field) => shown[field] !== filters[field]);
  if (left.length < Object.keys(pending).length) {
    setPending(Object.fromEntries(left.map((field) => [field, pending[field]])));
  }
  const settle = useDebouncedCallback(() => onChange(shown), TYPING_MS);
  return {
    shown,
    type: (change: Partial<AuditFilters>) => {
      setPending({ ...pending, ...change });
      settle();
    },
    choose: (change: Partial<AuditFilters>) => {
      settle.cancel();
      setPending({ ...pending, ...change });
      onChange({ ...shown, ...change });
    },
  };
}
