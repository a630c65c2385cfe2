import { Anchor, Checkbox, Group, Table, Text } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'react-router';
import { StatusBadge } from '../../components/status-badge';
import { UntrustedText } from '../../components/untrusted-text';
import type { ServerItemProps } from './server-card';
import { Checked, eraName, Tags, transportName } from './server-facts';
import { transportOf } from './server-filter';
import { ServerMenu } from './server-menu';
import { ServerSwitch } from './server-switch';
import classes from './servers.module.css';

/** A server as a row of the table. */
export const ServerRow = memo(function ServerRow(
  props: ServerItemProps & { readonly rowIndex: number },
) {
  const { server, actions, onSelect, isSelected, rowIndex } = props;
  const { name, path, toolCount, tags, owner } = server;
  return (
    <Table.Tr
      aria-rowindex={rowIndex}
      {...(isSelected && { bg: 'var(--mantine-primary-color-light)' })}
    >
      {onSelect !== undefined && (
        <Table.Td>
          <Checkbox
            size="xs"
            checked={isSelected}
            onChange={(event) => onSelect(path, event.currentTarget.checked)}
            aria-label={`Select ${name}`}
          />
        </Table.Td>
      )}
      <Table.Td>
        <Anchor
          component={Link}
          to={`/servers${path}`}
          fw={600}
          size="sm"
          c="var(--mantine-color-text)"
        >
          <UntrustedText inline text={name} max={120} inherit />
        </Anchor>
        <Text size="xs" c="dimmed" className={classes.path} title={path}>
          {path}
        </Text>
      </Table.Td>
      <Table.Td>
        <StatusBadge server={server} />
      </Table.Td>
      <Table.Td>{toolCount.toLocaleString('en')}</Table.Td>
      <Table.Td>
        <Text size="sm" truncate>
          {transportName(transportOf(server))}
        </Text>
        <Text size="xs" c="dimmed">
          {eraName(server.era ?? '')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Tags tags={tags} most={2} />
      </Table.Td>
      <Table.Td title={owner}>{owner}</Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed">
          <Checked server={server} />
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap" justify="flex-end">
          <ServerSwitch server={server} actions={actions} />
          <ServerMenu server={server} actions={actions} />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
});
