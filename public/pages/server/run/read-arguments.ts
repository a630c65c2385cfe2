import { isObject, type JsonSchema } from '../tools/json-schema.js';

/** Reads what somebody typed as the arguments of a call. Nothing typed means no arguments. */
export function readArguments(
  text: string,
):
  | { readonly value: JsonSchema; readonly problem?: never }
  | { readonly value?: never; readonly problem: string } {
  if (text.trim() === '') return { value: {} };
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { value } : { problem: 'Must be an object: {"name": value}' };
  } catch (error) {
    return { problem: `Not JSON yet: ${error instanceof Error ? error.message : ''}` };
  }
}
