import { Badge, Button, Group, Skeleton, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useMe } from '../../api/session';
import { useRemoveUser, useUsers, type UserView } from '../../api/users';
import { CardTable } from '../../components/card-table';
import { useConfirm } from '../../components/confirm';
import { EditDelete } from '../../components/edit-delete';
import { ErrorAlert } from '../../components/error-alert';
import { NameList } from '../../components/name-list';
import { notifyDone, notifyError } from '../../components/notify';
import { TextFilter } from '../../components/text-filter';
import { TimeAgo } from '../../components/time-ago';
import { UserEditor } from './user-editor';

/** The people who may log in. */
export function UsersTab() {
  const { data, error, refetch } = useUsers();
  const [edited, setEdited] = useState<UserView | 'new'>();
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const shown = (data?.users ?? []).filter(({ username, displayName = '', groups, roles }) =>
    [username, displayName, ...groups, ...roles].some((text) =>
      text.toLowerCase().includes(wanted),
    ),
  );
  return (
    <>
      <UserEditor of={edited} onClose={() => setEdited(undefined)} />
      <Group justify="space-between" mb="md">
        <TextFilter value={query} onChange={setQuery} label="Search users" w={280} />
        <Button leftSection={<IconPlus size={18} />} onClick={() => setEdited('new')}>
          Create a user
        </Button>
      </Group>
      {error !== null && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={160} aria-busy />}
      {data !== undefined && shown.length === 0 && <Text c="dimmed">Nobody is called so.</Text>}
      {shown.length > 0 && <UserTable users={shown} onEdit={setEdited} />}
    </>
  );
}

function UserTable(props: {
  readonly users: readonly UserView[];
  readonly onEdit: (user: UserView) => void;
}) {
  const { users, onEdit } = props;
  const remove = useRemoveUser();
  const me = useMe().data?.username;
  const [ask, dialog] = useConfirm();
  const askToRemove = ({ username }: UserView) =>
    ask({
      title: `Delete ${username}?`,
      children: (
        <Text size="sm" mb="sm">
          All sessions and tokens of {username} end at once. Servers that {username} registered
          stay.
        </Text>
      ),
      action: 'Delete',
      danger: true,
      typed: username,
      onConfirm: () =>
        remove.mutate(username, {
          onSuccess: () => notifyDone(`${username} was deleted`),
          onError: (error) => notifyError(`${username} could not be deleted`, error),
        }),
    });
  return (
    <>
      <CardTable
        label="Users"
        rows={users}
        keyOf={({ username }) => username}
        columns={[
          { label: 'User', cell: (user) => <Name user={user} isMe={user.username === me} /> },
          { label: 'Roles', cell: ({ roles }) => <NameList names={roles} none="none" /> },
          { label: 'Groups', cell: ({ groups }) => <NameList names={groups} none="none" /> },
          { label: 'Log-in', cell: (user) => <LogIn user={user} /> },
          { label: 'Created', cell: ({ createdAt }) => <TimeAgo at={createdAt} size="sm" /> },
        ]}
        actions={(user) => (
          <EditDelete
            name={user.username}
            onEdit={() => onEdit(user)}
            onDelete={() => askToRemove(user)}
          />
        )}
      />
      {dialog}
    </>
  );
}

function Name({ user, isMe }: { readonly user: UserView; readonly isMe: boolean }) {
  const { username, displayName } = user;
  return (
    <>
      <Text size="sm" fw={550}>
        {username} {isMe && <Badge size="sm">you</Badge>}
      </Text>
      {displayName !== undefined && (
        <Text size="xs" c="dimmed" fw={400}>
          {displayName}
        </Text>
      )}
    </>
  );
}

function LogIn({ user }: { readonly user: UserView }) {
  const { disabled, hasPassword, mustChangePassword, issuer } = user;
  if (disabled) return <Badge color="red">Disabled</Badge>;
  if (issuer !== undefined) {
    return (
      <Text size="sm" title={issuer}>
        identity provider
      </Text>
    );
  }
  if (!hasPassword) return <Badge color="orange">No password yet</Badge>;
  return <Text size="sm">{mustChangePassword ? 'first password' : 'password'}</Text>;
}
