import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useOpened } from './use-opened';

export interface Question {
  readonly title: string;
  readonly children: ReactNode;
  /** What the button says: "Delete". */
  readonly action: string;
  readonly danger?: boolean;
  /** What has to be typed first, for what cannot be undone. */
  readonly typed?: string;
  readonly onConfirm: () => void;
}

/** A question with its answers. */
export function ConfirmDialog(props: {
  readonly question: Question;
  readonly isOpen: boolean;
  readonly close: () => void;
}) {
  const { question, isOpen, close } = props;
  const opened = useOpened(isOpen);
  return (
    <Modal opened={opened} onClose={close} title={question.title}>
      <Answer question={question} close={close} />
    </Modal>
  );
}

function Answer({ question, close }: { readonly question: Question; readonly close: () => void }) {
  const { children, action, danger = false, typed, onConfirm } = question;
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        close();
        onConfirm();
      }}
    >
      <Stack>
        <div>{children}</div>
        {typed !== undefined && (
          <TextInput
            label={`Type ${typed} to go on`}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={danger ? 'red' : 'brand'}
            disabled={typed !== undefined && text !== typed}
            data-autofocus={typed === undefined || undefined}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
