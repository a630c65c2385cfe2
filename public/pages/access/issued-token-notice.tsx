import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react';
import type { IssuedToken } from '../../api/tokens';
import classes from './access.module.css';

/** The token itself, this one time. */
export function IssuedTokenNotice(props: {
  readonly issued: IssuedToken;
  readonly onDone: () => void;
}) {
  const { issued, onDone } = props;
  return (
    <Stack>
      <Alert color="orange" icon={<IconAlertTriangle />} title="It is shown this once" role="alert">
        The registry keeps only a fingerprint of it. Put it where {issued.name} finds it, and
        nowhere else: whoever has it may do what it may.
      </Alert>
      <Code block className={classes.secret} aria-label="Token" data-testid="token">
        {issued.token}
      </Code>
      <Text size="sm" c="dimmed">
        Programs send it as a header: <Code>Authorization: Bearer …</Code>
      </Text>
      <Group justify="flex-end" gap="xs">
        <CopyButton value={issued.token} timeout={3000}>
          {({ copied, copy }) => (
            <Button
              variant={copied ? 'light' : 'filled'}
              color={copied ? 'teal' : 'brand'}
              leftSection={copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
              onClick={copy}
              data-autofocus
            >
              {copied ? 'Copied' : 'Copy the token'}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={onDone}>
          I have it
        </Button>
      </Group>
    </Stack>
  );
}
