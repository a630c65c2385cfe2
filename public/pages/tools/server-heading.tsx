import { Anchor, Group, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { StatusBadge } from '../../components/status-badge';
import type { ToolRow } from './tool-rows';

/** Whose tools come below. */
export function ServerHeading({ row }: { readonly row: ToolRow & { kind: 'server' } }) {
  const { path, server } = row;
  return (
    <Group gap="xs" pt="md" pb={6}>
      <Title order={2} size="h5">
        <Anchor component={Link} to={`/servers${path}`} inherit c="var(--mantine-color-text)">
          {server?.name ?? path}
        </Anchor>
      </Title>
      <Text size="xs" c="dimmed">
        {path}
      </Text>
      {server !== undefined && <StatusBadge server={server} />}
    </Group>
  );
}
