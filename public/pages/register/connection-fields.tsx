import {
  Autocomplete,
  FileButton,
  Button,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Textarea,
} from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { byteText } from '../../components/byte-text';
import type { ServerForm } from './use-server-form';

/** How the gateway talks to the server: transport, limits of time and size, Host, TLS. */
export function ConnectionFields({ form }: { readonly form: ServerForm }) {
  const { maxBodyBytes, tls } = form.getValues();
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label="Transport"
          description="Found out by itself, unless told"
          allowDeselect={false}
          data={[
            { value: 'auto', label: 'Find out' },
            { value: 'streamable-http', label: 'Streamable HTTP' },
            { value: 'sse', label: 'HTTP+SSE (2024-11-05)' },
          ]}
          {...form.getInputProps('transport')}
        />
        <Autocomplete
          label="Host header"
          description="upstream, client, or a host of your choice"
          data={['upstream', 'client']}
          {...form.getInputProps('hostHeader')}
        />
        <NumberInput
          label="Timeout"
          description="Seconds without a byte of an answer"
          suffix=" s"
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=" "
          {...form.getInputProps('timeoutSeconds')}
        />
        <NumberInput
          label="Largest request body"
          description={`In bytes; ${byteText(maxBodyBytes)}`}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=" "
          {...form.getInputProps('maxBodyBytes')}
        />
      </SimpleGrid>
      <Switch
        label="Verify the certificate of an https server"
        description="Without it, anybody between the gateway and the server can read and change everything."
        {...form.getInputProps('tls.verify', { type: 'checkbox' })}
      />
      <Textarea
        label="Certificate authority"
        description="PEM; replaces the system's authorities for this server"
        placeholder="-----BEGIN CERTIFICATE-----"
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        {...form.getInputProps('tls.caPem')}
      />
      <Group gap="xs">
        <FileButton
          accept=".pem,.crt,.cer"
          onChange={(file) => {
            void file?.text().then((text) => form.setFieldValue('tls.caPem', text));
          }}
        >
          {(file) => (
            <Button {...file} size="xs" variant="default" leftSection={<IconUpload size={14} />}>
              From a file
            </Button>
          )}
        </FileButton>
        {tls.caPem !== '' && (
          <Button size="xs" variant="subtle" onClick={() => form.setFieldValue('tls.caPem', '')}>
            Remove
          </Button>
        )}
      </Group>
    </Stack>
  );
}
