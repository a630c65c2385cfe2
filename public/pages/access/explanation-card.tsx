import { Card, Code, Group, Table, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { Explanation } from '../../../registry/operations/access/access-view.js';

const ACCESS: Readonly<Record<Explanation['access'], string>> = {
  none: 'Nothing of the server may be used.',
  some: 'Some of its tools may be used.',
  all: 'All of the server may be used.',
  public: 'The server is public.',
};

/** The answer, and the patterns that decided it. */
export function ExplanationCard({ explanation }: { readonly explanation: Explanation }) {
  const { allowed, access, reason, rules } = explanation;
  return (
    <Card p="lg" component="section" aria-labelledby="answer">
      <Group gap="sm" mb="sm" wrap="nowrap">
        <ThemeIcon color={allowed ? 'teal' : 'red'} size={36} radius="xl" variant="light">
          {allowed ? <IconCheck size={22} /> : <IconX size={22} />}
        </ThemeIcon>
        <Title order={2} size="h3" id="answer">
          {allowed ? 'Allowed' : 'Not allowed'}
        </Title>
      </Group>
      <Text size="sm">{sentenceOf(reason)}</Text>
      <Text size="sm" c="dimmed" mt={4}>
        {ACCESS[access]}
      </Text>
      {rules.length > 0 && (
        <Table.ScrollContainer minWidth={320} mt="md" type="native">
          <Table aria-label="Patterns that decide">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Group</Table.Th>
                <Table.Th>Says</Table.Th>
                <Table.Th>Pattern</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rules.map(({ group, effect, pattern, matches }) => (
                <Table.Tr key={`${group} ${effect} ${matches} ${pattern}`}>
                  <Table.Td>{group}</Table.Td>
                  <Table.Td>
                    {effect === 'allow' ? 'allows' : 'denies'} the {matches}
                  </Table.Td>
                  <Table.Td>
                    <Code>{pattern}</Code>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Card>
  );
}

/** The verdict stands above already. */
function sentenceOf(reason: string): string {
  const text = reason.replace(/^(?:Not allowed|Allowed): /, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
