import { SimpleGrid, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMemo } from 'react';
import type { GroupInput, GroupView } from '../../api/groups';
import { useServers } from '../../api/servers';
import { useToolNames } from '../../api/tool-names';
import { fieldErrors } from '../../components/field-errors';
import { FormEnd } from '../../components/form-end';
import { ReachPreview } from './reach-preview';
import { narrowed, reachOf, toolNamesFor } from './group-reach';

const EMPTY: GroupInput = { name: '', description: '', servers: [], tools: ['*'], denyTools: [] };
const FIELDS = Object.keys(EMPTY);
const NO_SERVERS: NonNullable<ReturnType<typeof useServers>['data']> = [];
const NO_TOOLS: NonNullable<ReturnType<typeof useToolNames>['data']> = [];

/** The patterns of a group, and what they match now. */
export function GroupForm(props: {
  /** Undefined: a new one. */
  readonly group: GroupView | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly onSubmit: (group: GroupInput) => void;
  readonly onCancel: () => void;
}) {
  const { group, error, isPending, onSubmit, onCancel } = props;
  const servers = useServers().data ?? NO_SERVERS;
  const tools = useToolNames().data ?? NO_TOOLS;
  const form = useForm<GroupInput>({ initialValues: group === undefined ? EMPTY : inputOf(group) });
  const { values } = form;
  const reach = useMemo(() => reachOf(values, servers, tools), [values, servers, tools]);
  const { paths, names } = useSuggestions(values.servers, servers, tools);
  const errors = fieldErrors(error);
  const patterns = (field: 'servers' | 'tools' | 'denyTools', data: readonly string[]) => ({
    data: [...data],
    ...form.getInputProps(field),
    value: [...form.values[field]],
    error: errors[field],
    clearable: true,
    limit: 50,
    splitChars: [','],
  });
  return (
    <form onSubmit={form.onSubmit((values) => onSubmit(values))}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        <Stack gap="md">
          {group === undefined && (
            <TextInput
              label="Name"
              required
              data-autofocus
              maxLength={120}
              {...form.getInputProps('name')}
              error={errors.name}
            />
          )}
          <Textarea
            label="Description"
            autosize
            minRows={1}
            maxRows={4}
            maxLength={1000}
            {...form.getInputProps('description')}
            error={errors.description}
          />
          <TagsInput
            label="Servers"
            description="Paths; * stands for any text: /team/*"
            placeholder={values.servers.length === 0 ? '/weather' : undefined}
            {...patterns('servers', paths)}
          />
          <TagsInput
            label="Tools"
            description="Names; * alone gives prompts and resources as well"
            placeholder={values.tools.length === 0 ? 'get_*' : undefined}
            {...patterns('tools', names)}
            onChange={(next) => form.setFieldValue('tools', narrowed(form.values.tools, next))}
          />
          <TagsInput
            label="Denied tools"
            description="Denied whatever another group allows"
            placeholder={values.denyTools.length === 0 ? 'delete_*' : undefined}
            {...patterns('denyTools', names)}
          />
        </Stack>
        <ReachPreview reach={reach} of={{ servers: servers.length }} />
      </SimpleGrid>
      <FormEnd
        error={error}
        fields={FIELDS}
        action={group === undefined ? 'Create' : 'Save'}
        isPending={isPending}
        onCancel={onCancel}
      />
    </form>
  );
}

function inputOf({ name, description, servers, tools, denyTools }: GroupView): GroupInput {
  return { name, description, servers, tools, denyTools };
}

/** What is there, to choose from while patterns are written. */
function useSuggestions(
  chosen: readonly string[],
  servers: typeof NO_SERVERS,
  tools: typeof NO_TOOLS,
) {
  const paths = useMemo(() => ['*', ...servers.map(({ path }) => path)], [servers]);
  const names = useMemo(() => ['*', ...toolNamesFor(chosen, tools)], [chosen, tools]);
  return { paths, names };
}
