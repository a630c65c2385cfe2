/** How often a registry may be pulled from, as it is offered. */
const SCHEDULES: readonly Schedule[] = [
  { value: '1', label: 'every hour' },
  { value: '6', label: 'every 6 hours' },
  { value: '24', label: 'every day' },
  { value: '168', label: 'every week' },
  { value: '', label: 'only when somebody asks' },
];

interface Schedule {
  /** Hours; empty: none. */
  readonly value: string;
  readonly label: string;
}

/** What is offered, and the schedule that there is, which may be another one. */
export function schedulesWith(everyHours: number | undefined): Schedule[] {
  const value = everyHours === undefined ? '' : String(everyHours);
  const isOffered = SCHEDULES.some((each) => each.value === value);
  return isOffered ? [...SCHEDULES] : [{ value, label: scheduleText(everyHours) }, ...SCHEDULES];
}

/** In words; others than those that are offered come from the API. */
export function scheduleText(everyHours: number | undefined): string {
  const value = everyHours === undefined ? '' : String(everyHours);
  return SCHEDULES.find((each) => each.value === value)?.label ?? `every ${value} hours`;
}
