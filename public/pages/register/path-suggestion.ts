import { parseServerPath } from '../../rules/server-rules';

const LONGEST = 60;

/**
 * The path that a name suggests: `Weather (EU)` gives `/weather-eu`.
 * @param taken paths that others have; a number makes the difference
 * @returns empty when the name has no letter or digit that a path may have
 */
export function suggestPath(name: string, taken: ReadonlySet<string> = new Set()): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, '-').slice(0, LONGEST);
  const segment = words.replace(/^-+|-+$/g, '');
  if (segment === '') return '';
  // The gateway keeps some names for itself.
  const base = parseServerPath(segment).ok ? segment : `${segment}-server`;
  for (let number = 1; ; number += 1) {
    const path = `/${number === 1 ? base : `${base}-${String(number)}`}`;
    if (!taken.has(path)) return path;
  }
}
