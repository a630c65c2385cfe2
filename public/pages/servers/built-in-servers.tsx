import { Anchor, Card, Group, Skeleton, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useBuiltInServers, type ServerView } from '../../api/servers';
import { BuiltInBadge } from '../../components/built-in-badge';
import { toolsText } from './server-facts';
import classes from './servers.module.css';

/** What the gateway itself offers to agents. It is counted nowhere, and there is nothing about it to be changed. */
export function BuiltInServers() {
  const { data, error } = useBuiltInServers();
  // Its place is kept, so that the list does not jump when it comes.
  if (data === undefined) return error === null && <Skeleton className={classes.builtIn} />;
  return data.map((server) => <BuiltInServer key={server.path} server={server} />);
}

function BuiltInServer({ server }: { readonly server: ServerView }) {
  const { name, path, description, toolCount } = server;
  return (
    <Card component="section" px="md" py={0} className={classes.builtIn} aria-label={name}>
      <Group wrap="nowrap" gap="sm" h="100%">
        <Anchor
          component={Link}
          to={`/servers${path}`}
          fw={620}
          c="var(--mantine-color-text)"
          className={classes.builtInName}
        >
          {name}
        </Anchor>
        <BuiltInBadge />
        <Text size="sm" c="dimmed" truncate flex={1} miw={0} title={description} visibleFrom="sm">
          {description}
        </Text>
        <Text size="xs" c="dimmed" className={classes.builtInName} ml="auto" visibleFrom="sm">
          {toolsText(toolCount)}
        </Text>
      </Group>
    </Card>
  );
}
