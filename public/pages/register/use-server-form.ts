import { useForm, type UseFormReturnType } from '@mantine/form';
import { useEffect, useMemo, useRef } from 'react';
import { Problem } from '../../api/problem';
import { useServers } from '../../api/servers';
import type { StoredAuth } from './auth-values';
import { faultsOfForm, messagesOf } from './form-faults';
import type { ServerFormValues } from './form-values';

export type ServerForm = UseFormReturnType<ServerFormValues>;

/**
 * A form for one server. Each field is checked when it is left, and all of them before they are sent.
 * @param own path of the server that is edited
 */
export function useServerForm(
  initialValues: ServerFormValues,
  existing?: { readonly path: string; readonly stored: StoredAuth },
): { readonly form: ServerForm; readonly taken: ReadonlySet<string> } {
  const servers = useServers().data;
  const own = existing?.path;
  const taken = useMemo(
    () => new Set(servers?.map(({ path }) => path).filter((path) => path !== own)),
    [servers, own],
  );
  const form = useForm<ServerFormValues>({
    mode: 'controlled',
    initialValues,
    validateInputOnBlur: true,
    validate: (values) => faultsOfForm(values, { taken, stored: existing?.stored }),
  });
  return { form, taken };
}

/** Shows what the API said of the fields. @returns whether the problem was about fields */
export function showFieldErrors(form: ServerForm, error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  if (error.code === 'path-taken') {
    form.setFieldError('path', error.message);
    return true;
  }
  if (error.errors.length === 0) return false;
  form.setErrors(messagesOf(error.errors));
  return error.errors.every(({ field }) => inputOfField(field) !== null);
}

/** Brings the first field with a fault into sight, once it shows it. */
export function useFocusOnFault(errors: ServerForm['errors'], attempt: number): void {
  const seen = useRef(attempt);
  useEffect(() => {
    const fields = Object.keys(errors);
    if (seen.current === attempt || fields.length === 0) return;
    seen.current = attempt;
    const inputs = fields.map(inputOfField).filter((input) => input !== null);
    const first = [...document.querySelectorAll<HTMLElement>('[data-path]')].find((input) =>
      inputs.includes(input),
    );
    first?.focus();
  }, [errors, attempt]);
}

function inputOfField(field: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-path="${CSS.escape(field)}"]`);
}
