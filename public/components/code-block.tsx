import { ScrollArea } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { CopyIcon } from './copy-field';
import classes from './code-block.module.css';

export type Language = 'json' | 'nginx' | 'shell' | 'toml' | 'text';

/** More than this is shown without colours: colouring would hold up the page. */
const COLOURED_CHARACTERS = 200_000;

const Coloured = lazy(async () => ({ default: (await import('./coloured-code')).ColouredCode }));

/** Code to read and copy. Its text may be anybody's. */
export function CodeBlock(props: {
  readonly text: string;
  readonly language: Language;
  /** What it is, for the copy button and those who cannot see it. */
  readonly label: string;
  readonly maxHeight?: number | string;
}) {
  const { text, language, label, maxHeight = 480 } = props;
  const isPlain = language === 'text' || text.length > COLOURED_CHARACTERS;
  return (
    <div className={classes.block}>
      <div className={classes.copy}>
        <CopyIcon value={text} what={label} />
      </div>
      <ScrollArea.Autosize
        mah={maxHeight}
        type="auto"
        viewportProps={{ tabIndex: 0, 'aria-label': label, role: 'region' }}
      >
        <pre className={classes.code}>
          {isPlain ? (
            text
          ) : (
            <Suspense fallback={text}>
              <Coloured text={text} language={language} />
            </Suspense>
          )}
        </pre>
      </ScrollArea.Autosize>
    </div>
  );
}
