import {
  MultiSelect,
  NativeSelect,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMemo } from 'react';
import { useGroups } from '../../api/groups';
import { useServers } from '../../api/servers';
import { useMay, useMe } from '../../api/session';
import { fieldErrors } from '../../components/field-errors';
import { FormEnd } from '../../components/form-end';
import { EMPTY_TOKEN, EXPIRIES, tokenMeaning, type TokenForm } from './token-form';

const FIELDS = ['name', 'groups', 'server', 'scopes', 'expiresInDays'];

/** What a new token is to be good for. */
export function TokenFormFields(props: {
  readonly error: unknown;
  readonly isPending: boolean;
  readonly onSubmit: (form: TokenForm) => void;
  readonly onCancel: () => void;
}) {
  const { error, isPending, onSubmit, onCancel } = props;
  const managesTokens = useMay()('tokens:manage');
  const ownGroups = useMe().data?.groups ?? [];
  const groups = useGroups().data?.groups.map(({ name }) => name);
  const form = useForm<TokenForm>({
    initialValues: EMPTY_TOKEN,
    validate: { name: (name) => (name.trim() === '' ? 'must not be empty' : null) },
  });
  const places = useServerChoices();
  const errors = fieldErrors(error);
  return (
    <form onSubmit={form.onSubmit((values) => onSubmit(values))}>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="The program or machine that will use it"
          placeholder="nightly report"
          required
          data-autofocus
          maxLength={120}
          {...form.getInputProps('name')}
          error={form.errors.name ?? errors.name}
        />
        <MultiSelect
          label="Groups"
          description="It may use the servers and tools that these groups give"
          data={managesTokens ? (groups ?? ownGroups) : [...ownGroups]}
          searchable
          clearable
          nothingFoundMessage="There is no such group"
          {...form.getInputProps('groups')}
          value={[...form.values.groups]}
          error={errors.groups}
        />
        <Select
          label="Server"
          description="For one server alone"
          placeholder="Any"
          data={places}
          searchable
          clearable
          limit={50}
          nothingFoundMessage="There is no such server"
          {...form.getInputProps('server')}
          error={errors.server}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <NativeSelect
            label="At the API of the registry"
            data={scopeChoices(managesTokens)}
            {...form.getInputProps('scope')}
            error={errors.scopes}
          />
          <NativeSelect
            label="Expires"
            data={[...EXPIRIES]}
            {...form.getInputProps('expires')}
            error={errors.expiresInDays}
          />
        </SimpleGrid>
        <Text size="sm" c="dimmed" aria-live="polite">
          {tokenMeaning(form.values)}
        </Text>
        <FormEnd
          error={error}
          fields={FIELDS}
          action={'Create'}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}

function scopeChoices(managesTokens: boolean) {
  return [
    { value: 'none', label: 'Nothing: MCP servers only' },
    { value: 'read', label: 'Read' },
    { value: 'write', label: 'Read and change servers' },
    ...(managesTokens ? [{ value: 'admin', label: 'Everything' }] : []),
  ];
}

function useServerChoices() {
  const servers = useServers().data;
  return useMemo(
    () => (servers ?? []).map(({ path, name }) => ({ value: path, label: `${name} (${path})` })),
    [servers],
  );
}
