import { Button, Skeleton, Stack } from '@mantine/core';
import { IconServerOff } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { Problem } from '../../api/problem';
import { useServer } from '../../api/servers';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { PageHeader } from '../../components/page-header';
import { ExclusionAlert } from './exclusion-alert';
import { ServerHead } from './server-head';
import { ServerTabs } from './server-tabs';

/** Everything about one server, at /servers/<its path>. */
export function ServerPage() {
  const path = `/${useParams()['*'] ?? ''}`;
  const { data: server, error, refetch } = useServer(path);
  // Also when it was just here: somebody has removed it meanwhile.
  if (error instanceof Problem && error.status === 404) return <NoSuchServer path={path} />;
  if (server !== undefined) {
    return (
      <>
        <ServerHead server={server} />
        <Stack gap="lg">
          {server.exclusion !== undefined && <ExclusionAlert exclusion={server.exclusion} />}
          <ServerTabs key={path} server={server} />
        </Stack>
      </>
    );
  }
  if (error !== null) {
    return (
      <>
        <PageHeader title={path} />
        <ErrorAlert error={error} onRetry={() => void refetch()} />
      </>
    );
  }
  return (
    <Stack gap="md" aria-busy aria-label="Loading">
      <Skeleton h={34} w={280} />
      <Skeleton h={18} w={420} maw="100%" />
      <Skeleton h={42} mt="md" />
      <Skeleton h={320} />
    </Stack>
  );
}

function NoSuchServer({ path }: { readonly path: string }) {
  return (
    <>
      <PageHeader title="No such server" />
      <EmptyState
        icon={IconServerOff}
        title={`There is no server at ${path.slice(0, 200)}`}
        action={
          <Button component={Link} to="/servers" mt="xs">
            All servers
          </Button>
        }
      >
        It was removed or moved, or you may not see it. Somebody who manages groups can give you
        access.
      </EmptyState>
    </>
  );
}
