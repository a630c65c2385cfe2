import { messageOf } from '../errors.js';
import type { ListMethod, ListSource } from './list-source.js';
import type { ReadItem } from './listed-items.js';
import { TooManyBytes } from './outbound-channel.js';

/** One of the lists of a server. */
export interface ListRequest<T> {
  readonly method: ListMethod;
  readonly field: 'tools' | 'prompts' | 'resources';
  readonly read: (raw: unknown) => ReadItem<T>;
  /** What must be unique. */
  readonly keyOf: (item: T) => string;
}

export interface Listing<T> {
  readonly items: readonly T[];
  readonly warnings: readonly string[];
}

const MAX_PAGES = 64;
const MAX_ITEMS = 5000;
const MAX_WARNINGS = 100;

/**
 * Follows `nextCursor` to the end. Ends early, with a warning, at a repeated cursor, too many pages,
 * items or bytes. @throws what the first page's request throws
 */
export async function listPages<T>(
  source: ListSource,
  request: ListRequest<T>,
): Promise<Listing<T>> {
  const { method, field } = request;
  const items = new Map<string, T>();
  const warnings: string[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 1; ; pages += 1) {
    let page: Readonly<Record<string, unknown>>;
    try {
      page = await source.page(method, cursor);
    } catch (error) {
      if (pages === 1 && !isTooLong(error)) throw error;
      warnings.push(`${field}: the list ends after page ${pages - 1}: ${reasonOf(error)}`);
      break;
    }
    if (!take(page[field], request, items, warnings)) break;
    const next = page.nextCursor;
    if (typeof next !== 'string' || next === '') break;
    if (seen.has(next)) {
      warnings.push(`${field}: the server repeats a cursor; the list ends after page ${pages}`);
      break;
    }
    if (pages === MAX_PAGES) {
      warnings.push(`${field}: there are more than ${MAX_PAGES} pages; the rest is left out`);
      break;
    }
    seen.add(next);
    cursor = next;
  }
  return { items: [...items.values()], warnings: warnings.slice(0, MAX_WARNINGS) };
}

/** Adds a page's items; false when there is no room for more. */
function take<T>(
  raw: unknown,
  { field, read, keyOf }: ListRequest<T>,
  items: Map<string, T>,
  warnings: string[],
): boolean {
  if (!Array.isArray(raw)) {
    warnings.push(`${field}: the server sent a page without a list`);
    return true;
  }
  for (const entry of raw as readonly unknown[]) {
    const result = read(entry);
    if ('fault' in result) {
      warnings.push(`left out: ${result.fault}`);
      continue;
    }
    const key = keyOf(result.item);
    if (items.has(key)) {
      warnings.push(`left out: "${key}" is listed twice in ${field}`);
      continue;
    }
    if (items.size === MAX_ITEMS) {
      warnings.push(`${field}: there are more than ${MAX_ITEMS}; the rest is left out`);
      return false;
    }
    items.set(key, result.item);
    warnings.push(...result.notes);
  }
  return true;
}

function isTooLong(error: unknown): boolean {
  return causeOf(error) instanceof TooManyBytes;
}

function reasonOf(error: unknown): string {
  return isTooLong(error) ? 'the server sends too much' : messageOf(error);
}

function causeOf(error: unknown): unknown {
  let cause = error as { readonly cause?: unknown } | undefined;
  while (cause?.cause !== undefined && !(cause instanceof TooManyBytes)) {
    cause = cause.cause as typeof cause;
  }
  return cause;
}
