/** The outcome of a parser: a value, or the rule that the input broke. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export function accept<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse<T>(problem: string): Result<T> {
  return { ok: false, problem };
}
