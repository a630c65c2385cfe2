import { Textarea } from '@mantine/core';
import type { FieldProps } from '@rjsf/utils';
import { useState } from 'react';

/** A value of any type, typed as JSON; what is not JSON is taken for text. */
export function AnyValueField(props: FieldProps<unknown>) {
  const { fieldPathId, schema, name, formData, required, rawErrors, onChange } = props;
  const [text, setText] = useState(() => textOf(formData));
  return (
    <Textarea
      id={fieldPathId.$id}
      label={schema.title ?? name}
      description={schema.description}
      placeholder='42, "text", true, ["a", "b"]'
      required={required === true}
      autosize
      minRows={1}
      maxRows={12}
      spellCheck={false}
      value={text}
      error={rawErrors?.join('\n')}
      onChange={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        onChange(valueOf(next), fieldPathId.path);
      }}
    />
  );
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function valueOf(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
