import { Anchor, Badge, Card, Group, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { PullResult } from '../../api/pull';
import { UntrustedText } from '../../components/untrusted-text';
import classes from './register.module.css';

type Pulled = PullResult['results'][number];

const OUTCOMES: Readonly<
  Record<
    Pulled['outcome'],
    { readonly color: string; readonly done: string; readonly planned: string }
  >
> = {
  created: { color: 'teal', done: 'Registered', planned: 'New' },
  updated: { color: 'blue', done: 'Changed', planned: 'Will change' },
  unchanged: { color: 'gray', done: 'The same', planned: 'The same' },
  kept: { color: 'yellow', done: 'Kept', planned: 'Stays different' },
  refused: { color: 'red', done: 'Left out', planned: 'Left out' },
};
/** What is of interest comes first. */
const ORDER = ['created', 'updated', 'kept', 'refused', 'unchanged'] as const;
const AT_ONCE = 100;

/** What becomes of each server of a registry. */
export function PulledList(props: {
  readonly pulled: PullResult;
  /** What can be done with it. */
  readonly children: ReactNode;
}) {
  const { results, registry, dryRun } = props.pulled;
  const [shown, setShown] = useState(AT_ONCE);
  const sorted = ORDER.flatMap((wanted) => results.filter(({ outcome }) => outcome === wanted));
  const counts = ORDER.flatMap((outcome) => {
    const count = results.filter((each) => each.outcome === outcome).length;
    return count === 0 ? [] : [`${labelOf(outcome, dryRun).toLowerCase()}: ${String(count)}`];
  });
  return (
    <Card p={0}>
      <Group p="md" justify="space-between">
        <Text size="sm" c="dimmed" role="status">
          {results.length} {results.length === 1 ? 'server' : 'servers'} of {registry}
          {counts.length > 0 && ` (${counts.join(', ')})`}
        </Text>
        {props.children}
      </Group>
      {sorted.slice(0, shown).map((pulled, index) => (
        <PulledRow key={`${pulled.name} ${String(index)}`} pulled={pulled} isPlanned={dryRun} />
      ))}
      {shown < sorted.length && (
        <Anchor component="button" p="md" size="sm" onClick={() => setShown(shown + AT_ONCE)}>
          Show more ({sorted.length - shown})
        </Anchor>
      )}
    </Card>
  );
}

function PulledRow({
  pulled,
  isPlanned,
}: {
  readonly pulled: Pulled;
  readonly isPlanned: boolean;
}) {
  const { name, path, outcome, problems, notes } = pulled;
  const isThere = path !== undefined && (!isPlanned || outcome !== 'created');
  return (
    <Group className={classes.entry} wrap="nowrap" align="flex-start">
      <Badge color={OUTCOMES[outcome].color} w={120} style={{ flex: 'none' }}>
        {labelOf(outcome, isPlanned)}
      </Badge>
      <Stack gap={4} flex={1} miw={0}>
        <UntrustedText inline text={name} max={200} fw={600} size="sm" />
        {path !== undefined && outcome !== 'refused' && (
          <Text size="xs" ff="monospace">
            {isThere ? (
              <Anchor component={Link} to={`/servers${path}`} size="xs" ff="monospace">
                {path}
              </Anchor>
            ) : (
              path
            )}
          </Text>
        )}
        {problems.map(({ field, message }) => (
          <UntrustedText
            key={`${field} ${message}`}
            text={`${field} ${message}`}
            size="sm"
            max={500}
          />
        ))}
        {notes.map((note) => (
          <UntrustedText key={note} text={note} size="xs" c="dimmed" max={500} />
        ))}
      </Stack>
    </Group>
  );
}

function labelOf(outcome: Pulled['outcome'], isPlanned: boolean): string {
  const { planned, done } = OUTCOMES[outcome];
  return isPlanned ? planned : done;
}
