import { structuredPatch } from 'diff';
import type { GatewayConfigView } from '../../../registry/operations/system/system-view.js';

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

interface Hunk {
  /** Numbers of the first line before and after. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly DiffLine[];
}

export interface FileDiff {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
  /** Absent: there is too much that differs to be told line by line. */
  readonly hunks?: readonly Hunk[];
}

/** Every generation tells its own name; that it differs says nothing. */
const OWN_NAME = '<generation>';
const CONTEXT_LINES = 3;
const PATIENCE_MS = 1_500;

/** What is different from one configuration to the other, file by file; files that are alike are left out. */
export function diffConfigs(from: GatewayConfigView, to: GatewayConfigView): FileDiff[] {
  const before = textsOf(from);
  const after = textsOf(to);
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => diffFile(path, before.get(path) ?? '', after.get(path) ?? ''));
}

function textsOf({ generation, files }: GatewayConfigView): ReadonlyMap<string, string> {
  const text = (raw: string) => (generation === '' ? raw : raw.replaceAll(generation, OWN_NAME));
  return new Map(files.map((file) => [file.path, text(file.text)]));
}

function diffFile(path: string, before: string, after: string): FileDiff {
  const patch = structuredPatch(path, path, before, after, '', '', {
    context: CONTEXT_LINES,
    timeout: PATIENCE_MS,
  });
  if (patch === undefined) return { path, added: linesOf(after), removed: linesOf(before) };
  const hunks = patch.hunks.map(({ oldStart, newStart, lines }) => ({
    from: oldStart,
    to: newStart,
    // "\ No newline at end of file" is none of the file's lines.
    lines: lines.filter((line) => !line.startsWith('\\')).map(lineOf),
  }));
  const count = (kind: DiffLine['kind']) =>
    hunks.flatMap(({ lines }) => lines).filter((line) => line.kind === kind).length;
  return { path, added: count('added'), removed: count('removed'), hunks };
}

function lineOf(line: string): DiffLine {
  const text = line.slice(1);
  if (line.startsWith('+')) return { kind: 'added', text };
  return { kind: line.startsWith('-') ? 'removed' : 'same', text };
}

function linesOf(text: string): number {
  return text === '' ? 0 : text.split('\n').length;
}
