import { Modal } from '@mantine/core';
import { useSaveUser, type UserView } from '../../api/users';
import { notifyDone } from '../../components/notify';
import { UserForm } from './user-form';

/** Creates a user, or changes one. @param of undefined: closed */
export function UserEditor(props: {
  readonly of: UserView | 'new' | undefined;
  readonly onClose: () => void;
}) {
  const { of, onClose } = props;
  const save = useSaveUser();
  const close = () => {
    save.reset();
    onClose();
  };
  const isNew = of === 'new';
  const title = of === undefined || isNew ? 'Create a user' : `Edit ${of.username}`;
  return (
    <Modal opened={of !== undefined} onClose={close} title={title} size="lg">
      {of !== undefined && (
        <UserForm
          user={isNew ? undefined : of}
          error={save.error}
          isPending={save.isPending}
          onCancel={close}
          onSubmit={({ username, user }) =>
            save.mutate(
              { username, user, isNew },
              {
                onSuccess: () => {
                  notifyDone(isNew ? `${username} was created` : `${username} was changed`);
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
