import { Card, Group, Stack, Table, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Facts } from './facts';
import classes from './card-table.module.css';

export interface Column<T> {
  readonly label: string;
  /** Undefined: nothing to say of this row. */
  readonly cell: (row: T) => ReactNode;
}

/** Records as a table, and on narrow screens as a card for each. The first column names the record. */
export function CardTable<T>(props: {
  /** What is listed, for those who cannot see it. */
  readonly label: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly columns: readonly [Column<T>, ...Column<T>[]];
  readonly actions?: (row: T) => ReactNode;
}) {
  const isNarrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  return isNarrow ? <Cards {...props} /> : <Rows {...props} />;
}

type Props<T> = Parameters<typeof CardTable<T>>[0];

function Rows<T>({ label, rows, keyOf, columns: [name, ...rest], actions }: Props<T>) {
  return (
    <Card className={classes.box}>
      <Table highlightOnHover verticalSpacing="sm" aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {[name, ...rest].map((column) => (
              <Table.Th key={column.label} scope="col">
                {column.label}
              </Table.Th>
            ))}
            {actions !== undefined && (
              <Table.Th scope="col">
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              <Table.Th scope="row">{name.cell(row)}</Table.Th>
              {rest.map((column) => (
                <Table.Td key={column.label}>{column.cell(row)}</Table.Td>
              ))}
              {actions !== undefined && (
                <Table.Td className={classes.actions}>
                  <Group gap={4} wrap="nowrap" justify="flex-end">
                    {actions(row)}
                  </Group>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function Cards<T>({ label, rows, keyOf, columns: [name, ...rest], actions }: Props<T>) {
  return (
    <Stack component="ul" gap="sm" aria-label={label} className={classes.cards}>
      {rows.map((row) => (
        <Card key={keyOf(row)} component="li" p="md">
          <Group justify="space-between" wrap="nowrap" align="flex-start" mb="xs">
            <div>{name.cell(row)}</div>
            {actions !== undefined && (
              <Group gap={4} wrap="nowrap">
                {actions(row)}
              </Group>
            )}
          </Group>
          <Facts of={Object.fromEntries(rest.map(({ label: of, cell }) => [of, cell(row)]))} />
        </Card>
      ))}
    </Stack>
  );
}
