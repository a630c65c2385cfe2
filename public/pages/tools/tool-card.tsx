import { Badge, Group, Stack } from '@mantine/core';
import { Link } from 'react-router';
import type { ToolView } from '../../../registry/operations/tools/tool-view.js';
import { UntrustedText } from '../../components/untrusted-text';
import classes from './tools.module.css';

/** A tool in a list of many, which leads to it on the page of its server. */
export function ToolCard(props: {
  readonly tool: ToolView;
  /** Absent where the server stands above. */
  readonly serverName?: string;
  readonly reasons?: readonly string[];
}) {
  const { tool, serverName, reasons = [] } = props;
  const { name, title, description, server } = tool;
  return (
    <Link
      to={`/servers${server}?tab=tools&tool=${encodeURIComponent(name)}`}
      className={classes.card}
    >
      <Stack gap={4}>
        <Group gap="xs">
          <UntrustedText inline text={name} ff="monospace" size="sm" fw={600} max={120} />
          {title !== undefined && title !== name && (
            <UntrustedText inline text={title} size="sm" c="dimmed" max={100} />
          )}
          {serverName !== undefined && (
            <Badge color="gray" ml="auto">
              {serverName}
            </Badge>
          )}
        </Group>
        {description !== undefined && (
          <UntrustedText
            inline
            text={description.slice(0, 400)}
            size="sm"
            max={240}
            className={classes.description}
          />
        )}
        {reasons.length > 0 && (
          <UntrustedText inline text={reasons.join(' · ')} size="xs" c="dimmed" max={200} />
        )}
      </Stack>
    </Link>
  );
}
