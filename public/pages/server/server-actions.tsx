import { ActionIcon, Button, Group, Stack, Switch, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconRefresh, IconTrash } from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import { useRefresh, useRemove } from '../../api/server-changes';
import { useServerRights } from '../../api/server-rights';
import { useToggle, useWantedEnabled, type ServerView } from '../../api/servers';
import { CallersNote } from '../../components/callers-note';
import { useConfirm } from '../../components/confirm';
import { notifyError, notifyOutcome } from '../../components/notify';
import { refreshText } from './refresh-text';
import classes from './server.module.css';

const BUTTON = { root: classes.action, label: classes.actionText } as const;

/** The switch and the buttons of a server: what one may not do is not there. */
export function ServerActions({ server }: { readonly server: ServerView }) {
  const rights = useServerRights()(server);
  const [ask, dialog] = useConfirm();
  return (
    <>
      {rights.toggle && <EnabledSwitch server={server} ask={ask} />}
      {rights.refresh && <RefreshButton server={server} />}
      {rights.edit && (
        <Button
          component={Link}
          to={`/edit${server.path}`}
          variant="default"
          leftSection={<IconPencil size={16} />}
          classNames={BUTTON}
        >
          Edit
        </Button>
      )}
      {rights.remove && <DeleteButton server={server} ask={ask} />}
      {dialog}
    </>
  );
}

type Ask = ReturnType<typeof useConfirm>[0];

function EnabledSwitch({ server, ask }: { readonly server: ServerView; readonly ask: Ask }) {
  const { path, name, enabled } = server;
  const toggle = useToggle();
  const wanted = useWantedEnabled(path);
  const change = (to: boolean) =>
    toggle.mutate(
      { path, enabled: to },
      {
        onSuccess: (changed) => notifyOutcome(`${name} is ${to ? 'enabled' : 'disabled'}`, changed),
        onError: (error) =>
          notifyError(`${name} could not be ${to ? 'enabled' : 'disabled'}`, error),
      },
    );
  const askOrChange = () => {
    if (!enabled) change(true);
    else {
      ask({
        title: `Disable ${name}?`,
        action: 'Disable',
        children: (
          <Stack gap="sm">
            <Text size="sm">
              From now on every call of it is answered 503. Streams that are open end.
            </Text>
            <CallersNote path={path} />
          </Stack>
        ),
        onConfirm: () => change(false),
      });
    }
  };
  return (
    <Group h={36} px={4}>
      <Switch
        checked={wanted ?? enabled}
        disabled={toggle.isPending}
        onChange={askOrChange}
        label={enabled ? 'Enabled' : 'Disabled'}
        aria-label="Enabled"
      />
    </Group>
  );
}

function RefreshButton({ server: { path, name } }: { readonly server: ServerView }) {
  const refresh = useRefresh();
  return (
    <Tooltip label="Check it and list its tools now">
      <Button
        variant="default"
        loading={refresh.isPending}
        leftSection={<IconRefresh size={16} />}
        classNames={BUTTON}
        onClick={() =>
          refresh.mutate(path, {
            onSuccess: (found) => notifyOutcome(refreshText(name, found), found),
            onError: (error) => notifyError(`${name} could not be checked`, error),
          })
        }
      >
        Refresh
      </Button>
    </Tooltip>
  );
}

function DeleteButton({ server, ask }: { readonly server: ServerView; readonly ask: Ask }) {
  const { path, name, revision } = server;
  const remove = useRemove();
  const navigate = useNavigate();
  // Word of it may come over the live channel first, and this button be gone: callbacks of it would not be called.
  const removeNow = async () => {
    try {
      notifyOutcome(`${name} was deleted`, await remove.mutateAsync({ path, revision }));
      await navigate('/servers');
    } catch (error) {
      notifyError(`${name} could not be deleted`, error);
    }
  };
  return (
    <Tooltip label="Delete">
      <ActionIcon
        variant="default"
        size={36}
        aria-label={`Delete ${name}`}
        loading={remove.isPending}
        onClick={() =>
          ask({
            title: `Delete ${name}?`,
            action: 'Delete',
            danger: true,
            typed: path,
            children: (
              <Stack gap="sm">
                <Text size="sm">
                  Its address stops working at once, and its settings and credentials are gone. This
                  cannot be undone.
                </Text>
                <CallersNote path={path} />
              </Stack>
            ),
            onConfirm: () => void removeNow(),
          })
        }
      >
        <IconTrash size={17} />
      </ActionIcon>
    </Tooltip>
  );
}
