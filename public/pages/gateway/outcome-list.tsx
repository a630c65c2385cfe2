import { Badge, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { GatewayStatusView } from '../../../registry/operations/system/system-view.js';
import { TimeAgo } from '../../components/time-ago';
import { UntrustedText } from '../../components/untrusted-text';
import { STATES } from './outcome-words';
import classes from './gateway.module.css';

const SHOWN = 8;

/** What nginx made of the last changes, the newest first. */
export function OutcomeList({ outcomes }: Pick<GatewayStatusView, 'outcomes'>) {
  const [whole, setWhole] = useState(false);
  if (outcomes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        None since the registry started.
      </Text>
    );
  }
  const shown = whole ? outcomes : outcomes.slice(0, SHOWN);
  return (
    <>
      <Stack component="ol" gap={0} className={classes.list}>
        {shown.map((outcome, index) => (
          <Outcome key={`${outcome.at} ${String(index)}`} outcome={outcome} />
        ))}
      </Stack>
      {shown.length < outcomes.length && (
        <Button variant="subtle" size="compact-sm" mt="xs" onClick={() => setWhole(true)}>
          Show all {outcomes.length}
        </Button>
      )}
    </>
  );
}

function Outcome({ outcome }: { readonly outcome: GatewayStatusView['outcomes'][number] }) {
  const { at, state, generation, reason, revision } = outcome;
  return (
    <li className={classes.item}>
      <Group gap="sm">
        <Badge color={STATES[state].color} w={84}>
          {STATES[state].label}
        </Badge>
        <Text size="sm" w={110}>
          <TimeAgo at={at} />
        </Text>
        <Text size="sm" c="dimmed">
          {state === 'rejected' ? 'still serves ' : ''}
          <Code>{generation === '' ? 'nothing' : generation}</Code>
          {revision !== undefined && ` of revision ${revision.toLocaleString('en')}`}
        </Text>
      </Group>
      {reason !== undefined && <UntrustedText text={reason} className={classes.message} mt={6} />}
    </li>
  );
}
