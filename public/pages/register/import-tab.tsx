import {
  Alert,
  Button,
  Card,
  FileButton,
  Group,
  Stack,
  Text,
  Textarea,
  Title,
} from '@mantine/core';
import { IconFileImport, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useImportPreview, type PlannedImport } from '../../api/import';
import { ErrorAlert } from '../../components/error-alert';
import { ImportList } from './import-list';

const FORMATS: Readonly<Record<string, string>> = {
  mcpServers: 'the configuration of a host (mcpServers)',
  servers: 'the configuration of VS Code',
  'server.json': 'a server.json of the MCP registry',
  export: 'an export of a registry like this one',
  original: 'files of the Python registry',
};
const EXAMPLE = `{
  "mcpServers": {
    "weather": { "url": "https://weather.example.com/mcp" }
  }
}`;

/** Registers what stands in the configuration of a host, or in a `server.json`. */
export function ImportTab() {
  const [text, setText] = useState('');
  const preview = useImportPreview();
  const read = (value: string) => preview.mutate(value);
  return (
    <Stack>
      <Card p="lg">
        <Title order={2} size="h4">
          Paste JSON
        </Title>
        <Text size="sm" c="dimmed" mb="sm">
          The configuration of Cursor, Claude, VS Code, Windsurf or Gemini, a server.json, or an
          export of this registry. Nothing is registered before you have seen what will be.
        </Text>
        <Textarea
          aria-label="JSON"
          placeholder={EXAMPLE}
          autosize
          minRows={8}
          maxRows={20}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        />
        <Group mt="sm" gap="xs">
          <Button
            leftSection={<IconFileImport size={16} />}
            loading={preview.isPending}
            disabled={text.trim() === ''}
            onClick={() => read(text)}
          >
            Show what it has
          </Button>
          <FileButton
            accept=".json,application/json"
            onChange={(file) => {
              void file?.text().then((content) => {
                setText(content);
                read(content);
              });
            }}
          >
            {(file) => (
              <Button {...file} variant="default" leftSection={<IconUpload size={16} />}>
                From a file
              </Button>
            )}
          </FileButton>
        </Group>
      </Card>
      {preview.error !== null && <ErrorAlert error={preview.error} title="This cannot be read" />}
      {preview.data !== undefined && <Found key={preview.submittedAt} planned={preview.data} />}
    </Stack>
  );
}

function Found({ planned }: { readonly planned: PlannedImport }) {
  const { format, entries } = planned;
  if (entries.length === 0) {
    return <Alert color="yellow">There is no server in it.</Alert>;
  }
  return (
    <>
      <Text size="sm" c="dimmed" role="status">
        Read as {FORMATS[format] ?? format}: {entries.length}{' '}
        {entries.length === 1 ? 'server' : 'servers'}.
      </Text>
      <ImportList planned={planned} />
    </>
  );
}
