import { Code, Skeleton, Stack, Text } from '@mantine/core';
import { useRestorationPreview, type Generation } from '../../api/gateway-history';
import { ErrorAlert } from '../../components/error-alert';
import { TimeAgo } from '../../components/time-ago';

/** What going back to it means for which servers. */
export function RestoreWarning({ generation: each }: { readonly generation: Generation }) {
  const { generation, appliedAt, revision } = each;
  return (
    <>
      <Text size="sm" mb="sm">
        <Code>{generation}</Code>
        {appliedAt !== undefined && (
          <>
            {' '}
            was applied <TimeAgo at={appliedAt} />
          </>
        )}
        {revision !== undefined && ` from revision ${revision.toLocaleString('en')} of the catalog`}
        . Restoring it puts back the servers as they were then, as one change:
      </Text>
      <ConcernedServers generation={generation} />
      <Text size="sm" mt="sm">
        Users, groups and tokens stay as they are. The present servers can be restored in the same
        way afterwards.
      </Text>
    </>
  );
}

function ConcernedServers({ generation }: { readonly generation: string }) {
  const { data, error, refetch } = useRestorationPreview(generation);
  if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton h={60} aria-busy />;
  const { changed, removed, broughtBack } = data;
  if (changed.length + removed.length + broughtBack.length === 0) {
    return <Text size="sm">No server: all are as they were then.</Text>;
  }
  return (
    <Stack gap="xs">
      <Servers paths={removed} title="Removed, as they were registered since" />
      <Servers paths={changed} title="Changed back to their earlier settings" />
      <Servers paths={broughtBack} title="Brought back, as they were removed since" />
    </Stack>
  );
}

function Servers({ paths, title }: { readonly paths: readonly string[]; readonly title: string }) {
  if (paths.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {title} ({paths.length.toLocaleString('en')})
      </Text>
      <Text
        size="sm"
        mah={140}
        tabIndex={0}
        role="group"
        aria-label={title}
        style={{ overflowY: 'auto', overflowWrap: 'anywhere' }}
      >
        {paths.join(', ')}
      </Text>
    </div>
  );
}
