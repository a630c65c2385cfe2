import { Badge, Tooltip } from '@mantine/core';
import type { ServerSummary } from '../api/servers';
import { statusOf } from './status';
import classes from './status-badge.module.css';

/** Says how a server is, by word, colour and, on request, cause. */
export function StatusBadge({ server }: { readonly server: ServerSummary }) {
  const { label, color, detail } = statusOf(server);
  return (
    <Tooltip label={detail} disabled={detail === ''}>
      <Badge
        color={color}
        radius="xl"
        tabIndex={0}
        leftSection={<span className={classes.dot} aria-hidden />}
      >
        {label}
      </Badge>
    </Tooltip>
  );
}
