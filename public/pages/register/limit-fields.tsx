import { NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { FieldRows } from './field-rows';
import type { ServerForm } from './use-server-form';

/** How often one caller may use the server, and single tools of it. */
export function LimitFields({ form }: { readonly form: ServerForm }) {
  const { tools } = form.getValues().limits;
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Count
          form={form}
          field="limits.callsPerMinute"
          label="Calls per minute"
          description="Of one caller; empty: no limit"
        />
        <Count
          form={form}
          field="limits.burst"
          label="At once"
          description="Empty: as many as per minute"
        />
      </SimpleGrid>
      <FieldRows
        form={form}
        path="limits.tools"
        rows={tools}
        columns={3}
        fields={(row) => (
          <>
            <TextInput
              label="Tool"
              required
              autoComplete="off"
              spellCheck={false}
              {...form.getInputProps(`${row}.name`)}
            />
            <Count form={form} field={`${row}.callsPerMinute`} label="Calls per minute" required />
            <Count form={form} field={`${row}.burst`} label="At once" />
          </>
        )}
        removeLabel={({ name }, index) =>
          `Remove the limit of ${name === '' ? `tool ${String(index + 1)}` : name}`
        }
        addLabel="Limit a tool"
        onAdd={() =>
          form.insertListItem('limits.tools', { name: '', callsPerMinute: 60, burst: '' })
        }
      />
    </Stack>
  );
}

function Count(props: {
  readonly form: ServerForm;
  readonly field: string;
  readonly label: string;
  readonly description?: string;
  readonly required?: boolean;
}) {
  const { form, field, label, description, required = false } = props;
  return (
    <NumberInput
      label={label}
      description={description}
      required={required}
      allowDecimal={false}
      allowNegative={false}
      thousandSeparator=" "
      {...form.getInputProps(field)}
    />
  );
}
