import { expect, it } from '@jest/globals';
import {
  filtersOf,
  instantOf,
  localOf,
  searchOf,
} from '../../../../public/pages/audit/audit-filters';

it('survives the way through the address', () => {
  const search = { actor: 'ada', action: 'server.*', from: '2026-01-31T08:00:00.000Z' };
  expect(searchOf(filtersOf(new URLSearchParams(search)))).toEqual(search);
  expect(searchOf(filtersOf(new URLSearchParams('unknown=1')))).toEqual({});
});

it('takes the time of the browser to the API, and back', () => {
  const instant = instantOf('2026-01-31T08:30');
  expect(instant).toMatch(/Z$/);
  expect(localOf(instant)).toBe('2026-01-31T08:30');
  expect(instantOf('')).toBe('');
  expect(localOf('nonsense')).toBe('');
});
