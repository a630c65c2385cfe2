import { Stack, Text, Title } from '@mantine/core';
import type { ToolView } from '../../../api/server-tools';
import { LongCode } from '../../../components/long-code';
import { SchemaTable } from './schema-table';

/** What a tool takes and gives, for people and as it came. */
export function ToolDefinition({ tool }: { readonly tool: ToolView }) {
  const { inputSchema, outputSchema, annotations } = tool;
  return (
    <Stack gap="lg">
      <section>
        <Title order={3} size="h5" mb="xs">
          Parameters
        </Title>
        <SchemaTable schema={inputSchema} none="It takes no parameters." label="Parameters" />
      </section>
      {outputSchema !== undefined && (
        <section>
          <Title order={3} size="h5" mb="xs">
            Structured result
          </Title>
          <SchemaTable
            schema={outputSchema}
            none="Nothing is said of its parts."
            label="Structured result"
          />
        </section>
      )}
      {annotations !== undefined && Object.keys(annotations).length > 0 && (
        <section>
          <Title order={3} size="h5" mb={4}>
            Annotations
          </Title>
          <Text size="sm" c="dimmed" mb="xs">
            What the server claims of the tool. Nobody has proven it.
          </Text>
          <LongCode value={annotations} label="annotations" />
        </section>
      )}
      <section>
        <Title order={3} size="h5" mb="xs">
          Schema as it came
        </Title>
        <LongCode
          value={outputSchema === undefined ? inputSchema : { inputSchema, outputSchema }}
          label="schema"
        />
      </section>
    </Stack>
  );
}
