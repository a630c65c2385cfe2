import { List, Stack, Text, Textarea } from '@mantine/core';
import { UntrustedText } from '../../../components/untrusted-text';
import type { JsonSchema } from '../tools/json-schema';
import { checkArguments } from './check-arguments';
import { readArguments } from './read-arguments';

const MOST_SHOWN = 10;

/** The arguments as JSON, with what the schema says against them. They can be sent all the same. */
export function JsonEditor(props: {
  readonly schema: JsonSchema;
  readonly text: string;
  readonly onChange: (text: string) => void;
}) {
  const { schema, text, onChange } = props;
  const read = readArguments(text);
  const { errors, partly } =
    read.value === undefined ? { errors: [], partly: false } : checkArguments(schema, read.value);
  return (
    <Stack gap="xs">
      <Textarea
        label="Arguments as JSON"
        autosize
        minRows={5}
        maxRows={24}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={read.problem}
      />
      {errors.length > 0 && (
        <div role="status">
          <Text size="sm" fw={550}>
            The schema of the tool says otherwise; you can send it all the same:
          </Text>
          <List size="sm">
            {errors.slice(0, MOST_SHOWN).map(({ path, message }) => (
              <List.Item key={`${path.join('/')} ${message}`}>
                <UntrustedText
                  inline
                  size="sm"
                  max={400}
                  style={{ whiteSpace: 'normal' }}
                  text={`${path.length === 0 ? 'The arguments' : path.join('.')} ${message}`}
                />
              </List.Item>
            ))}
          </List>
        </div>
      )}
      {partly && (
        <Text size="xs" c="dimmed">
          Some rules of the schema are checked by the server alone.
        </Text>
      )}
    </Stack>
  );
}
