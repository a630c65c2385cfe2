import type { ImportEntry } from '../../api/import';
import { explain, type FieldError } from '../../api/problem';
import { faultsOfForm } from './form-faults';
import { formValuesOf, type ServerFormValues } from './form-values';

/** What became of one server of the list. */
export type ImportOutcome =
  | { readonly state: 'waiting' }
  | { readonly state: 'working' }
  | { readonly state: 'registered'; readonly path: string }
  | { readonly state: 'failed'; readonly message: string };

/** A server of the list that may be registered. */
export interface ImportItem {
  readonly id: number;
  readonly name: string;
  /** Undefined: it cannot be one of ours. */
  readonly values: ServerFormValues | undefined;
  /** What the API said of it; somebody who has changed it since is told by the rules alone. */
  readonly problems: readonly FieldError[];
  readonly notes: readonly string[];
  readonly isChosen: boolean;
  readonly outcome: ImportOutcome;
}

/** @param taken paths of servers that exist */
export function itemsOf(entries: readonly ImportEntry[], taken: ReadonlySet<string>): ImportItem[] {
  const items = entries.map(({ name, input, problems, notes }, id): ImportItem => {
    // Somebody else's file decides nothing about what is served here.
    const values = input && formValuesOf({ enabled: false, ...input });
    return { id, name, values, problems, notes, isChosen: false, outcome: { state: 'waiting' } };
  });
  return items.map((item) => ({
    ...item,
    isChosen: faultsOfItem(item, items, taken).length === 0,
  }));
}

/** What is in the way of registering it; another of the list may want its path. */
export function faultsOfItem(
  item: ImportItem,
  items: readonly ImportItem[],
  taken: ReadonlySet<string>,
): readonly FieldError[] {
  const { values, problems, id } = item;
  if (values === undefined) return problems;
  const isTwice = items.some((other) => other.id < id && other.values?.path === values.path);
  const own = Object.entries(faultsOfForm(values, { taken })).map(([field, message]) => ({
    field,
    message,
  }));
  const known = new Set([...own.map(({ field }) => field), 'path']);
  return [
    ...own,
    ...problems.filter(({ field }) => !known.has(field)),
    ...(isTwice ? [{ field: 'path', message: 'Is the path of another one in this list' }] : []),
  ];
}

/** The outcome of something that was refused. */
export function failed(error: unknown): ImportOutcome {
  return { state: 'failed', message: explain(error) };
}
