import { Anchor, Card, Checkbox, Group, Text } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'react-router';
import type { ServerSummary } from '../../api/servers';
import { StatusBadge } from '../../components/status-badge';
import { UntrustedText } from '../../components/untrusted-text';
import { Checked, protocolText, Tags, toolsText } from './server-facts';
import { ServerMenu } from './server-menu';
import { ServerSwitch } from './server-switch';
import type { ServerActions } from './use-server-actions';
import classes from './servers.module.css';

export interface ServerItemProps {
  readonly server: ServerSummary;
  readonly actions: ServerActions;
  /** Undefined where nothing can be done with several servers. */
  readonly onSelect: ((path: string, isChosen: boolean) => void) | undefined;
  readonly isSelected: boolean;
}

/** A server as a card. All have one height, so that the place of each is known without drawing it. */
export const ServerCard = memo(function ServerCard(props: ServerItemProps) {
  const { server, actions, onSelect, isSelected } = props;
  const { name, path, description, tags, toolCount } = server;
  return (
    <Card
      component="article"
      p="md"
      className={classes.card}
      data-selected={isSelected || undefined}
      aria-label={name}
    >
      <Group justify="space-between" wrap="nowrap" gap="xs">
        {onSelect !== undefined && (
          <Checkbox
            size="xs"
            checked={isSelected}
            onChange={(event) => onSelect(path, event.currentTarget.checked)}
            aria-label={`Select ${name}`}
          />
        )}
        <Anchor
          component={Link}
          to={`/servers${path}`}
          fw={620}
          c="var(--mantine-color-text)"
          className={classes.name}
        >
          <UntrustedText inline text={name} max={120} inherit />
        </Anchor>
        <StatusBadge server={server} />
      </Group>
      <Text size="xs" c="dimmed" className={classes.path} title={path}>
        {path}
      </Text>
      <div className={classes.description}>
        {description === '' ? (
          <Text size="sm" c="dimmed">
            No description
          </Text>
        ) : (
          <UntrustedText inline text={description} max={300} size="sm" className={classes.clamp} />
        )}
      </div>
      <Tags tags={tags} />
      <Group justify="space-between" wrap="nowrap" gap="xs" mt="auto">
        <Text size="xs" c="dimmed" component="div" miw={0}>
          <div className={classes.facts}>
            {toolsText(toolCount)} · {protocolText(server)}
          </div>
          <div className={classes.facts}>
            Checked <Checked server={server} />
          </div>
        </Text>
        <Group gap={6} wrap="nowrap">
          <ServerSwitch server={server} actions={actions} />
          <ServerMenu server={server} actions={actions} />
        </Group>
      </Group>
    </Card>
  );
});
