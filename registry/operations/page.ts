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
    .pipe(z.int('must be a whole number').min(1).max(MAX_LIMIT))
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

/** Whether every word of the query is in one of the texts, without regard to case. */
export function matchesQuery(query: string, texts: readonly (string | undefined)[]): boolean {
  const haystack = texts.join('\n').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

function encodeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}
