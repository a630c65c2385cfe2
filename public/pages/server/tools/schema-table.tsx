import { Badge, Code, ScrollArea, Table, Text } from '@mantine/core';
import { useMemo } from 'react';
import { UntrustedText } from '../../../components/untrusted-text';
import type { JsonSchema } from './json-schema';
import { schemaRows, type SchemaRow } from './schema-rows';

const INDENT_PX = 14;

/** A schema as a table of parameters, with parts indented below their wholes. */
export function SchemaTable(props: {
  readonly schema: JsonSchema;
  /** What to say when there are no rows. */
  readonly none: string;
  readonly label: string;
}) {
  const { schema, none, label } = props;
  const { rows, cut } = useMemo(() => schemaRows(schema), [schema]);
  if (rows.length === 0) return <Text size="sm">{none}</Text>;
  return (
    <>
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': label }}>
        <Table miw={520} verticalSpacing="xs" layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="30%">Name</Table.Th>
              <Table.Th w="22%">Type</Table.Th>
              <Table.Th>What it is</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Row key={JSON.stringify(row.path)} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {cut && (
        <Text size="sm" c="dimmed" mt="xs">
          There is more than this table shows; see the schema as it came.
        </Text>
      )}
    </>
  );
}

function Row({ row: { path, type, required, description, facts } }: { readonly row: SchemaRow }) {
  return (
    <Table.Tr style={{ verticalAlign: 'top' }}>
      <Table.Td pl={10 + (path.length - 1) * INDENT_PX}>
        <UntrustedText text={path.at(-1) ?? ''} max={120} ff="monospace" size="sm" fw={550} span />{' '}
        {required && (
          <Badge size="xs" color="gray">
            required
          </Badge>
        )}
      </Table.Td>
      <Table.Td>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {type}
        </Text>
      </Table.Td>
      <Table.Td>
        {description !== '' && <UntrustedText text={description} size="sm" max={300} />}
        {facts.map((fact) => (
          <Code
            key={fact}
            mr={6}
            mt={2}
            style={{ display: 'inline-block', overflowWrap: 'anywhere' }}
          >
            <UntrustedText inline text={fact} max={200} inherit style={{ whiteSpace: 'normal' }} />
          </Code>
        ))}
      </Table.Td>
    </Table.Tr>
  );
}
