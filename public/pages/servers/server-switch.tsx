import { Switch } from '@mantine/core';
import { useWantedEnabled, type ServerSummary } from '../../api/servers';
import type { ServerActions } from './use-server-actions';

/** Whether a server is enabled, or about to be; nothing for those who may not change it. */
export function ServerSwitch(props: {
  readonly server: ServerSummary;
  readonly actions: ServerActions;
}) {
  const { server, actions } = props;
  const wanted = useWantedEnabled(server.path);
  if (!actions.rights(server).toggle) return null;
  return (
    <Switch
      checked={wanted ?? server.enabled}
      onChange={(event) => actions.toggle(server, event.currentTarget.checked)}
      aria-label={`${server.name} is enabled`}
      size="sm"
    />
  );
}
