import type { UsageView } from '../../api/usage';

export const CHART = { width: 1000, height: 160 } as const;
const GAP = 0.2;
/** Less would not be seen. */
const LEAST_HEIGHT = 2;

export interface Bar {
  readonly at: string;
  readonly calls: number;
  readonly errors: number;
  readonly x: number;
  readonly width: number;
  /** Of all calls, and of those with errors, from the ground. */
  readonly height: number;
  readonly errorHeight: number;
}

/** Bars that fill the chart. @param top of the scale */
export function barsOf(series: UsageView['series'], top: number): readonly Bar[] {
  const step = CHART.width / Math.max(series.length, 1);
  const heightOf = (count: number) =>
    count === 0 ? 0 : Math.max(LEAST_HEIGHT, (count / top) * CHART.height);
  return series.map(({ at, calls, errors }, index) => ({
    at,
    calls,
    errors,
    x: (index + GAP / 2) * step,
    width: (1 - GAP) * step,
    height: heightOf(calls),
    errorHeight: heightOf(errors),
  }));
}

/** The next of 2, 4, 10, 20, 40, 100 …: half of it is a whole number as well. */
export function topOf(most: number): number {
  let power = 1;
  for (;;) {
    const found = [2, 4, 10].map((factor) => factor * power).find((top) => top >= most);
    if (found !== undefined) return found;
    power *= 10;
  }
}
