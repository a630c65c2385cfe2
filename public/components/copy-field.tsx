import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import classes from './copy-field.module.css';

interface Props {
  readonly value: string;
  /** What is copied, for the button: "public URL". */
  readonly what: string;
}

/** A value that people carry elsewhere. */
export function CopyField({ value, what }: Props) {
  return (
    <Group gap={4} wrap="nowrap" maw="100%">
      <Code className={classes.value}>{value}</Code>
      <CopyIcon value={value} what={what} />
    </Group>
  );
}

export function CopyIcon({ value, what }: Props) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
          <ActionIcon
            variant="subtle"
            color={copied ? 'teal' : 'gray'}
            onClick={copy}
            aria-label={`Copy ${what}`}
          >
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
