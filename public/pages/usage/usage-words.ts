import type { UsageDimension, UsageRange, UsageView } from '../../api/usage';
import { callerName } from '../../components/callers-text';

/** What the registry says for all that it had no room to tell apart. */
export const OTHERS = '(other)';

export const RANGE_LABELS: Readonly<Record<UsageRange, string>> = {
  '1h': 'Last hour',
  '24h': '24 h',
  '7d': '7 days',
  '30d': '30 days',
};

const TIMES = {
  minute: new Intl.DateTimeFormat('en', { timeStyle: 'short', hourCycle: 'h23' }),
  hour: new Intl.DateTimeFormat('en', {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }),
  // Days are those of UTC.
  day: new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' }),
} as const;

/** A server, a tool or a caller, for people. */
export function keyText(dimension: UsageDimension, key: string): string {
  if (key === OTHERS) return 'all others';
  if (dimension === 'principal') return callerName(key);
  if (key !== '') return key;
  return dimension === 'tool' ? 'no tool, or not known which' : 'no server';
}

/** `2.5 %`; what is there is never said to be none, nor all. */
export function shareText(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %';
  const percent = (part / whole) * 100;
  if (percent < 0.1) return '< 0.1 %';
  if (part < whole && percent > 99.9) return '> 99.9 %';
  return `${String(Math.round(percent * 10) / 10)} %`;
}

/** When an interval begins. */
export function intervalText(interval: UsageView['interval'], at: string): string {
  return TIMES[interval].format(Date.parse(at));
}

/** The chart in words. */
export function chartText({ series, totals, interval }: UsageView): string {
  const { calls, errors } = totals;
  const busiest = series.reduce<(typeof series)[number] | undefined>(
    (most, point) => (point.calls > (most?.calls ?? 0) ? point : most),
    undefined,
  );
  const said = `${calls.toLocaleString('en')} ${calls === 1 ? 'call' : 'calls'}, ${errors.toLocaleString('en')} with errors`;
  if (busiest === undefined) return said;
  return `${said}; most in the ${interval} of ${intervalText(interval, busiest.at)}: ${busiest.calls.toLocaleString('en')}`;
}
