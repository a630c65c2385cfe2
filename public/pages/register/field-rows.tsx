import { ActionIcon, Button, Group, SimpleGrid, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ServerForm } from './use-server-form';

/** Rows of fields, of which the form holds a list: each can be taken away, and more be added. */
export function FieldRows<T extends { readonly name: string }>(props: {
  readonly form: ServerForm;
  /** Of the list in the form. */
  readonly path: 'auth.headers' | 'limits.tools';
  readonly rows: readonly T[];
  /** Fields beside each other. */
  readonly columns: number;
  readonly fields: (row: string, item: T) => ReactNode;
  readonly removeLabel: (item: T, index: number) => string;
  readonly addLabel: string;
  readonly onAdd: () => void;
}) {
  const { form, path, rows, columns, fields, removeLabel, addLabel, onAdd } = props;
  return (
    <>
      {rows.map((item, index) => (
        <Group key={index} align="flex-start" gap="xs" wrap="nowrap">
          <SimpleGrid cols={{ base: 1, sm: columns }} flex={1}>
            {fields(`${path}.${String(index)}`, item)}
          </SimpleGrid>
          <ActionIcon
            mt={26}
            variant="subtle"
            color="gray"
            size="lg"
            onClick={() => form.removeListItem(path, index)}
            aria-label={removeLabel(item, index)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      {form.errors[path] !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {form.errors[path]}
        </Text>
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        onClick={onAdd}
        style={{ alignSelf: 'start' }}
        data-path={path}
      >
        {addLabel}
      </Button>
    </>
  );
}
