import { Badge, Box, Button, Card, Code, Group, Stack, Text } from '@mantine/core';
import { IconArrowBackUp, IconGitCompare } from '@tabler/icons-react';
import { useRestore, type Generation } from '../../api/gateway-history';
import { useMay } from '../../api/session';
import { useConfirm } from '../../components/confirm';
import { notifyError, notifyOutcome } from '../../components/notify';
import { TimeAgo } from '../../components/time-ago';
import { changeText } from './change-words';
import { RestoreWarning } from './restore-warning';

/** The generations that are kept, newest first. */
export function GenerationList(props: {
  readonly generations: readonly Generation[];
  readonly onCompare: (from: string, to: string) => void;
}) {
  const { generations, onCompare } = props;
  const restore = useRestore();
  const mayRestore = useMay()('servers:write-any');
  const [ask, dialog] = useConfirm();
  const live = generations.find((each) => each.live);
  const askToRestore = (generation: Generation) =>
    ask({
      title: 'Put the servers of that time back?',
      children: <RestoreWarning generation={generation} />,
      action: 'Restore',
      danger: true,
      onConfirm: () =>
        restore.mutate(generation.generation, {
          onSuccess: (done) => notifyOutcome(restoredText(done.restored), done),
          onError: (error) => notifyError('The generation could not be restored', error),
        }),
    });
  return (
    <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {generations.map((each) => (
        <Card key={each.generation} component="li" p="md">
          <Group justify="space-between" gap="sm">
            <GenerationFacts generation={each} />
            <Group gap="xs">
              {live !== undefined && !each.live && (
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconGitCompare size={16} />}
                  onClick={() => onCompare(each.generation, live.generation)}
                  aria-label={`Compare ${each.generation} with live`}
                >
                  Compare with live
                </Button>
              )}
              {mayRestore && each.restorable && !each.live && (
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconArrowBackUp size={16} />}
                  loading={restore.isPending && restore.variables === each.generation}
                  onClick={() => askToRestore(each)}
                  aria-label={`Restore ${each.generation}`}
                >
                  Restore
                </Button>
              )}
            </Group>
          </Group>
          {!each.live && each.notRestorableReason !== undefined && (
            <Text size="xs" c="dimmed" mt={6}>
              Cannot be restored: {each.notRestorableReason}
            </Text>
          )}
        </Card>
      ))}
      {dialog}
    </Stack>
  );
}

function GenerationFacts({ generation: each }: { readonly generation: Generation }) {
  const { generation, appliedAt, revision, live } = each;
  const change = changeText(each);
  return (
    <Box flex={1} miw={240}>
      <Group gap="xs">
        <Code fz="sm">{generation}</Code>
        {live && (
          <Badge color="teal" radius="xl">
            Live
          </Badge>
        )}
      </Group>
      {change !== undefined && (
        <Text size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
          {change}
        </Text>
      )}
      <Text size="sm" c="dimmed" mt={2}>
        {appliedAt === undefined ? (
          'never applied'
        ) : (
          <>
            applied <TimeAgo at={appliedAt} />
          </>
        )}
        {revision !== undefined && `, revision ${revision.toLocaleString('en')} of the catalog`}
      </Text>
    </Box>
  );
}

function restoredText(paths: readonly string[]): string {
  if (paths.length === 0) return 'The servers are as they were then already';
  return paths.length === 1
    ? `${paths[0] ?? ''} is as it was then`
    : `${String(paths.length)} servers are as they were then`;
}
