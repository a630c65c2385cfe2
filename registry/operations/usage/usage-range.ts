import { z } from 'zod';
import { RegistryError } from '../../errors.js';
import { bucketStart, INTERVALS, USAGE_LEVELS, type Interval } from '../../usage/usage-level.js';
import { DIMENSIONS } from '../../usage/usage-row.js';
import { parseServerPath } from '../../catalog/server-path.js';
import { validate } from '../validate.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A day of minutes. */
const MAX_POINTS = 1500;
const MAX_GROUPS = 1000;

const time = z.union([z.iso.datetime({ offset: true }), z.iso.date()], {
  error: 'must be a date such as 2026-01-31 (UTC) or a time such as 2026-01-31T08:00:00Z',
});
const name = z.string().max(300).optional();

/** Which calls are meant. */
export const usageFilterSchema = z.strictObject({
  from: time.optional().meta({ description: 'Where it begins; a day before `to` by default.' }),
  to: time.optional().meta({ description: 'Where it ends; now by default.' }),
  server: name.meta({ description: 'The path of a server.' }),
  tool: name,
  principal: name.meta({ description: 'Empty: those without one.' }),
  interval: z.enum(INTERVALS).optional().meta({
    description:
      'Minutes are kept for a day, hours for 30 days, days (of UTC) for 400. By default the finest with which a chart is readable.',
  }),
});
export const usageQuerySchema = usageFilterSchema.extend({
  by: z.enum(DIMENSIONS).optional().meta({ description: 'By what `groups` are made.' }),
  limit: z.coerce
    .number('must be a number')
    .pipe(z.int().min(1).max(MAX_GROUPS))
    .default(100)
    .meta({ description: 'How many groups at most.' }),
});

/** From which bucket on, and before which moment, in milliseconds since 1970. */
export interface UsageRange {
  readonly interval: Interval;
  readonly from: number;
  readonly to: number;
  readonly server?: string;
  readonly tool?: string;
  readonly principal?: string;
}

/** @throws RegistryError `validation-failed` */
export function usageRange(filter: z.output<typeof usageFilterSchema>, now: Date): UsageRange {
  const to = filter.to === undefined ? now.getTime() : Date.parse(filter.to);
  const begin = filter.from === undefined ? to - DAY : Date.parse(filter.from);
  if (begin >= to) {
    throw invalid('from', 'must be before `to`, which is now where it is left out');
  }
  const interval = filter.interval ?? usualInterval(now.getTime() - begin, to - begin);
  const level = USAGE_LEVELS[interval];
  const from = bucketStart(level, begin);
  if ((to - from) / level.span > MAX_POINTS) {
    throw invalid(
      'interval',
      `must give at most ${MAX_POINTS} points; choose a longer interval, or times closer to each other`,
    );
  }
  const { server, tool, principal } = filter;
  return {
    interval,
    from,
    to,
    ...(server !== undefined && { server: pathOf(server) }),
    ...(tool !== undefined && { tool }),
    ...(principal !== undefined && { principal }),
  };
}

/** @throws RegistryError `validation-failed` */
export function readUsageQuery(query: unknown, now: Date) {
  const { by, limit, ...filter } = validate(usageQuerySchema, query);
  return { by, limit, range: usageRange(filter, now) };
}

/** @param age of the begin */
function usualInterval(age: number, length: number): Interval {
  if (length <= 6 * HOUR && age <= DAY) return 'minute';
  return length <= 14 * DAY && age <= 30 * DAY ? 'hour' : 'day';
}

/** With or without the slash, as everywhere; what cannot be a path is never found. */
function pathOf(text: string): string {
  const parsed = parseServerPath(text);
  return parsed.ok ? parsed.value : text;
}

function invalid(field: string, message: string): RegistryError {
  return new RegistryError('validation-failed', `${field}: ${message}`, {
    problems: [{ field, message }],
  });
}
