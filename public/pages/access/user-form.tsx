import {
  Checkbox,
  MultiSelect,
  PasswordInput,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useGroups } from '../../api/groups';
import type { UserInput, UserView } from '../../api/users';
import { fieldErrors } from '../../components/field-errors';
import { FormEnd } from '../../components/form-end';
import { formValuesOf, ROLES, userInput, type UserFormValues } from './user-input';

const FIELDS = ['username', 'displayName', 'roles', 'groups', 'disabled', 'password'];

/** What an administrator writes of a user. */
export function UserForm(props: {
  /** Undefined: a new one. */
  readonly user: UserView | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly onSubmit: (change: { readonly username: string; readonly user: UserInput }) => void;
  readonly onCancel: () => void;
}) {
  const { user, error, isPending, onSubmit, onCancel } = props;
  const groups = useGroups().data?.groups.map(({ name }) => name) ?? [];
  const form = useForm<UserFormValues>({ initialValues: formValuesOf(user) });
  const errors = fieldErrors(error);
  const isOfProvider = user?.issuer !== undefined;
  return (
    <form
      onSubmit={form.onSubmit((values) =>
        onSubmit({ username: values.username.trim(), user: userInput(values) }),
      )}
    >
      <Stack gap="md">
        {user === undefined && (
          <TextInput
            label="User name"
            required
            data-autofocus
            autoComplete="off"
            maxLength={128}
            {...form.getInputProps('username')}
            error={errors.username}
          />
        )}
        <TextInput
          label="Display name"
          autoComplete="off"
          maxLength={200}
          {...form.getInputProps('displayName')}
          error={errors.displayName}
        />
        <MultiSelect
          label="Roles"
          description={
            isOfProvider ? 'The identity provider may set them anew at each log-in' : undefined
          }
          data={[...ROLES]}
          {...form.getInputProps('roles')}
          value={[...form.values.roles]}
          error={errors.roles}
        />
        <TagsInput
          label="Groups"
          description="A name that is no group yet is kept for when it is one"
          data={groups}
          splitChars={[',']}
          {...form.getInputProps('groups')}
          value={[...form.values.groups]}
          error={errors.groups}
        />
        {!isOfProvider && (
          <PasswordFields
            form={form}
            hasPassword={user?.hasPassword === true}
            error={errors.password}
          />
        )}
        <Switch
          label="Disabled"
          description="Ends every session at once, and no token of the user holds"
          {...form.getInputProps('disabled', { type: 'checkbox' })}
        />
        <FormEnd
          error={error}
          fields={FIELDS}
          action={user === undefined ? 'Create' : 'Save'}
          isPending={isPending}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}

function PasswordFields(props: {
  readonly form: UseFormReturnType<UserFormValues>;
  readonly hasPassword: boolean;
  readonly error: string | undefined;
}) {
  const { form, hasPassword, error } = props;
  return (
    <>
      <PasswordInput
        label={hasPassword ? 'New password' : 'Password'}
        description={
          hasPassword
            ? 'Empty: the present one stays. A new one ends every session of the user'
            : 'At least 8 characters. Without one, nobody can log in'
        }
        autoComplete="new-password"
        {...form.getInputProps('password')}
        error={error}
      />
      {form.values.password !== '' && (
        <Checkbox
          label="Has to be changed at the first log-in"
          {...form.getInputProps('mustChangePassword', { type: 'checkbox' })}
        />
      )}
    </>
  );
}
