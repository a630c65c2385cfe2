import { z } from 'zod';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** An opaque place in an ordered list: the key of the last item that was given. */
const cursor = z.string().transform((text, context): string => {
  const after = Buffer.from(text, 'base64url').toString('utf8');
  if (after !== '' && encodeCursor(after) === text) return after;
  context.addIssue({
    code: 'custom',
    message: 'must be the "nextCursor" of an earlier answer',
    input: text,
  });
  return z.NEVER;
});

/** Query parameters of every paged list. */
export const pageFields = {
  cursor: cursor.optional(),
  limit: z.coerce
    .number('must be a number')
    .pipe(z.int().min(1).max(MAX_LIMIT))
    .default(DEFAULT_LIMIT),
};

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
  /** How many items there are on all pages. */
  readonly total: number;
}

/**
 * Cuts a page out of a list. The order is that of the keys, which must be unique; because a cursor
 * names a key and not a position, items that come and go do not shift the pages behind them.
 */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  { cursor: after, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Page<T> {
  const sorted = all
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const rest = after === undefined ? sorted : sorted.filter(({ key }) => key > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(({ item }) => item),
    ...(last !== undefined && rest.length > limit && { nextCursor: encodeCursor(last.key) }),
    total: all.length,
  };
}

/** Items that stand together in a larger list. */
interface ListPart<T> {
  /** Orders the parts. Ends with a line break, the only one in it. */
  readonly key: string;
  readonly items: readonly T[];
}

/**
 * Cuts a page out of a list in parts, as `pageOf` does: only the parts that it lies in are ordered.
 * @param keyOf unique within a part; item by item with the part that it stands in
 */
export function pageOfParts<T, Part extends ListPart<T>>(
  all: readonly Part[],
  keyOf: (item: T, position: number) => string,
  place: { readonly cursor?: string | undefined; readonly limit: number },
): Page<{ readonly item: T; readonly part: Part }> {
  const { cursor: after = '', limit } = place;
  const parts = all
    .filter(({ key }) => key > after || after.startsWith(key))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const near: { readonly item: T; readonly part: Part; readonly key: string }[] = [];
  for (const part of parts) {
    const keyed = part.items.map((item, at) => ({ item, part, key: part.key + keyOf(item, at) }));
    near.push(...keyed.filter(({ key }) => key > after));
    if (near.length > limit) break;
  }
  const page = pageOf(near, ({ key }) => key, place);
  return { ...page, total: all.reduce((sum, { items }) => sum + items.length, 0) };
}

/** Whether every word of the query is in one of the texts, without regard to case. */
export function matchesQuery(query: string, texts: readonly (string | undefined)[]): boolean {
  if (query === '') return true;
  const haystack = texts.join('\n').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

function encodeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}
