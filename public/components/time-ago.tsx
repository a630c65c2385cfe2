import { Text, Tooltip, type TextProps } from '@mantine/core';
import { useNow } from './use-now';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** How long ago, or in how long, something is; the exact time on request. */
export function TimeAgo({ at, ...rest }: { readonly at: string } & TextProps) {
  const now = useNow();
  const time = Date.parse(at);
  if (Number.isNaN(time)) return null;
  return (
    <Tooltip label={absolute.format(time)}>
      <Text component="time" span inherit dateTime={at} {...rest}>
        {agoText(time, now)}
      </Text>
    </Tooltip>
  );
}

/** @param time and `now` in milliseconds since 1970 */
export function agoText(time: number, now: number): string {
  const seconds = Math.round((time - now) / 1000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  // The time of the page is some seconds old, and clocks of browser and registry are a little apart.
  if (seconds > 0 && seconds < 10) return 'now';
  return Math.abs(seconds) < 5 ? 'just now' : relative.format(seconds, 'second');
}
