import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { UntrustedText } from '../../components/untrusted-text';
import { changedMeanwhile, merge, type MeanwhileChanged } from './conflict';
import { FIELD_NAMES, type ServerFormValues } from './form-values';

/** Shows what somebody else changed meanwhile, and lets the person choose what is to hold. */
export function ConflictDialog(props: {
  readonly base: ServerFormValues;
  readonly theirs: ServerFormValues;
  readonly mine: ServerFormValues;
  readonly onGoOn: (values: ServerFormValues) => void;
  readonly onClose: () => void;
}) {
  const { base, theirs, mine, onGoOn, onClose } = props;
  const [keep, setKeep] = useState<ReadonlySet<string>>(new Set());
  const changes = changedMeanwhile(base, theirs, mine);
  const choose = (field: string, isMine: boolean) => {
    const next = new Set(keep);
    if (isMine) next.add(field);
    else next.delete(field);
    setKeep(next);
  };
  return (
    <Modal opened onClose={onClose} size="lg" title="Somebody changed this server meanwhile">
      <Stack>
        {changes.length === 0 ? (
          <Text size="sm">
            Their change does not touch what this form shows. You can save yours.
          </Text>
        ) : (
          changes.map((change) => (
            <Change
              key={change.field}
              change={change}
              isMine={keep.has(change.field)}
              onChoose={(isMine) => choose(change.field, isMine)}
            />
          ))
        )}
        <Text size="sm" c="dimmed">
          Nothing is saved yet: you go on with the form, and look at it once more.
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button onClick={() => onGoOn(merge(base, theirs, mine, keep))} data-autofocus>
            Go on
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Change(props: {
  readonly change: MeanwhileChanged;
  readonly isMine: boolean;
  readonly onChoose: (isMine: boolean) => void;
}) {
  const { change, isMine, onChoose } = props;
  const { field, before, theirs, mine, isContested } = change;
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={600}>
          {FIELD_NAMES[field]}
        </Text>
        {isContested && (
          <SegmentedControl
            size="xs"
            value={isMine ? 'mine' : 'theirs'}
            onChange={(value) => onChoose(value === 'mine')}
            data={[
              { value: 'theirs', label: 'Take theirs' },
              { value: 'mine', label: 'Keep mine' },
            ]}
            aria-label={`${FIELD_NAMES[field]}: whose change`}
          />
        )}
      </Group>
      <Line label="Before" text={before} />
      <Line label="Theirs" text={theirs} />
      {isContested && <Line label="Mine" text={mine} />}
    </div>
  );
}

function Line({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Text size="sm" c="dimmed" w={60} style={{ flexShrink: 0 }}>
        {label}
      </Text>
      <UntrustedText text={text} max={300} size="sm" />
    </Group>
  );
}
