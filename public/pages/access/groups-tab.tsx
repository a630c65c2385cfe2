import { Button, Group, Skeleton, Text } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useGroups, useRemoveGroup, type GroupView } from '../../api/groups';
import { useMay } from '../../api/session';
import { CardTable } from '../../components/card-table';
import { useConfirm } from '../../components/confirm';
import { EditDelete } from '../../components/edit-delete';
import { EmptyState } from '../../components/empty-state';
import { ErrorAlert } from '../../components/error-alert';
import { NameList } from '../../components/name-list';
import { notifyDone, notifyError } from '../../components/notify';
import { GroupEditor } from './group-editor';
import { feltBy } from './felt-by';

/** Who is in a group may use the servers and tools that it names. */
export function GroupsTab() {
  const { data, error, refetch } = useGroups();
  const mayManage = useMay()('groups:manage');
  /** `new`: one that there is not yet. */
  const [edited, setEdited] = useState<GroupView | 'new'>();
  const create = mayManage && (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setEdited('new')}>
      Create a group
    </Button>
  );
  return (
    <>
      <GroupEditor of={edited} onClose={() => setEdited(undefined)} />
      {error !== null && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={160} aria-busy />}
      {data?.groups.length === 0 && (
        <EmptyState icon={IconUsersGroup} title="No groups yet" action={create}>
          Without a group, users and tokens may use public servers and their own. A group gives its
          members servers and tools, by pattern.
        </EmptyState>
      )}
      {data !== undefined && data.groups.length > 0 && (
        <>
          <Group justify="flex-end" mb="md">
            {create}
          </Group>
          <GroupTable groups={data.groups} mayManage={mayManage} onEdit={setEdited} />
        </>
      )}
    </>
  );
}

function GroupTable(props: {
  readonly groups: readonly GroupView[];
  readonly mayManage: boolean;
  readonly onEdit: (group: GroupView) => void;
}) {
  const { groups, mayManage, onEdit } = props;
  const remove = useRemoveGroup();
  const [ask, dialog] = useConfirm();
  const askToRemove = (group: GroupView) =>
    ask({
      title: `Delete ${group.name}?`,
      children: <Text size="sm">{feltBy(group)}</Text>,
      action: 'Delete',
      danger: true,
      onConfirm: () =>
        remove.mutate(group.name, {
          onSuccess: () => notifyDone(`The group ${group.name} was deleted`),
          onError: (error) => notifyError(`${group.name} could not be deleted`, error),
        }),
    });
  return (
    <>
      <CardTable
        label="Groups"
        rows={groups}
        keyOf={({ name }) => name}
        columns={[
          {
            label: 'Name',
            cell: ({ name, description }) => (
              <>
                <Text size="sm" fw={550}>
                  {name}
                </Text>
                <Text size="xs" c="dimmed" fw={400} lineClamp={2} maw={320}>
                  {description}
                </Text>
              </>
            ),
          },
          { label: 'Servers', cell: ({ servers }) => <NameList names={servers} none="none" /> },
          {
            label: 'Tools',
            cell: ({ tools }) => <NameList names={tools} none="none" color="teal" />,
          },
          {
            label: 'Denied',
            cell: ({ denyTools }) => <NameList names={denyTools} none="none" color="red" />,
          },
          { label: 'Users', cell: ({ users }) => users.toLocaleString('en') },
          { label: 'Tokens', cell: ({ tokens }) => tokens.toLocaleString('en') },
        ]}
        actions={(group) =>
          mayManage && (
            <EditDelete
              name={group.name}
              onEdit={() => onEdit(group)}
              onDelete={() => askToRemove(group)}
            />
          )
        }
      />
      {dialog}
    </>
  );
}
