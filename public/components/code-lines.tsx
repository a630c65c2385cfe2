import { useVirtualizer } from '@tanstack/react-virtual';
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react';
import type { Language } from './code-block';
import classes from './code-lines.module.css';

const LINE_PX = 20;
/** Longer lines are shown without colours. */
const COLOURED_CHARACTERS = 2_000;

const Coloured = lazy(async () => ({ default: (await import('./coloured-code')).ColouredCode }));

/** Code of any length with line numbers: only the lines in sight exist. */
export function CodeLines(props: {
  readonly text: string;
  readonly language: Language;
  /** What it is, for those who cannot see it. */
  readonly label: string;
  /** Numbers of lines, the first being 1, that were looked for. */
  readonly found?: ReadonlySet<number>;
  /** The line that is brought into sight. */
  readonly at?: number | undefined;
  readonly height: number | string;
}) {
  const { text, language, label, found, at, height } = props;
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text]);
  const box = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- It is not memoised by a compiler here.
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  });
  useEffect(() => {
    if (at !== undefined) rows.scrollToIndex(at - 1, { align: 'center' });
    else rows.scrollToOffset(0);
  }, [at, text, rows]);
  const inSight = rows.getVirtualItems();
  const before = inSight[0]?.start ?? 0;
  const after = rows.getTotalSize() - (inSight.at(-1)?.end ?? 0);
  return (
    <div
      ref={box}
      className={classes.box}
      style={{ height }}
      role="region"
      aria-label={label}
      tabIndex={0}
    >
      <div className={classes.lines} style={{ paddingTop: before, paddingBottom: after }}>
        {inSight.map(({ index }) => {
          const line = lines[index] ?? '';
          const number = index + 1;
          return (
            <div
              key={index}
              className={classes.line}
              data-found={found?.has(number) === true || undefined}
              data-at={number === at || undefined}
            >
              <span className={classes.number} aria-hidden>
                {number}
              </span>
              <span className={classes.text}>
                {language === 'text' || line.length > COLOURED_CHARACTERS ? (
                  line
                ) : (
                  <Suspense fallback={line}>
                    <Coloured text={line} language={language} />
                  </Suspense>
                )}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
