import { Alert, Button, Group } from '@mantine/core';
import { explain } from '../api/problem';
import { isUnplaced } from './field-errors';

/** The end of a form in a dialog: what is wrong with it as a whole, the way out, and the way on. */
export function FormEnd(props: {
  readonly error: unknown;
  /** Those beside which the form shows what is wrong. */
  readonly fields: readonly string[];
  readonly action: string;
  readonly isPending: boolean;
  readonly onCancel: () => void;
}) {
  const { error, fields, action, isPending, onCancel } = props;
  return (
    <>
      {isUnplaced(error, fields) && (
        <Alert color="red" role="alert" mt="md">
          {explain(error)}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending}>
          {action}
        </Button>
      </Group>
    </>
  );
}
