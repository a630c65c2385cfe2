import { Skeleton } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { FoundList, type Found } from './found-list';

/** What a server offers besides tools, while it is loaded, when that failed, and when there is nothing. */
export function FoundTab<T extends Found>(props: {
  readonly found: { readonly error: Error | null; readonly refetch: () => unknown };
  /** Undefined: it is not there yet. */
  readonly items: readonly T[] | undefined;
  readonly fetchedAt: string | null | undefined;
  /** "prompts". */
  readonly what: string;
  readonly icon: Icon;
  readonly children: (item: T) => ReactNode;
}) {
  const { found, items, fetchedAt = null, what, icon, children } = props;
  if (items === undefined) {
    const { error, refetch } = found;
    if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
    return <Skeleton h={240} aria-label="Loading" />;
  }
  if (items.length === 0) {
    return (
      <EmptyState icon={icon} title={`No ${what}`}>
        The server offers none, or your groups give you single tools of it and nothing else.
      </EmptyState>
    );
  }
  return (
    <FoundList items={items} fetchedAt={fetchedAt} what={what}>
      {children}
    </FoundList>
  );
}
