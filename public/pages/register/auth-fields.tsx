import { Alert, PasswordInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconKeyOff } from '@tabler/icons-react';
import { TimeAgo } from '../../components/time-ago';
import { AUTH_TYPES, type StoredAuth } from './auth-values';
import { FieldRows } from './field-rows';
import type { ServerForm } from './use-server-form';

const TYPES: Readonly<Record<(typeof AUTH_TYPES)[number], string>> = {
  none: 'None',
  bearer: 'Bearer token',
  basic: 'User name and password (Basic)',
  headers: 'Headers, such as an API key',
  'oauth-client-credentials': 'OAuth client credentials',
  'pass-through': "The client's own, passed on",
};

interface Props {
  readonly form: ServerForm;
  /** Of the server that is edited. */
  readonly stored: StoredAuth | undefined;
}

/** How the gateway proves itself to the server. Stored secrets are never shown. */
export function AuthFields({ form, stored }: Props) {
  const { type } = form.getValues().auth;
  return (
    <Stack gap="md">
      <Select
        label="Credentials for the server"
        description="How the gateway proves itself to it. Clients do not see them."
        allowDeselect={false}
        data={AUTH_TYPES.map((value) => ({ value, label: TYPES[value] }))}
        {...form.getInputProps('auth.type')}
      />
      {stored !== undefined && 'secretSet' in stored && stored.type === type && (
        <StoredNote stored={stored} />
      )}
      <FieldsOfType form={form} stored={stored} />
    </Stack>
  );
}

function StoredNote({ stored }: { readonly stored: Extract<StoredAuth, { secretSet: true }> }) {
  return stored.unreadable === true ? (
    <Alert color="red" icon={<IconKeyOff />} title="The stored secret cannot be read">
      It was sealed with another SECRET_KEY and is not sent. Give it again.
    </Alert>
  ) : (
    <Text size="sm" c="dimmed">
      A secret is stored, set <TimeAgo at={stored.changedAt} />. Leave the field empty to keep it.
    </Text>
  );
}

function FieldsOfType({ form, stored }: Props) {
  const { type } = form.getValues().auth;
  const isStored = stored?.type === type;
  switch (type) {
    case 'none':
      return null;
    case 'bearer':
      return <Secret form={form} field="auth.token" label="Token" isStored={isStored} />;
    case 'basic':
      return (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Line form={form} field="auth.username" label="User name" required />
          <Secret
            form={form}
            field="auth.password"
            label="Password"
            isStored={isStored}
            mayBeEmpty
          />
        </SimpleGrid>
      );
    case 'headers':
      return <Headers form={form} stored={stored} />;
    case 'oauth-client-credentials':
      return (
        <Stack gap="md">
          <Line form={form} field="auth.tokenUrl" label="Token endpoint" required />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Line form={form} field="auth.clientId" label="Client ID" required />
            <Secret
              form={form}
              field="auth.clientSecret"
              label="Client secret"
              isStored={isStored}
            />
            <Line form={form} field="auth.scope" label="Scopes" />
            <Line form={form} field="auth.resource" label="Resource (RFC 8707)" />
          </SimpleGrid>
          <Select
            label="Client authentication"
            allowDeselect={false}
            data={[
              { value: 'basic', label: 'In the Authorization header' },
              { value: 'post', label: 'In the body' },
            ]}
            {...form.getInputProps('auth.method')}
          />
        </Stack>
      );
    case 'pass-through':
      return (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Line form={form} field="auth.from" label="Header of the client" required />
          <Line form={form} field="auth.to" label="Name under which the server gets it" />
        </SimpleGrid>
      );
  }
}

function Line(props: {
  readonly form: ServerForm;
  readonly field: string;
  readonly label: string;
  readonly required?: boolean;
}) {
  const { form, field, label, required = false } = props;
  return (
    <TextInput
      label={label}
      required={required}
      autoComplete="off"
      spellCheck={false}
      {...form.getInputProps(field)}
    />
  );
}

function Secret(props: {
  readonly form: ServerForm;
  readonly field: string;
  readonly label: string;
  readonly isStored: boolean;
  readonly mayBeEmpty?: boolean;
}) {
  const { form, field, label, isStored, mayBeEmpty = false } = props;
  return (
    <PasswordInput
      label={label}
      required={!isStored && !mayBeEmpty}
      placeholder={isStored ? 'Stored; empty keeps it' : ''}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': `Show ${label.toLowerCase()}` }}
      {...form.getInputProps(field)}
    />
  );
}

function Headers({ form, stored }: Props) {
  const { headers } = form.getValues().auth;
  const kept = stored?.type === 'headers' ? stored.headers.map(({ name }) => name) : [];
  return (
    <Stack gap="xs">
      <FieldRows
        form={form}
        path="auth.headers"
        rows={headers}
        columns={2}
        fields={(row, { name }) => (
          <>
            <Line form={form} field={`${row}.name`} label="Header" required />
            <Secret
              form={form}
              field={`${row}.value`}
              label="Value"
              isStored={kept.includes(name)}
            />
          </>
        )}
        removeLabel={({ name }, index) => `Remove header ${name === '' ? String(index + 1) : name}`}
        addLabel="Add a header"
        onAdd={() => form.insertListItem('auth.headers', { name: '', value: '' })}
      />
    </Stack>
  );
}
