import { CloseButton, TextInput, type TextInputProps } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';

/** A field that narrows down a list. */
export function TextFilter(
  props: {
    readonly value: string;
    readonly onChange: (value: string) => void;
    readonly label: string;
  } & Omit<TextInputProps, 'value' | 'onChange' | 'label'>,
) {
  const { value, onChange, label, ...rest } = props;
  return (
    <TextInput
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} />}
      rightSection={
        value !== '' && (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => onChange('')} />
        )
      }
      {...rest}
    />
  );
}
