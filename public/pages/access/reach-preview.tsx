import { Badge, Group, Paper, Text, Title } from '@mantine/core';
import { UntrustedText } from '../../components/untrusted-text';
import type { Reach, ReachedServer } from './group-reach';
import classes from './access.module.css';

const SHOWN_SERVERS = 100;
const SHOWN_TOOLS = 12;

/** What a group's patterns match now, while they are written. */
export function ReachPreview(props: {
  readonly reach: Reach;
  /** How many there are. */
  readonly of: { readonly servers: number };
}) {
  const { servers, allowed, denied } = props.reach;
  return (
    <Paper p="md" component="section" aria-labelledby="reach">
      <Title order={3} size="h5" id="reach">
        Matches now
      </Title>
      <Text size="sm" c="dimmed" mb="sm" aria-live="polite">
        {servers.length} of {props.of.servers} servers, {allowed} tools allowed
        {denied > 0 && `, ${String(denied)} denied`}
      </Text>
      {servers.length === 0 ? (
        <Text size="sm">No server matches yet: the group gives nothing.</Text>
      ) : (
        <ul className={classes.reach} tabIndex={0} aria-label="Servers and tools that match">
          {servers.slice(0, SHOWN_SERVERS).map((server) => (
            <Server key={server.path} server={server} />
          ))}
        </ul>
      )}
      {servers.length > SHOWN_SERVERS && (
        <Text size="xs" c="dimmed">
          and {servers.length - SHOWN_SERVERS} more servers
        </Text>
      )}
    </Paper>
  );
}

function Server({ server: { path, name, tools } }: { readonly server: ReachedServer }) {
  return (
    <li>
      <Group gap={6} wrap="nowrap">
        <UntrustedText inline text={name} size="sm" fw={550} max={60} />
        <Text size="xs" c="dimmed" truncate>
          {path}
        </Text>
      </Group>
      {tools.length === 0 ? (
        <Text size="xs" c="dimmed">
          none of its tools that are known
        </Text>
      ) : (
        <Group gap={4} mt={4}>
          {tools.slice(0, SHOWN_TOOLS).map((tool) => (
            <Badge
              key={tool.name}
              size="sm"
              maw={200}
              color={tool.effect === 'denied' ? 'red' : 'teal'}
              aria-label={`${tool.name}, ${tool.effect}`}
            >
              <span className={tool.effect === 'denied' ? classes.denied : undefined}>
                {tool.name}
              </span>
            </Badge>
          ))}
          {tools.length > SHOWN_TOOLS && (
            <Text size="xs" c="dimmed">
              and {tools.length - SHOWN_TOOLS} more
            </Text>
          )}
        </Group>
      )}
    </li>
  );
}
