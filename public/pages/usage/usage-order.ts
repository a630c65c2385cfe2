import type { UsageGroup } from '../../api/usage';

export const USAGE_COLUMNS = {
  calls: 'Calls',
  errors: 'Errors',
  p50Ms: 'p50',
  p95Ms: 'p95',
  lastAt: 'Last use',
} as const;
export type UsageColumn = keyof typeof USAGE_COLUMNS;

export interface UsageOrder {
  readonly by: UsageColumn;
  readonly descending: boolean;
}

export const BUSIEST_FIRST: UsageOrder = { by: 'calls', descending: true };

/** The order that a press on a heading leads to: the most first, then the other way round. */
export function nextOrder(order: UsageOrder, by: UsageColumn): UsageOrder {
  return { by, descending: order.by === by ? !order.descending : true };
}

/** What was not measured comes last either way; what is equal stays by calls, as the registry sent it. */
export function sortGroups(
  groups: readonly UsageGroup[],
  { by, descending }: UsageOrder,
): readonly UsageGroup[] {
  const valueOf = (group: UsageGroup): number | undefined => {
    const value = group[by];
    return typeof value === 'string' ? Date.parse(value) : (value ?? undefined);
  };
  return groups.toSorted((one, other) => {
    const [a, b] = [valueOf(one), valueOf(other)];
    if (a === undefined || b === undefined)
      return Number(a === undefined) - Number(b === undefined);
    return descending ? b - a : a - b;
  });
}
