import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useEndSession, useOwnSessions, type OwnSession } from '../../api/own-sessions';
import { ErrorAlert } from '../../components/error-alert';
import { notifyDone, notifyError } from '../../components/notify';
import { TimeAgo } from '../../components/time-ago';
import { browserName } from './browser-name';

/** Where one is logged in, and how to end that. */
export function SessionList() {
  const { data, error, refetch } = useOwnSessions();
  const end = useEndSession();
  const sessions = data?.sessions ?? [];
  const endSession = (which: Parameters<typeof end.mutate>[0], done: string) =>
    end.mutate(which, {
      onSuccess: () => notifyDone(done),
      onError: (thrown) => notifyError('The session could not be ended', thrown),
    });
  return (
    <Card p="lg">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          Sessions
        </Title>
        {sessions.length > 1 && (
          <Button
            size="compact-sm"
            variant="light"
            color="red"
            onClick={() => endSession('others', 'All other sessions have ended')}
          >
            End all others
          </Button>
        )}
      </Group>
      {error !== null && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      <Stack gap="sm">
        {sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            onEnd={() => endSession({ id: session.id }, 'The session has ended')}
          />
        ))}
      </Stack>
    </Card>
  );
}

function SessionRow({
  session,
  onEnd,
}: {
  readonly session: OwnSession;
  readonly onEnd: () => void;
}) {
  const { userAgent, address, lastSeenAt, current } = session;
  return (
    <Group justify="space-between" wrap="nowrap">
      <div>
        <Text size="sm" fw={550} title={userAgent}>
          {browserName(userAgent)} {current && <Badge size="sm">this one</Badge>}
        </Text>
        <Text size="xs" c="dimmed">
          from {address}, last seen <TimeAgo at={lastSeenAt} />
        </Text>
      </div>
      {!current && (
        <Button size="compact-sm" variant="default" onClick={onEnd}>
          End
        </Button>
      )}
    </Group>
  );
}
