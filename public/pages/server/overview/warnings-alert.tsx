import { Alert, List } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ServerView } from '../../../api/servers';
import { UntrustedText } from '../../../components/untrusted-text';

/** What the last listing had to leave out, and why the list is old. */
export function WarningsAlert({ server }: { readonly server: ServerView }) {
  const { warnings = [], toolsStale } = server;
  const texts = [
    ...(toolsStale === undefined ? [] : [`The lists could not be renewed: ${toolsStale}`]),
    ...warnings,
  ];
  if (texts.length === 0) return null;
  return (
    <Alert color="orange" icon={<IconAlertCircle />} title="Found at the last check">
      <List size="sm" spacing={4}>
        {texts.slice(0, 20).map((text) => (
          <List.Item key={text}>
            <UntrustedText text={text} max={400} size="sm" />
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
