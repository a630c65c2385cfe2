import type { FieldError } from '../../api/problem';
import { sentence } from '../../components/field-errors';
import { faultsOfServer, parseServerPath } from '../../rules/server-rules';
import { missingSecrets, type StoredAuth } from './auth-values';
import { inputOf, type ServerFormValues } from './form-values';

/** What a fault depends on beside the form. */
export interface FormSurroundings {
  /** Paths of other servers that the person sees. */
  readonly taken: ReadonlySet<string>;
  /** Of the server that is edited. */
  readonly stored?: StoredAuth | undefined;
}

/** What is wrong with the form, in the API's words: one message for each field. */
export function faultsOfForm(
  values: ServerFormValues,
  { taken, stored }: FormSurroundings,
): Record<string, string> {
  const path = parseServerPath(values.path);
  const faults: readonly FieldError[] = [
    ...missingSecrets(values.auth, stored),
    ...faultsOfServer(inputOf(values, stored)),
    ...(path.ok && taken.has(path.value)
      ? [{ field: 'path', message: 'is the path of another server' }]
      : []),
  ];
  return messagesOf(faults);
}

/** By field; the first one counts. */
export function messagesOf(faults: readonly FieldError[]): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const { field, message } of faults) messages[field] ??= sentence(message);
  return messages;
}
