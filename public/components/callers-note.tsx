import { Alert, Text } from '@mantine/core';
import { useServerCallers } from '../api/usage';
import { callersText } from './callers-text';
import { UntrustedText } from './untrusted-text';

/** Who would miss a server. Silent as long as it is not known, or not for everybody to know. */
export function CallersNote({ path }: { readonly path: string }) {
  const { data } = useServerCallers(path);
  return (
    <div role="status">
      {data !== undefined &&
        (data.calls === 0 ? (
          <Text size="sm" c="dimmed">
            No calls of it in the last 7 days.
          </Text>
        ) : (
          <Alert color="orange" p="xs">
            <UntrustedText text={callersText(data)} size="sm" max={400} />
          </Alert>
        ))}
    </div>
  );
}
