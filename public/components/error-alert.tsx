import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { explain, Problem } from '../api/problem';
import { UntrustedText } from './untrusted-text';

/** What went wrong, in the API's words, and a way to try again. */
export function ErrorAlert(props: {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: () => void;
}) {
  const { error, title, onRetry } = props;
  const requestId = error instanceof Problem ? error.requestId : undefined;
  const heading = title ?? (error instanceof Problem ? error.title : 'Something went wrong');
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={heading} role="alert">
      <Stack gap="xs" align="flex-start">
        {/* What went wrong may be told in the words of an MCP server. */}
        <UntrustedText text={explain(error)} size="sm" max={1_000} />
        {requestId !== undefined && (
          <Text size="xs" c="dimmed">
            Request {requestId}
          </Text>
        )}
        {onRetry !== undefined && (
          <Button size="compact-sm" variant="light" color="red" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
