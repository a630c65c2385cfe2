import { Button, CloseButton, Group, Paper, Progress, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ServerSummary } from '../../api/servers';
import type { BulkAction, BulkActions } from './use-bulk-actions';
import type { Selection } from './use-selection';
import classes from './servers.module.css';

const LABELS: Readonly<Record<BulkAction, string>> = {
  enable: 'Enable',
  disable: 'Disable',
  refresh: 'Check now',
  remove: 'Delete',
};

/** What can be done with the servers that are chosen, and how far it is. */
export function BulkBar(props: {
  readonly selection: Selection;
  readonly shown: readonly ServerSummary[];
  readonly bulk: BulkActions;
}) {
  const { selection, shown, bulk } = props;
  const { selected } = selection;
  if (bulk.progress !== undefined) return <Running bulk={bulk} />;
  if (selected.length === 0) return null;
  return (
    <Bar>
      <Text size="sm" fw={600} role="status">
        {selected.length === 1 ? '1 server' : `${String(selected.length)} servers`} selected
      </Text>
      {selected.length < shown.length && (
        <Button size="compact-sm" variant="subtle" onClick={selection.selectAll}>
          Select all {shown.length.toLocaleString('en')}
        </Button>
      )}
      <Group gap="xs" ml="auto">
        {(Object.keys(LABELS) as BulkAction[]).map((action) => {
          const possible = bulk.eligible(action, selected);
          return possible.length === 0 ? null : (
            <Button
              key={action}
              size="compact-sm"
              variant={action === 'remove' ? 'light' : 'default'}
              {...(action === 'remove' && { color: 'red' })}
              onClick={() => bulk.start(action, possible)}
            >
              {LABELS[action]}
              {possible.length < selected.length && ` ${String(possible.length)}`}
            </Button>
          );
        })}
        <CloseButton onClick={selection.clear} aria-label="Select none" />
      </Group>
    </Bar>
  );
}

function Running({ bulk: { progress, stop } }: { readonly bulk: BulkActions }) {
  if (progress === undefined) return null;
  const { label, total, done, failures } = progress;
  return (
    <Bar>
      <Text size="sm" fw={600} role="status">
        {label}: {done} of {total}
        {failures.length > 0 && `, ${String(failures.length)} failed`}
      </Text>
      <Progress value={(done / total) * 100} flex={1} miw={120} aria-label={label} />
      <Button size="compact-sm" variant="default" onClick={stop}>
        Stop
      </Button>
    </Bar>
  );
}

function Bar({ children }: { readonly children: ReactNode }) {
  return (
    <Paper p="sm" className={classes.bulk} role="region" aria-label="With the selected servers">
      <Group gap="sm">{children}</Group>
    </Paper>
  );
}
