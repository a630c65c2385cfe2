/** One moment as the clocks of one time zone show it. */
export interface ZonedTime {
  readonly timeZone: string;
  /** ISO 8601 with the offset, such as `2026-07-28T14:30:00+02:00`. */
  readonly time: string;
  readonly weekday: string;
  /** Such as `+05:30`. */
  readonly utcOffset: string;
  readonly utc: string;
}

/** A mistake of the caller, worded for the caller. */
export class TimeZoneError extends Error {}

/** The IANA names that this Node knows, `UTC` among them, whose text contains `filter` (any case). */
export function findTimeZones(filter = ''): readonly string[] {
  const wanted = filter.trim().toLowerCase().replaceAll(' ', '_');
  const names = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
  return [...names].filter((name) => name.toLowerCase().includes(wanted)).sort();
}

/** The moment on the clocks of `timeZone`; throws `TimeZoneError` when there is no such zone. */
export function timeIn(timeZone: string, at: Date): ZonedTime {
  const zone = requireTimeZone(timeZone);
  const offset = offsetMinutes(zone, at);
  const local = new Date(at.getTime() + offset * 60_000);
  const utcOffset = formatOffset(offset);
  return {
    timeZone: zone,
    time: local.toISOString().slice(0, 19) + utcOffset,
    weekday: new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(local),
    utcOffset,
    utc: `${at.toISOString().slice(0, 19)}Z`,
  };
}

/**
 * The moment that the clocks of `timeZone` show as `time`: `HH:MM` (on the day it is there at
 * `now`) or `YYYY-MM-DDTHH:MM`. An hour that the clocks show twice is taken as the first one.
 */
export function momentOf(time: string, timeZone: string, now: Date): Date {
  const zone = requireTimeZone(timeZone);
  const today = timeIn(zone, now).time.slice(0, 10);
  const local = /^\d{2}:\d{2}$/.test(time) ? `${today}T${time}` : time;
  const asUtc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local) ? Date.parse(`${local}Z`) : NaN;
  // Date.parse turns 30 February into 2 March.
  if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(local)) {
    throw new TimeZoneError(`"${time}" is not a time. Write HH:MM or YYYY-MM-DDTHH:MM.`);
  }
  // A day before and a day after lie on the two sides of any change of the clocks.
  for (const side of [-86_400_000, 86_400_000]) {
    const offset = offsetMinutes(zone, new Date(asUtc + side));
    const moment = new Date(asUtc - offset * 60_000);
    if (offsetMinutes(zone, moment) === offset) return moment;
  }
  throw new TimeZoneError(`${local} does not exist in ${zone}: the clocks skip it that day.`);
}

function requireTimeZone(name: string): string {
  const zones = findTimeZones();
  const exact = zones.find((zone) => zone.toLowerCase() === name.trim().toLowerCase());
  if (exact) return exact;
  const canonical = canonicalName(name);
  if (canonical) return canonical;
  const [, city = name] = /([^/]+)$/.exec(name.trim()) ?? [];
  const near = findTimeZones(city).slice(0, 3);
  const hint =
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Look with list_time_zones.';
  throw new TimeZoneError(`There is no time zone "${name}". ${hint}`);
}

/** Old names, such as Asia/Calcutta, are known to Node without being listed; offsets are no names. */
function canonicalName(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function offsetMinutes(timeZone: string, at: Date): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const text = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d{2}):(\d{2})/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function formatOffset(minutes: number): string {
  const absolute = Math.abs(minutes);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(absolute / 60))}:${pad(absolute % 60)}`;
}
