import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useRefresh, useRemove } from '../../api/server-changes';
import { useServerRights, type ServerRights } from '../../api/server-rights';
import { useToggle, type ServerSummary } from '../../api/servers';
import { CallersNote } from '../../components/callers-note';
import { useConfirm } from '../../components/confirm';
import { notifyDone, notifyError, notifyOutcome } from '../../components/notify';
import { statusOf } from '../../components/status';
import { describeChanges } from './refresh-changes';

export interface ServerActions {
  readonly rights: (server: ServerSummary) => ServerRights;
  readonly toggle: (server: ServerSummary, enabled: boolean) => void;
  readonly refresh: (server: ServerSummary) => void;
  readonly remove: (server: ServerSummary) => void;
  /** Of the server that is being checked. */
  readonly refreshing: string | undefined;
}

/** What can be done with one server of a list. @returns the actions, and the dialog to place */
export function useServerActions(): [ServerActions, ReactNode] {
  const rights = useServerRights();
  const [ask, dialog] = useConfirm();
  const toggle = useToggle();
  const refresh = useRefresh();
  const remove = useRemove();

  const setEnabled = ({ path, name }: ServerSummary, enabled: boolean) =>
    toggle.mutate(
      { path, enabled },
      {
        onSuccess: (changed) =>
          notifyOutcome(`${name} is ${enabled ? 'enabled' : 'disabled'}`, changed),
        onError: (error) =>
          notifyError(`${name} could not be ${enabled ? 'enabled' : 'disabled'}`, error),
      },
    );
  const actions: ServerActions = {
    rights,
    refreshing: refresh.isPending ? refresh.variables : undefined,
    toggle: (server, enabled) => {
      if (enabled) {
        setEnabled(server, true);
        return;
      }
      ask({
        title: `Disable ${server.name}?`,
        action: 'Disable',
        children: (
          <Stack gap="sm">
            <Text size="sm">
              Clients that call {server.path} are answered 503 from then on, and streams that are
              open end. It keeps its settings and can be enabled at any time.
            </Text>
            <CallersNote path={server.path} />
          </Stack>
        ),
        onConfirm: () => setEnabled(server, false),
      });
    },
    refresh: (server) =>
      refresh.mutate(server.path, {
        onSuccess: ({ changes, ...found }) =>
          notifyDone(
            `${server.name} was checked: ${statusOf({ ...found, enabled: true }).label}`,
            describeChanges(changes),
          ),
        onError: (error) => notifyError(`${server.name} could not be checked`, error),
      }),
    remove: (server) =>
      ask({
        title: `Delete ${server.name}?`,
        action: 'Delete',
        danger: true,
        typed: server.path,
        children: (
          <Stack gap="xs">
            <Text size="sm">
              The server is taken out of the registry with its settings and stored secrets, and
              clients that call {server.path} are answered 404. This cannot be undone.
            </Text>
            <Text size="sm">To stop it for a while, disable it instead.</Text>
            <CallersNote path={server.path} />
          </Stack>
        ),
        onConfirm: () =>
          remove.mutate(server, {
            onSuccess: (removed) => notifyOutcome(`${server.name} was deleted`, removed),
            onError: (error) => notifyError(`${server.name} could not be deleted`, error),
          }),
      }),
  };
  return [actions, dialog];
}
