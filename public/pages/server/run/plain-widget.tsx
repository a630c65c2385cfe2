import { TextInput } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';

const EXAMPLES: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
};

/** A line of text, for values whose own widgets would need more than they give. */
export function PlainWidget(props: WidgetProps) {
  const { id, label, required, disabled, readonly, schema, rawErrors, onChange, onBlur, onFocus } =
    props;
  const value = props.value as unknown;
  const text = typeof value === 'string' ? value : '';
  return (
    <TextInput
      id={id}
      label={label}
      required={required === true}
      disabled={disabled === true || readonly === true}
      description={schema.description}
      placeholder={EXAMPLES[schema.format ?? ''] ?? ''}
      value={text}
      error={rawErrors?.join('\n')}
      onChange={(event) => {
        const next = event.currentTarget.value;
        onChange(next === '' ? undefined : next);
      }}
      onBlur={() => onBlur(id, text)}
      onFocus={() => onFocus(id, text)}
    />
  );
}
