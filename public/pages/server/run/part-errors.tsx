import { Text } from '@mantine/core';
import { errorId, type FieldErrorProps } from '@rjsf/utils';

/** Errors of a whole with parts; single fields say theirs themselves. */
export function PartErrors({ errors = [], fieldPathId, schema }: FieldErrorProps) {
  const hasParts = ['properties', 'items', 'oneOf', 'anyOf', 'additionalProperties'].some(
    (word) => word in schema,
  );
  if (errors.length === 0 || !hasParts) return null;
  return (
    <Text id={errorId(fieldPathId)} size="xs" c="var(--mantine-color-error)" role="alert">
      {errors.map((error) => (typeof error === 'string' ? error : '')).join(' ')}
    </Text>
  );
}
