import { Problem } from '../api/problem';

/**
 * What the API says of each field of a form, by the field's first name: what it says of `tools.3` stands at `tools`.
 * @returns nothing for errors of another kind
 */
export function fieldErrors(error: unknown): Record<string, string> {
  const errors: Record<string, string> = {};
  if (!(error instanceof Problem)) return errors;
  for (const { field, message } of error.errors) {
    const [name = ''] = field.split('.');
    errors[name] = errors[name] === undefined ? sentence(message) : `${errors[name]}; ${message}`;
  }
  return errors;
}

/** Rules complete "<field> ...". Below the field, they stand alone. */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}

/** Whether an error says nothing that stands at one of these fields, so that it has to be shown beside them. */
export function isUnplaced(error: unknown, fields: readonly string[]): boolean {
  if (error === null || error === undefined) return false;
  const named = Object.keys(fieldErrors(error));
  return named.length === 0 || named.some((name) => !fields.includes(name));
}
