import { ActionIcon, Loader, Menu } from '@mantine/core';
import {
  IconDotsVertical,
  IconEdit,
  IconExternalLink,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react';
import { Link } from 'react-router';
import type { ServerSummary } from '../../api/servers';
import type { ServerActions } from './use-server-actions';

/** What else can be done with a server. */
export function ServerMenu(props: {
  readonly server: ServerSummary;
  readonly actions: ServerActions;
}) {
  const { server, actions } = props;
  const { edit, remove, refresh } = actions.rights(server);
  const isRefreshing = actions.refreshing === server.path;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`More for ${server.name}`}>
          {isRefreshing ? <Loader size={16} /> : <IconDotsVertical size={18} />}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component={Link}
          to={`/servers${server.path}`}
          leftSection={<IconExternalLink size={16} />}
        >
          Open
        </Menu.Item>
        {refresh && (
          <Menu.Item
            leftSection={<IconRefresh size={16} />}
            disabled={isRefreshing}
            onClick={() => actions.refresh(server)}
          >
            Check now
          </Menu.Item>
        )}
        {edit && (
          <Menu.Item
            component={Link}
            to={`/edit${server.path}`}
            leftSection={<IconEdit size={16} />}
          >
            Edit
          </Menu.Item>
        )}
        {remove && (
          <>
            <Menu.Divider />
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} />}
              onClick={() => actions.remove(server)}
            >
              Delete
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
