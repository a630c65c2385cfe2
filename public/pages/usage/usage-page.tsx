import { Button, Skeleton, Stack } from '@mantine/core';
import { IconChartBar, IconDownload } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import {
  USAGE_DIMENSIONS,
  usageExportUrl,
  useUsage,
  type UsageFigures,
  type UsageFilter,
} from '../../api/usage';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { Figures } from '../../components/figures';
import { PageHeader } from '../../components/page-header';
import { useNow } from '../../components/use-now';
import { byteText } from '../../components/byte-text';
import { elapsedText } from '../../components/elapsed-text';
import { RequestLookUp } from './request-look-up';
import { UsageChart } from './usage-chart';
import { UsageFilterBar } from './usage-filter-bar';
import { filterOf, isNarrowed, searchOf } from './usage-search';
import { UsageTable } from './usage-table';
import { shareText } from './usage-words';

/** Who called what through the gateway, how often, how fast and with which errors. */
export function UsagePage() {
  const [search, setSearch] = useSearchParams();
  const filter = filterOf(search);
  const now = useNow();
  return (
    <>
      <PageHeader
        title="Usage"
        description="Calls that went through the gateway to MCP servers: as many of them as you may know of."
        actions={
          <Button
            component="a"
            href={usageExportUrl(filter, now)}
            download
            variant="default"
            leftSection={<IconDownload size={18} />}
          >
            Export CSV
          </Button>
        }
      />
      <Stack gap="md">
        <UsageFilterBar filter={filter} onChange={(next) => setSearch(searchOf(next))} />
        <Statistics filter={filter} />
        <RequestLookUp
          requestId={search.get('request') ?? ''}
          onLookUp={(requestId) => {
            const next = searchOf(filter);
            if (requestId !== '') next.set('request', requestId);
            setSearch(next);
          }}
        />
      </Stack>
    </>
  );
}

function Statistics({ filter }: { readonly filter: UsageFilter }) {
  const { data, error, refetch, isPlaceholderData } = useUsage(filter, 'server');
  if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  if (data === undefined) {
    return (
      <Stack aria-label="Loading the statistics" role="status">
        <Skeleton h={74} />
        <Skeleton h={240} />
        <Skeleton h={160} />
      </Stack>
    );
  }
  if (data.totals.calls === 0) return <NoCalls isNarrowed={isNarrowed(filter)} />;
  return (
    <Stack gap="md" aria-busy={isPlaceholderData}>
      <Totals totals={data.totals} />
      <UsageChart usage={data} />
      {USAGE_DIMENSIONS.map((dimension) => (
        <UsageTable key={dimension} {...{ filter, dimension }} />
      ))}
    </Stack>
  );
}

function Totals({ totals }: { readonly totals: UsageFigures }) {
  const { calls, errors, p50Ms, p95Ms, p99Ms, callers, bytesIn, bytesOut } = totals;
  return (
    <Figures
      label="Totals"
      figures={[
        { label: 'Calls', value: calls },
        { label: 'Errors', value: errors, note: shareText(errors, calls), isBad: errors > 0 },
        { label: 'p50', value: elapsedText(p50Ms) },
        { label: 'p95', value: elapsedText(p95Ms) },
        { label: 'p99', value: elapsedText(p99Ms) },
        { label: 'Callers', value: callers },
        { label: 'Received', ...bytesOf(bytesIn) },
        { label: 'Sent', ...bytesOf(bytesOut) },
      ]}
    />
  );
}

/** The number, and beside it the unit. */
function bytesOf(bytes: number) {
  const [value = '', note = ''] = byteText(bytes).split(' ');
  return { value, note };
}

function NoCalls(props: { readonly isNarrowed: boolean }) {
  return props.isNarrowed ? (
    <EmptyState icon={IconChartBar} title="No such calls">
      Nothing was called that the filters let through. Fewer filters, or a longer time, find more.
    </EmptyState>
  ) : (
    <EmptyState
      icon={IconChartBar}
      title="No calls in this time"
      action={
        <Button component={Link} to="/servers" mt="xs">
          Go to servers
        </Button>
      }
    >
      A call shows up here within seconds. To make one, open a server and run one of its tools, or
      connect a client as its tab Connect tells.
    </EmptyState>
  );
}
