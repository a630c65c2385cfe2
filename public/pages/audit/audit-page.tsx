import { Button, Group, Menu, Skeleton, Stack, Text } from '@mantine/core';
import { IconClipboardList, IconDownload } from '@tabler/icons-react';
import { useSearchParams } from 'react-router';
import { auditExportUrl, useAudit, type AuditFilters } from '../../api/audit';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { PageHeader } from '../../components/page-header';
import { AuditFilterBar } from './audit-filter-bar';
import { filtersOf, searchOf } from './audit-filters';
import { AuditList } from './audit-list';

/** Who did what to what, when, and what became of it. */
export function AuditPage() {
  const [search, setSearch] = useSearchParams();
  const filters = filtersOf(search);
  const isFiltered = Object.keys(searchOf(filters)).length > 0;
  const audit = useAudit(filters);
  const entries = audit.data?.pages.flatMap((page) => page.entries);
  return (
    <>
      <PageHeader
        title="Audit"
        description="Every change, every log-in and every tool that was run from here, the newest first."
        actions={<ExportMenu filters={filters} />}
      />
      <Stack gap="md">
        <AuditFilterBar
          filters={filters}
          onChange={(next) => setSearch(searchOf(next), { replace: true })}
        />
        {audit.error !== null && (
          <ErrorAlert error={audit.error} onRetry={() => void audit.refetch()} />
        )}
        {audit.isPending && <Skeleton h={320} aria-busy />}
        {entries?.length === 0 && !audit.hasNextPage && (
          <EmptyState icon={IconClipboardList} title="There is no such entry">
            {isFiltered
              ? 'Fewer filters find more.'
              : 'Whatever somebody does here will stand here.'}
          </EmptyState>
        )}
        {entries !== undefined && entries.length > 0 && <AuditList entries={entries} />}
        {audit.hasNextPage ? (
          <Group justify="center">
            <Button
              variant="default"
              loading={audit.isFetchingNextPage}
              onClick={() => void audit.fetchNextPage()}
            >
              Show older entries
            </Button>
          </Group>
        ) : (
          entries !== undefined &&
          entries.length > 0 && (
            <Text size="sm" c="dimmed" ta="center">
              These are all.
            </Text>
          )
        )}
      </Stack>
    </>
  );
}

function ExportMenu({ filters }: { readonly filters: AuditFilters }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={18} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>All entries that the filters let through</Menu.Label>
        <Menu.Item component="a" href={auditExportUrl('csv', filters)} download>
          Table (CSV)
        </Menu.Item>
        <Menu.Item component="a" href={auditExportUrl('jsonl', filters)} download>
          JSON, one entry a line
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
