import { ScrollArea, Text, VisuallyHidden } from '@mantine/core';
import { useMemo } from 'react';
import { diffOf, type DiffLine } from './diff-lines';
import { UntrustedText } from './untrusted-text';
import classes from './text-diff.module.css';

const SIGNS = { same: ' ', added: '+', removed: '−', skipped: '⋯' } as const;
const WORDS = { same: '', added: 'new: ', removed: 'before: ', skipped: '' } as const;
const MOST_LINES = 2_000;

/** What is different between two texts, line by line. */
export function TextDiff(props: {
  readonly before: string;
  readonly after: string;
  readonly label: string;
}) {
  const { before, after, label } = props;
  const lines = useMemo(() => diffOf(before, after), [before, after]);
  if (lines === undefined) {
    return (
      <Text size="sm">The two are too large, or too different, to be compared line by line.</Text>
    );
  }
  return (
    <ScrollArea.Autosize
      mah={480}
      type="auto"
      className={classes.diff}
      viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': `Changes of ${label}` }}
    >
      {lines.slice(0, MOST_LINES).map((line, index) => (
        <Line key={index} line={line} />
      ))}
      {lines.length > MOST_LINES && <Text size="sm">… and more</Text>}
    </ScrollArea.Autosize>
  );
}

function Line({ line: { kind, text } }: { readonly line: DiffLine }) {
  return (
    <div className={classes.line} data-kind={kind}>
      <span className={classes.sign} aria-hidden>
        {SIGNS[kind]}
      </span>
      {WORDS[kind] !== '' && <VisuallyHidden>{WORDS[kind]}</VisuallyHidden>}
      <UntrustedText inline inherit text={text} max={2_100} style={{ whiteSpace: 'pre-wrap' }} />
    </div>
  );
}
