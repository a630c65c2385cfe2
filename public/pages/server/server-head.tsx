import { Badge, Code, Group, Stack } from '@mantine/core';
import { BuiltInBadge } from '../../components/built-in-badge';
import { StatusBadge } from '../../components/status-badge';
import { PageHeader } from '../../components/page-header';
import { UntrustedText } from '../../components/untrusted-text';
import type { ServerView } from '../../api/servers';
import { ServerActions } from './server-actions';

/** Which server this is, how it is, and what can be done with it. */
export function ServerHead({ server }: { readonly server: ServerView }) {
  const { name, path, description, access, builtIn } = server;
  return (
    <PageHeader
      title={name}
      description={
        <Stack gap={8} mt={4}>
          <Group gap="xs">
            <Code>{path}</Code>
            <StatusBadge server={server} />
            {builtIn && <BuiltInBadge />}
            {access === 'public' && (
              <Badge color="gray" radius="xl">
                Public
              </Badge>
            )}
          </Group>
          {description !== '' && <UntrustedText text={description} max={300} size="sm" maw={760} />}
        </Stack>
      }
      actions={<ServerActions server={server} />}
    />
  );
}
