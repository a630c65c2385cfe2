import { Button, Group, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMemo } from 'react';
import { CodeBlock } from './code-block';
import { saveFile } from './save-file';

/** More than this would hold up the page. */
const SHOWN_CHARACTERS = 100_000;

/** A value as JSON. Of very long ones the beginning, and the whole as a file. */
export function LongCode(props: {
  readonly value: unknown;
  readonly label: string;
  readonly maxHeight?: number;
}) {
  const { value, label, maxHeight = 420 } = props;
  const text = useMemo(() => JSON.stringify(value, null, 2), [value]);
  const isCut = text.length > SHOWN_CHARACTERS;
  return (
    <>
      <CodeBlock
        text={isCut ? text.slice(0, SHOWN_CHARACTERS) : text}
        language={isCut ? 'text' : 'json'}
        label={label}
        maxHeight={maxHeight}
      />
      {isCut && (
        <Group gap="xs" mt="xs">
          <Text size="sm" c="dimmed">
            The first {SHOWN_CHARACTERS.toLocaleString('en')} of {text.length.toLocaleString('en')}{' '}
            characters.
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={15} />}
            onClick={() =>
              saveFile(`${label.replace(/[^\w-]+/g, '-')}.json`, text, 'application/json')
            }
          >
            Save all of it
          </Button>
        </Group>
      )}
    </>
  );
}
