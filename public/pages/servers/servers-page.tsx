import { Box, Button, Skeleton, Stack } from '@mantine/core';
import { IconDownload, IconFilterOff, IconPlus, IconServer2 } from '@tabler/icons-react';
import { lazy, Suspense, useDeferredValue, useMemo } from 'react';
import { Link } from 'react-router';
import { type ServerSummary, useCheckTimes, useServers } from '../../api/servers';
import { useMay } from '../../api/session';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { PageHeader } from '../../components/page-header';
import { BuiltInServers } from './built-in-servers';
import { BulkBar } from './bulk-bar';
import { FilterBar } from './filter-bar';
import { ServerCards } from './server-cards';
import { countStatuses, facetsOf, filterServers } from './server-filter';
import { sortServers } from './server-order';
import { ServerStatistics } from './server-statistics';
import { useBulkActions } from './use-bulk-actions';
import { useSelection } from './use-selection';
import { useServerActions } from './use-server-actions';
import { useServersView } from './use-servers-view';

const ServerTable = lazy(async () => ({ default: (await import('./server-table')).ServerTable }));

/** All servers that the person sees, and how they are. */
export function ServersPage() {
  const { data: servers, error, refetch } = useServers();
  useCheckTimes();
  const mayRegister = useMay()('servers:write');
  return (
    <>
      <PageHeader
        title="Servers"
        description="MCP servers that are reached through this gateway."
        actions={
          <>
            <Button
              component="a"
              href="/api/export"
              download
              variant="default"
              leftSection={<IconDownload size={16} />}
            >
              Export
            </Button>
            {mayRegister && (
              <Button component={Link} to="/new" leftSection={<IconPlus size={16} />}>
                Register a server
              </Button>
            )}
          </>
        }
      />
      {error !== null && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {servers === undefined ? (
        error === null && <Loading />
      ) : servers.length === 0 ? (
        <>
          <BuiltInServers />
          <NoServers mayRegister={mayRegister} />
        </>
      ) : (
        <ServerList servers={servers} />
      )}
    </>
  );
}

function ServerList({ servers }: { readonly servers: readonly ServerSummary[] }) {
  const view = useServersView();
  const filter = useDeferredValue(view.filter);
  const { inScope, shown } = useMemo(() => filterServers(servers, filter), [servers, filter]);
  const counts = useMemo(() => countStatuses(inScope), [inScope]);
  const facets = useMemo(() => facetsOf(servers), [servers]);
  const sorted = useMemo(() => sortServers(shown, view.order), [shown, view.order]);
  const [actions, dialog] = useServerActions();
  const selection = useSelection(sorted);
  const [bulk, bulkDialogs] = useBulkActions(actions.rights, selection.selectOnly);
  const mayChange = useMay()('servers:toggle');
  const list = { servers: sorted, actions, selection: mayChange ? selection : undefined };
  return (
    <>
      <Box mb="lg">
        <ServerStatistics servers={servers} />
      </Box>
      <BuiltInServers />
      <FilterBar view={view} counts={counts} facets={facets} />
      {sorted.length === 0 ? (
        <EmptyState
          icon={IconFilterOff}
          title="No server matches"
          action={
            <Button variant="light" onClick={view.clearFilter}>
              Clear filters
            </Button>
          }
        >
          Of {servers.length.toLocaleString('en')} servers none is what the filters ask for.
        </EmptyState>
      ) : view.layout === 'table' ? (
        <Suspense>
          <ServerTable {...list} order={view.order} setOrder={view.setOrder} />
        </Suspense>
      ) : (
        <ServerCards {...list} />
      )}
      {mayChange && <BulkBar selection={selection} shown={sorted} bulk={bulk} />}
      {dialog}
      {bulkDialogs}
    </>
  );
}

function NoServers({ mayRegister }: { readonly mayRegister: boolean }) {
  return mayRegister ? (
    <EmptyState
      icon={IconServer2}
      title="Register the first server"
      action={
        <Button component={Link} to="/new" leftSection={<IconPlus size={16} />}>
          Register a server
        </Button>
      }
    >
      Give the address of an MCP server, and the gateway makes it available at a path of its own.
      You can also paste the configuration of a host such as Cursor or VS Code.
    </EmptyState>
  ) : (
    <EmptyState icon={IconServer2} title="There is no server for you yet">
      You see public servers and those that your groups give you. Ask an administrator to add you to
      a group, or to register a server.
    </EmptyState>
  );
}

function Loading() {
  return (
    <Stack aria-label="Loading the servers" role="status">
      <Skeleton height={74} />
      <Skeleton height={36} />
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} height={188} />
      ))}
    </Stack>
  );
}
