import { Button, Group, Text, Tooltip } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import { useReview, type ServerTools } from '../../../api/server-tools';
import { useServerRights } from '../../../api/server-rights';
import type { ServerView } from '../../../api/servers';
import { notifyDone, notifyError } from '../../../components/notify';
import { TimeAgo } from '../../../components/time-ago';
import { changesText } from './changes-text';

/** When the list was fetched, what it costs agents, and what has changed since somebody looked at it. */
export function ReviewBar({
  server,
  list,
}: {
  readonly server: ServerView;
  readonly list: ServerTools;
}) {
  const review = useReview(server.path);
  const rights = useServerRights()(server);
  const { tools, fetchedAt, estimatedTokens, reviewedAt, reviewedBy } = list;
  const changes = changesText(list);
  const isWhole = reviewedAt !== undefined && changes === '';
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm" c="dimmed" component="div">
        {tools.length} {tools.length === 1 ? 'tool' : 'tools'}
        {fetchedAt !== null && (
          <>
            , listed <TimeAgo at={fetchedAt} />
          </>
        )}
        .{' '}
        <Tooltip label="An estimate of what the definitions take up in the context of an agent that lists all of them.">
          <Text span inherit tabIndex={0}>
            About {estimatedTokens.toLocaleString('en')} tokens of context.
          </Text>
        </Tooltip>{' '}
        {reviewedAt === undefined ? (
          'Nobody has reviewed them yet.'
        ) : (
          <>
            Reviewed by {reviewedBy ?? 'somebody'} <TimeAgo at={reviewedAt} />
            {changes === '' ? ', and as they were then.' : `. Since then: ${changes}.`}
          </>
        )}
      </Text>
      {rights.edit && !isWhole && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconChecks size={16} />}
          loading={review.isPending}
          onClick={() =>
            review.mutate(undefined, {
              onSuccess: () =>
                notifyDone(
                  'All tools are marked as reviewed',
                  'Changes from now on are shown here.',
                ),
              onError: (error) => notifyError('The tools could not be marked as reviewed', error),
            })
          }
        >
          Mark all as reviewed
        </Button>
      )}
    </Group>
  );
}
