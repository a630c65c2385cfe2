/** How often a registry may be pulled from, as it is offered. */
export const SCHEDULES = [
  { value: '1', label: 'every hour' },
  { value: '6', label: 'every 6 hours' },
  { value: '24', label: 'every day' },
  { value: '168', label: 'every week' },
  { value: '', label: 'only when somebody asks' },
] as const;

/** In words; others than those that are offered come from the API. */
export function scheduleText(everyHours: number | undefined): string {
  const value = everyHours === undefined ? '' : String(everyHours);
  return SCHEDULES.find((each) => each.value === value)?.label ?? `every ${value} hours`;
}
