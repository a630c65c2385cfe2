import { Badge, Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import type { AuditEntry } from '../../../registry/audit/audit-entry.js';
import { useServerActivity } from '../../api/server-findings';
import type { ServerView } from '../../api/servers';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { TimeAgo } from '../../components/time-ago';
import { UntrustedText } from '../../components/untrusted-text';
import { activityText, actorText } from './activity-words';
import { LongCode } from '../../components/long-code';

/** Who did what with the server, the newest first. */
export function ActivityTab({ server }: { readonly server: ServerView }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useServerActivity(server.path);
  if (data === undefined) {
    if (error !== null) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
    return <Skeleton h={300} aria-label="Loading" />;
  }
  const entries = data.pages.flatMap((page) => page.entries);
  if (entries.length === 0) {
    return (
      <EmptyState icon={IconHistory} title="Nothing has happened yet">
        Changes of the server and runs of its tools from this console are listed here.
      </EmptyState>
    );
  }
  return (
    <Stack gap="md">
      <Card p={0}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </Card>
      {hasNextPage && (
        <Button
          variant="default"
          w="fit-content"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          Show earlier ones
        </Button>
      )}
    </Stack>
  );
}

function Entry({ entry }: { readonly entry: AuditEntry }) {
  const { time, actor, outcome, from, before, after } = entry;
  const changes = before === undefined && after === undefined ? undefined : { before, after };
  return (
    <Stack gap={4} px="lg" py="sm" style={{ borderBottom: '1px solid var(--line)' }}>
      <Group gap="xs">
        <UntrustedText inline size="sm" fw={550} max={200} text={activityText(entry)} />
        {outcome !== 'ok' && <Badge color="red">{outcome}</Badge>}
      </Group>
      <Text size="xs" c="dimmed" component="div">
        {actorText(actor)}
        {from !== undefined && `, from ${from.address} by ${from.via}`}, <TimeAgo at={time} />
      </Text>
      {changes !== undefined && (
        <details>
          <Text component="summary" size="xs" style={{ cursor: 'pointer' }}>
            What changed
          </Text>
          <LongCode value={changes} label="change" maxHeight={260} />
        </details>
      )}
    </Stack>
  );
}
