import { ActionIcon, Button, Group, NativeSelect, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowLeft, IconArrowsExchange } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useGeneration, type Generation } from '../../api/gateway-history';
import { agoText } from '../../components/time-ago';
import { useNow } from '../../components/use-now';
import { ErrorAlert } from '../../components/error-alert';

const ConfigDiff = lazy(async () => ({ default: (await import('./config-diff-view')).ConfigDiff }));

/** What is different between any two generations. */
export function Comparison(props: {
  readonly generations: readonly Generation[];
  readonly from: string;
  readonly to: string;
  readonly onCompare: (from: string, to: string) => void;
  readonly onBack: () => void;
}) {
  const { generations, from, to, onCompare, onBack } = props;
  const now = useNow();
  const choices = generations.map((each) => ({
    value: each.generation,
    label: labelOf(each, now),
  }));
  return (
    <Stack gap="md">
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconArrowLeft size={16} />}
          onClick={onBack}
        >
          All generations
        </Button>
      </div>
      <Group align="flex-end" gap="xs">
        <NativeSelect
          label="From"
          value={from}
          data={choices}
          onChange={(event) => onCompare(event.currentTarget.value, to)}
        />
        <ActionIcon
          variant="default"
          size={36}
          aria-label="Exchange the two"
          onClick={() => onCompare(to, from)}
        >
          <IconArrowsExchange size={18} />
        </ActionIcon>
        <NativeSelect
          label="To"
          value={to}
          data={choices}
          onChange={(event) => onCompare(from, event.currentTarget.value)}
        />
      </Group>
      <Difference from={from} to={to} />
    </Stack>
  );
}

function Difference({ from, to }: { readonly from: string; readonly to: string }) {
  const before = useGeneration(from);
  const after = useGeneration(to);
  const failed = [before, after].find(({ error }) => error !== null);
  if (failed !== undefined) {
    return <ErrorAlert error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  if (from === to) return <Text c="dimmed">This is the same generation twice.</Text>;
  if (before.data === undefined || after.data === undefined) return <Skeleton h={240} />;
  return (
    <Suspense fallback={<Skeleton h={240} />}>
      <ConfigDiff from={before.data} to={after.data} />
    </Suspense>
  );
}

function labelOf({ generation, appliedAt, live }: Generation, now: number): string {
  const when = appliedAt === undefined ? [] : [agoText(Date.parse(appliedAt), now)];
  return [generation, ...when, ...(live ? ['live'] : [])].join(' · ');
}
