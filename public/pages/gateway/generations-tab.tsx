import { Skeleton, Stack } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useSearchParams } from 'react-router';
import { useGenerations } from '../../api/gateway-history';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { Comparison } from './comparison';
import { GenerationList } from './generation-list';

/** What nginx was given before: to compare, and to go back to. */
export function GenerationsTab() {
  const { data, error, refetch } = useGenerations();
  const [search, setSearch] = useSearchParams();
  if (data === undefined) {
    if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
    return (
      <Stack aria-busy>
        <Skeleton h={64} />
        <Skeleton h={64} />
        <Skeleton h={64} />
      </Stack>
    );
  }
  const { generations } = data;
  if (generations.length === 0) {
    return (
      <EmptyState icon={IconHistory} title="No generation yet">
        Each change of a server that concerns nginx makes one, and the last ones are kept.
      </EmptyState>
    );
  }
  const compare = (from: string, to: string) => setSearch({ tab: 'generations', from, to });
  const [from, to] = [search.get('from'), search.get('to')];
  if (from === null || to === null) {
    return <GenerationList generations={generations} onCompare={compare} />;
  }
  return (
    <Comparison
      generations={generations}
      from={from}
      to={to}
      onCompare={compare}
      onBack={() => setSearch({ tab: 'generations' })}
    />
  );
}
