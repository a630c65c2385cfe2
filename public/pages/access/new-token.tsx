import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useIssueToken, type IssuedToken } from '../../api/tokens';
import { IssuedTokenNotice } from './issued-token-notice';
import { TokenFormFields } from './token-form-fields';
import { tokenInput } from './token-form';

/** Creates a token, and shows it once. */
export function NewToken(props: { readonly opened: boolean; readonly onClose: () => void }) {
  const { opened, onClose } = props;
  const issue = useIssueToken();
  const [issued, setIssued] = useState<IssuedToken>();
  const close = () => {
    setIssued(undefined);
    issue.reset();
    onClose();
  };
  // What is shown once must not be gone with a click beside it.
  const isShown = issued !== undefined;
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={isShown ? 'Copy the token now' : 'Create a token'}
      size="lg"
      closeOnClickOutside={!isShown}
      closeOnEscape={!isShown}
      withCloseButton={!isShown}
    >
      {isShown ? (
        <IssuedTokenNotice issued={issued} onDone={close} />
      ) : (
        <TokenFormFields
          error={issue.error}
          isPending={issue.isPending}
          onCancel={close}
          onSubmit={(form) => issue.mutate(tokenInput(form), { onSuccess: setIssued })}
        />
      )}
    </Modal>
  );
}
