import { Alert, Button, Group, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useMay } from '../../api/session';
import { ErrorAlert } from '../../components/error-alert';
import type { StoredAuth } from './auth-values';
import { NginxPreview } from './nginx-preview';
import { ServerFields } from './server-fields';
import { TestConnection } from './test-connection';
import { useFocusOnFault, type ServerForm as Form } from './use-server-form';
import classes from './register.module.css';

interface Props {
  readonly form: Form;
  readonly taken: ReadonlySet<string>;
  readonly existing?: { readonly path: string; readonly stored: StoredAuth };
  /** What the button says. */
  readonly action: string;
  readonly isSaving: boolean;
  /** What went wrong beside the fields. */
  readonly error: unknown;
  readonly onSave: () => void;
  readonly onCancel: () => void;
  readonly children?: ReactNode;
}

/** The form of one server, with what can be tried before it is saved. */
export function ServerForm(props: Props) {
  const { form, taken, existing, action, isSaving, error, onSave, onCancel, children } = props;
  const mayPreview = useMay()('gateway:read');
  const [attempt, setAttempt] = useState(0);
  useFocusOnFault(form.errors, attempt);
  const faults = Object.keys(form.errors).length;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        setAttempt((now) => now + 1);
        form.onSubmit(onSave)(event);
      }}
    >
      <div className={classes.columns}>
        <Stack>
          {children}
          {error !== undefined && error !== null && <ErrorAlert error={error} />}
          <ServerFields
            form={form}
            taken={taken}
            stored={existing?.stored}
            suggests={existing === undefined}
          />
          <div className={classes.save}>
            {attempt > 0 && faults > 0 && (
              <Alert color="red" icon={<IconAlertTriangle />} p="xs" mb="xs" role="alert">
                {faults === 1 ? 'One field is' : `${String(faults)} fields are`} not right yet.
              </Alert>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onCancel}>
                Cancel
              </Button>
              <Button type="submit" loading={isSaving}>
                {action}
              </Button>
            </Group>
          </div>
        </Stack>
        <Stack className={classes.side}>
          <TestConnection form={form} existing={existing} />
          {mayPreview && <NginxPreview form={form} stored={existing?.stored} taken={taken} />}
        </Stack>
      </div>
    </form>
  );
}
