import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { explain, Problem } from '../../api/problem';
import { useChangePassword } from '../../api/session';
import { sentence } from '../../components/field-errors';

/** Changes one's own password. @param onDone after it was changed */
export function PasswordChangeForm({ onDone }: { readonly onDone?: () => void }) {
  const change = useChangePassword();
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '', again: '' },
    validate: {
      again: (text, { newPassword }) =>
        text === newPassword ? null : 'Is not the same as the new password',
    },
  });
  const submit = form.onSubmit(({ currentPassword, newPassword }) =>
    change.mutate(
      { currentPassword, newPassword },
      {
        onSuccess: () => {
          form.reset();
          onDone?.();
        },
        onError: (error) => {
          if (!(error instanceof Problem)) return;
          form.setErrors(
            Object.fromEntries(error.errors.map((each) => [each.field, sentence(each.message)])),
          );
        },
      },
    ),
  );
  const isUnexplained =
    change.error !== null && !(change.error instanceof Problem && change.error.errors.length > 0);
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          required
          {...form.getInputProps('currentPassword')}
        />
        <PasswordInput
          label="New password"
          description="8 characters or more; a few unrelated words do well."
          autoComplete="new-password"
          required
          {...form.getInputProps('newPassword')}
        />
        <PasswordInput
          label="New password again"
          autoComplete="new-password"
          required
          {...form.getInputProps('again')}
        />
        {isUnexplained && (
          <Text c="red" size="sm" role="alert">
            {explain(change.error)}
          </Text>
        )}
        <Button type="submit" loading={change.isPending}>
          Change password
        </Button>
      </Stack>
    </form>
  );
}
