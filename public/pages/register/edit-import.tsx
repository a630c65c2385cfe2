import type { ServerFormValues } from './form-values';
import { ServerForm } from './server-form';
import { useServerForm } from './use-server-form';

/** The whole form for one server of the list; it is kept and not registered yet. */
export function EditImport(props: {
  readonly values: ServerFormValues;
  readonly onKeep: (values: ServerFormValues) => void;
  readonly onCancel: () => void;
}) {
  const { values, onKeep, onCancel } = props;
  const { form, taken } = useServerForm(values);
  return (
    <ServerForm
      form={form}
      taken={taken}
      action="Keep"
      isSaving={false}
      error={undefined}
      onSave={() => onKeep(form.getValues())}
      onCancel={onCancel}
    />
  );
}
