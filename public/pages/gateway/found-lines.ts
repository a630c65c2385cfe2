import type { GatewayConfigView } from '../../../registry/operations/system/system-view.js';

export type ConfigFile = GatewayConfigView['files'][number];

export interface FoundLine {
  readonly path: string;
  /** The first is 1. */
  readonly line: number;
  readonly text: string;
}

/** More are not listed: nobody would read them. */
export const MOST_FOUND = 300;

/** The lines of all files that contain the text, whatever its case; nothing for no text. */
export function foundLines(files: readonly ConfigFile[], query: string): FoundLine[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const found: FoundLine[] = [];
  for (const { path, text } of files) {
    for (const [index, line] of text.split('\n').entries()) {
      if (!line.toLowerCase().includes(wanted)) continue;
      found.push({ path, line: index + 1, text: line.trim() });
      if (found.length === MOST_FOUND) return found;
    }
  }
  return found;
}

/** What differs from server to server first, then the head of all, then what is the same everywhere. */
export function inReadingOrder(files: readonly ConfigFile[]): ConfigFile[] {
  const rank = ({ path }: ConfigFile) =>
    path.startsWith('generated/') ? 1 : path.includes('/') ? 2 : 0;
  return [...files].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
}
