import {
  Input,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useServers } from '../../api/servers';
import { suggestPath } from './path-suggestion';
import type { ServerForm } from './use-server-form';

const NONE: readonly never[] = [];

/** What every server needs. */
export function BasicFields(props: {
  readonly form: ServerForm;
  readonly taken: ReadonlySet<string>;
  /** Of a new server the path follows the name, until somebody writes another. */
  readonly suggests: boolean;
}) {
  const { form, taken, suggests } = props;
  const { name, path } = form.getValues();
  const follows = suggests && (path === '' || path === suggestPath(name, taken));
  const tags = [...new Set((useServers().data ?? NONE).flatMap((server) => server.tags))].sort();
  return (
    <Stack gap="md">
      <TextInput
        label="Address"
        description="The MCP endpoint, or the server's base: then /mcp and /sse below it are tried."
        placeholder="http://weather:8000/mcp"
        required
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('url')}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Name"
          description="For people"
          placeholder="Weather"
          required
          autoComplete="off"
          {...form.getInputProps('name')}
          onChange={(event) => {
            const next = event.currentTarget.value;
            form.setFieldValue('name', next);
            if (follows) form.setFieldValue('path', suggestPath(next, taken));
          }}
        />
        <TextInput
          label="Path"
          description="Where clients reach it at the gateway"
          placeholder="/weather"
          required
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('path')}
        />
      </SimpleGrid>
      <Textarea
        label="Description"
        description="Found by search, and read by people who choose a server"
        autosize
        minRows={2}
        maxRows={8}
        {...form.getInputProps('description')}
      />
      <TextInput
        label="Repository"
        description="Where its source is; of one at GitHub, licence, stars and topics are shown"
        placeholder="https://github.com/acme/weather"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('repository')}
      />
      <TagsInput
        label="Tags"
        description="Enter or comma after each"
        data={tags}
        splitChars={[',', ' ']}
        clearable
        clearButtonProps={{ 'aria-label': 'Remove all tags' }}
        {...form.getInputProps('tags')}
        {...tagError(form)}
      />
      <Access form={form} />
      <Switch
        label="Enabled"
        description="Calls to a server that is not are answered 503."
        {...form.getInputProps('enabled', { type: 'checkbox' })}
      />
    </Stack>
  );
}

/** The API says which tag is wrong; there is one field for all of them. */
function tagError(form: ServerForm) {
  const wrong = Object.entries(form.errors).find(([field]) => /^tags(\.|$)/.test(field));
  if (wrong === undefined) return {};
  const index = Number(wrong[0].split('.')[1]);
  const tag = form.getValues().tags[index];
  return {
    error:
      tag === undefined ? (
        wrong[1]
      ) : (
        <>
          “{tag}”: {wrong[1]}
        </>
      ),
  };
}

function Access({ form }: { readonly form: ServerForm }) {
  const isPublic = form.getValues().access === 'public';
  return (
    <div>
      <Input.Label id="access-label" labelElement="div" display="block">
        Who may call it
      </Input.Label>
      <SegmentedControl
        mt={4}
        aria-labelledby="access-label"
        data={[
          { value: 'authenticated', label: 'Those with a token' },
          { value: 'public', label: 'Everybody' },
        ]}
        {...form.getInputProps('access')}
        data-path="access"
      />
      <Text size="xs" c="dimmed" mt={4}>
        {isPublic
          ? 'Whoever reaches the gateway may call it, without a token.'
          : 'Callers show a token of the gateway whose groups give them this server.'}
      </Text>
    </div>
  );
}
