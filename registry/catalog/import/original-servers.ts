import type { ImportDraft } from './import-draft.js';
import { textIn, type Fields } from './read-json.js';

/** The longest that a tag may be here. */
const MAX_TAG = 40;

/** A file of the Python registry (`registry/servers/*.json`): `server_name`, `path` and `proxy_pass_url`. */
export function isOriginal(item: Fields): boolean {
  return textIn(item, 'server_name') !== undefined && textIn(item, 'path') !== undefined;
}

/** Servers as the Python registry keeps them. What it counted (tools, stars) is found out here. */
export function originalDrafts(items: readonly Fields[]): ImportDraft[] {
  return items.map((item) => {
    const name = textIn(item, 'server_name') ?? 'server';
    const url = textIn(item, 'proxy_pass_url');
    if (url === undefined) {
      return {
        name,
        problems: [{ field: 'url', message: 'is missing: no proxy_pass_url' }],
        notes: [],
      };
    }
    const path = textIn(item, 'path')?.replace(/\/+$/, '').toLowerCase();
    const description = textIn(item, 'description');
    const transports = Array.isArray(item.supported_transports) ? item.supported_transports : [];
    const isSse = transports.length === 1 && transports[0] === 'sse';
    return {
      name,
      input: {
        ...(path && { path }),
        url,
        tags: tagsOf(item.tags),
        ...(description && { description }),
        ...(isSse && { transport: 'sse' }),
      },
      problems: [],
      notes: [],
    };
  });
}

function tagsOf(tags: unknown): string[] {
  const given: unknown[] = Array.isArray(tags) ? tags : [];
  const texts = given.filter((each): each is string => typeof each === 'string');
  const plain = texts.map((text) =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, MAX_TAG),
  );
  return [...new Set(plain.filter((tag) => tag !== ''))];
}
