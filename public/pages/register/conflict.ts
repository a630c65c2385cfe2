import { authInputOf, type AuthValues } from './auth-values';
import type { ServerFormValues } from './form-values';

type Field = keyof ServerFormValues;

/** A field that somebody else changed while it was edited here. */
export interface MeanwhileChanged {
  readonly field: Field;
  readonly before: string;
  readonly theirs: string;
  readonly mine: string;
  /** Whether both changed it, to different values: then somebody has to choose. */
  readonly isContested: boolean;
}

/**
 * @param base what the editing began with
 * @param theirs what the registry has now
 */
export function changedMeanwhile(
  base: ServerFormValues,
  theirs: ServerFormValues,
  mine: ServerFormValues,
): readonly MeanwhileChanged[] {
  return (Object.keys(base) as Field[]).flatMap((field) => {
    const texts = {
      before: textOf(base, field),
      theirs: textOf(theirs, field),
      mine: textOf(mine, field),
    };
    if (same(base, theirs, field)) return [];
    const isContested = !same(base, mine, field) && !same(theirs, mine, field);
    return [{ field, ...texts, isContested }];
  });
}

/** Theirs where only they changed a field; of what both changed, mine for the fields in `keep`. */
export function merge(
  base: ServerFormValues,
  theirs: ServerFormValues,
  mine: ServerFormValues,
  keep: ReadonlySet<string>,
): ServerFormValues {
  const fields = (Object.keys(base) as Field[]).map((field) => {
    const takeMine = !same(base, mine, field) && (same(base, theirs, field) || keep.has(field));
    return [field, (takeMine ? mine : theirs)[field]] as const;
  });
  return { ...theirs, ...(Object.fromEntries(fields) as Partial<ServerFormValues>) };
}

function same(a: ServerFormValues, b: ServerFormValues, field: Field): boolean {
  return JSON.stringify(a[field]) === JSON.stringify(b[field]);
}

/** A value for people, without any secret. */
function textOf(values: ServerFormValues, field: Field): string {
  if (field === 'auth') return authText(values.auth);
  const value = values[field];
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (Array.isArray(value)) return value.join(', ') || '(none)';
  return JSON.stringify(value);
}

const SECRETS = new Set(['token', 'password', 'clientSecret', 'value']);

function authText(auth: AuthValues): string {
  return JSON.stringify(authInputOf(auth), (key, value: unknown) =>
    SECRETS.has(key) ? (value === '' ? undefined : '(new)') : value,
  );
}
