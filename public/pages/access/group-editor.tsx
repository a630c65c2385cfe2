import { Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useSaveGroup, type GroupView } from '../../api/groups';
import { notifyDone } from '../../components/notify';
import { GroupForm } from './group-form';

/** Creates a group, or changes one. @param of undefined: closed */
export function GroupEditor(props: {
  readonly of: GroupView | 'new' | undefined;
  readonly onClose: () => void;
}) {
  const { of, onClose } = props;
  const save = useSaveGroup();
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const close = () => {
    save.reset();
    onClose();
  };
  const isNew = of === 'new';
  const title = of === undefined || isNew ? 'Create a group' : `Edit ${of.name}`;
  return (
    <Modal opened={of !== undefined} onClose={close} title={title} size="xl" fullScreen={isNarrow}>
      {of !== undefined && (
        <GroupForm
          group={isNew ? undefined : of}
          error={save.error}
          isPending={save.isPending}
          onCancel={close}
          onSubmit={(group) =>
            save.mutate(
              { group, isNew },
              {
                onSuccess: () => {
                  notifyDone(
                    isNew ? `The group ${group.name} was created` : `${group.name} was changed`,
                    'It holds from the next request on.',
                  );
                  close();
                },
              },
            )
          }
        />
      )}
    </Modal>
  );
}
