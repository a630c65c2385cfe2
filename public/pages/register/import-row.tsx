import { Anchor, Badge, Button, Checkbox, Group, Loader, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { FieldError } from '../../api/problem';
import { UntrustedText } from '../../components/untrusted-text';
import type { ImportItem, ImportOutcome } from './import-items';
import classes from './register.module.css';

/** One server that was found in pasted text. */
export function ImportRow(props: {
  readonly item: ImportItem;
  readonly faults: readonly FieldError[];
  readonly onChoose: (isChosen: boolean) => void;
  readonly onEdit: () => void;
}) {
  const { item, faults, onChoose, onEdit } = props;
  const { name, values, notes, isChosen, outcome } = item;
  const isDone = outcome.state === 'registered';
  return (
    <Group className={classes.entry} wrap="nowrap" align="flex-start">
      <Checkbox
        mt={2}
        checked={isDone || (isChosen && faults.length === 0)}
        disabled={isDone || faults.length > 0}
        onChange={(event) => onChoose(event.currentTarget.checked)}
        aria-label={`Register ${name}`}
      />
      <Stack gap={4} flex={1} miw={0}>
        <UntrustedText inline text={values?.name ?? name} max={120} fw={600} size="sm" />
        {values !== undefined && (
          <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
            {values.path} → {values.url}
          </Text>
        )}
        {faults.map(({ field, message }) => (
          <Text key={`${field} ${message}`} size="sm" c="var(--mantine-color-error)">
            {field === '' ? message : `${field}: ${message}`}
          </Text>
        ))}
        {notes.map((note) => (
          <UntrustedText key={note} text={note} size="xs" c="dimmed" />
        ))}
        <Outcome outcome={outcome} />
      </Stack>
      {values !== undefined && !isDone && (
        <Button size="compact-sm" variant="default" onClick={onEdit} aria-label={`Edit ${name}`}>
          Edit
        </Button>
      )}
    </Group>
  );
}

function Outcome({ outcome }: { readonly outcome: ImportOutcome }) {
  switch (outcome.state) {
    case 'waiting':
      return null;
    case 'working':
      return <Loader size="xs" aria-label="Registering" />;
    case 'registered':
      return (
        <Group gap="xs">
          <Badge color="teal">Registered</Badge>
          <Anchor component={Link} to={`/servers${outcome.path}`} size="sm">
            Open {outcome.path}
          </Anchor>
        </Group>
      );
    case 'failed':
      return (
        <Text
          size="sm"
          c="var(--mantine-color-error)"
          style={{ whiteSpace: 'pre-wrap' }}
          role="alert"
        >
          {outcome.message}
        </Text>
      );
  }
}
