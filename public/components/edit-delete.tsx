import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';

/** What can be done with a record of a list. */
export function EditDelete(props: {
  /** The record, for the names of the buttons. */
  readonly name: string;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}) {
  const { name, onEdit, onDelete } = props;
  return (
    <>
      <Tooltip label="Edit">
        <ActionIcon variant="subtle" color="gray" onClick={onEdit} aria-label={`Edit ${name}`}>
          <IconPencil size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Delete">
        <ActionIcon variant="subtle" color="red" onClick={onDelete} aria-label={`Delete ${name}`}>
          <IconTrash size={18} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
