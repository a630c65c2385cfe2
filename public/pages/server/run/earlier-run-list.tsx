import { Button, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { elapsedText } from '../../../components/elapsed-text';
import { TimeAgo } from '../../../components/time-ago';
import { seen } from './tame-schema';
import { OutcomeBadge } from './run-result';
import type { RunRecord } from './run-record';
import classes from './run.module.css';

const TextDiff = lazy(async () => ({
  default: (await import('../../../components/text-diff')).TextDiff,
}));

/** Runs of this tool in this tab: to look at, to repeat, and to compare with the one that is shown. */
export function EarlierRunList(props: {
  readonly runs: readonly RunRecord[];
  readonly shownId?: string;
  readonly onShow: (id: string) => void;
  readonly onFill: (args: Readonly<Record<string, unknown>>) => void;
  readonly onRepeat: (args: Readonly<Record<string, unknown>>) => void;
}) {
  const { runs, shownId, onShow, onFill, onRepeat } = props;
  const [comparedId, setComparedId] = useState<string>();
  const shown = runs.find(({ id }) => id === shownId);
  const compared = runs.find(({ id }) => id === comparedId);
  return (
    <Stack gap="xs" component="section" aria-label="Runs in this tab">
      <Title order={3} size="h5">
        Runs in this tab
      </Title>
      <ul className={classes.runs}>
        {runs.map((run) => {
          const isShown = run.id === shownId;
          return (
            <li key={run.id} className={classes.run} data-shown={isShown || undefined}>
              <UnstyledButton
                className={classes.summary}
                onClick={() => onShow(run.id)}
                aria-pressed={isShown}
              >
                <Group gap="xs">
                  <OutcomeBadge run={run} />
                  <Text size="xs" c="dimmed">
                    {elapsedText(run.durationMs)}, <TimeAgo at={run.at} />
                  </Text>
                </Group>
                <Text size="xs" ff="monospace" truncate maw={360}>
                  {seen(JSON.stringify(run.arguments), 120)}
                </Text>
              </UnstyledButton>
              <Group gap={4}>
                <Button size="compact-xs" variant="default" onClick={() => onRepeat(run.arguments)}>
                  Repeat
                </Button>
                <Button size="compact-xs" variant="default" onClick={() => onFill(run.arguments)}>
                  Edit
                </Button>
                {!isShown && run.outcome.kind === 'result' && (
                  <Button
                    size="compact-xs"
                    variant={run.id === comparedId ? 'light' : 'default'}
                    aria-pressed={run.id === comparedId}
                    onClick={() => setComparedId(run.id === comparedId ? undefined : run.id)}
                  >
                    Compare
                  </Button>
                )}
              </Group>
            </li>
          );
        })}
      </ul>
      {compared !== undefined && shown !== undefined && compared !== shown && (
        <Suspense fallback={<Text size="sm">Comparing …</Text>}>
          <Text size="sm">From that run to the one that is shown:</Text>
          <TextDiff before={textOf(compared)} after={textOf(shown)} label="results" />
        </Suspense>
      )}
    </Stack>
  );
}

function textOf({ arguments: args, outcome }: RunRecord): string {
  return JSON.stringify(
    { arguments: args, result: outcome.kind === 'result' ? outcome.result : outcome.kind },
    null,
    2,
  );
}
