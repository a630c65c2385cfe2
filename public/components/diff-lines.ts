import { diffLines } from 'diff';

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'skipped';
  readonly text: string;
}

/** Longer texts take too long to compare, and to read. */
const MOST_CHARACTERS = 300_000;
const TIMEOUT_MS = 400;
const LINES_AROUND = 3;
const LINE_CHARACTERS = 2_000;

/** @returns lines with what changed and a little around it; undefined when the texts are too large or too different */
export function diffOf(before: string, after: string): readonly DiffLine[] | undefined {
  if (before.length + after.length > MOST_CHARACTERS) return undefined;
  const parts = diffLines(ended(before), ended(after), { timeout: TIMEOUT_MS });
  if (parts === undefined) return undefined;
  const lines = parts.flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((text): DiffLine => ({
        kind: added ? 'added' : removed ? 'removed' : 'same',
        text: text.length > LINE_CHARACTERS ? `${text.slice(0, LINE_CHARACTERS)}…` : text,
      })),
  );
  return withoutFar(lines);
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Leaves out what is the same and far from every change. */
function withoutFar(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = lines.map(() => false);
  lines.forEach(({ kind }, at) => {
    if (kind === 'same') return;
    for (let i = at - LINES_AROUND; i <= at + LINES_AROUND; i += 1) near[i] = true;
  });
  const shown: DiffLine[] = [];
  let skipped = 0;
  const flush = () => {
    if (skipped > 0) {
      shown.push({
        kind: 'skipped',
        text: `${String(skipped)} ${skipped === 1 ? 'line' : 'lines'} alike`,
      });
    }
    skipped = 0;
  };
  lines.forEach((line, at) => {
    if (near[at] !== true) {
      skipped += 1;
      return;
    }
    flush();
    shown.push(line);
  });
  flush();
  return shown;
}
