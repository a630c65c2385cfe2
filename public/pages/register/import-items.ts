import type { ImportEntry, ImportedServer, PlannedImport } from '../../api/import';
import type { FieldError } from '../../api/problem';
import { faultsOfForm } from './form-faults';
import { formValuesOf, inputOf, type ServerFormValues } from './form-values';

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
  readonly origin: ImportEntry['origin'];
  /** What the API said of it; somebody who has changed it since is told by the rules alone. */
  readonly problems: readonly FieldError[];
  readonly notes: readonly string[];
  readonly isChosen: boolean;
  readonly outcome: ImportOutcome;
}

/** One that can be registered as it is. */
export interface ReadyItem extends ImportItem {
  readonly values: ServerFormValues;
}

/** Those that somebody has chosen and that nothing is in the way of. */
export function readyItems(
  items: readonly ImportItem[],
  taken: ReadonlySet<string>,
): readonly ReadyItem[] {
  return items.filter(
    (item): item is ReadyItem =>
      item.isChosen &&
      item.values !== undefined &&
      item.outcome.state !== 'registered' &&
      faultsOfItem(item, items, taken).length === 0,
  );
}

/** @param taken paths of servers that exist */
export function itemsOf(
  { entries, results }: PlannedImport,
  taken: ReadonlySet<string>,
): ImportItem[] {
  const items = entries.map(({ name, input, origin, notes }, id): ImportItem => {
    const planned = results[id];
    // Somebody else's file decides nothing about what is served here.
    const values = input && formValuesOf({ enabled: false, ...input });
    const problems = planned?.outcome === 'refused' ? planned.problems : [];
    const told = [...notes, ...(planned === undefined ? [] : whatIsThere(planned))];
    const outcome = { state: 'waiting' } as const;
    return { id, name, values, origin, problems, notes: told, isChosen: false, outcome };
  });
  return items.map((item) => ({
    ...item,
    isChosen: faultsOfItem(item, items, taken).length === 0,
  }));
}

/** What is in the way of registering it; another of the list may want its path. Once it is registered, its own path is taken. */
export function faultsOfItem(
  item: ImportItem,
  items: readonly ImportItem[],
  taken: ReadonlySet<string>,
): readonly FieldError[] {
  const { values, problems, id, outcome } = item;
  if (values === undefined) return problems;
  if (outcome.state === 'working' || outcome.state === 'registered') return [];
  const isTwice = items.some((other) => other.id < id && other.values?.path === values.path);
  const own = Object.entries(faultsOfForm(values, { taken })).map(([field, message]) => ({
    field,
    message,
  }));
  const known = new Set(own.map(({ field }) => field));
  return [
    ...own,
    ...problems.filter(({ field }) => !known.has(field)),
    ...(isTwice ? [{ field: 'path', message: 'Is the path of another one in this list' }] : []),
  ];
}

/** A server of the list as a file has it that an import takes. */
export function serverOfFile({ values, origin }: ReadyItem): object {
  return { ...inputOf(values), ...(origin && { origin }) };
}

/** What a person is told of what became of it. */
export function outcomeOf(imported: ImportedServer): ImportOutcome {
  const { outcome, path, problems } = imported;
  if ((outcome === 'created' || outcome === 'updated') && path !== undefined) {
    return { state: 'registered', path };
  }
  const told = problems.map(({ field, message }) => `${field}: ${message}`);
  return {
    state: 'failed',
    message: outcome === 'refused' ? told.join('\n') : whatIsThere(imported).join('\n'),
  };
}

/** How a server that is at the path already compares to the one in the list. */
function whatIsThere({ outcome, problems }: ImportedServer): string[] {
  if (outcome === 'unchanged') return ['It is registered already, and the same.'];
  if (outcome !== 'kept') return [];
  return [
    `The server at this path is different: ${problems.map(({ field }) => field).join(', ')}.`,
  ];
}
