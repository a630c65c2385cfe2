import { describe, expect, it } from '@jest/globals';
import { findTimeZones, momentOf, timeIn } from '../../../../scripts/demo/time-zones.js';

const summer = new Date('2026-07-28T12:30:15Z');

describe('timeIn', () => {
  it('shows the local time with its offset and weekday', () => {
    expect(timeIn('Asia/Tokyo', new Date('2026-07-28T20:00:00Z'))).toEqual({
      timeZone: 'Asia/Tokyo',
      time: '2026-07-29T05:00:00+09:00',
      weekday: 'Wednesday',
      utcOffset: '+09:00',
      utc: '2026-07-28T20:00:00Z',
    });
  });

  it('knows offsets that are no whole hours, on both sides of Greenwich', () => {
    expect(timeIn('Asia/Kathmandu', summer).utcOffset).toBe('+05:45');
    expect(timeIn('America/St_Johns', summer).utcOffset).toBe('-02:30');
  });

  it('takes names in any case, and names that are out of use', () => {
    expect(timeIn('europe/berlin', summer).timeZone).toBe('Europe/Berlin');
    expect(timeIn('US/Pacific', summer).utcOffset).toBe('-07:00');
    expect(timeIn('UTC', summer).utcOffset).toBe('+00:00');
  });

  it('refuses an unknown zone and says what is near', () => {
    expect(() => timeIn('Berlin', summer)).toThrow('Did you mean Europe/Berlin?');
    expect(() => timeIn('Mars/Base', summer)).toThrow('Look with list_time_zones.');
    expect(() => timeIn('+02:00', summer)).toThrow('There is no time zone "+02:00".');
  });
});

describe('momentOf', () => {
  it('takes a bare time as one of today in that zone', () => {
    const lateInLondon = new Date('2026-07-28T22:30:00Z');
    expect(momentOf('09:00', 'Asia/Tokyo', lateInLondon).toISOString()).toBe(
      '2026-07-29T00:00:00.000Z',
    );
  });

  it('uses the offset of that day, not of today', () => {
    expect(momentOf('2026-01-15T12:00', 'Europe/Berlin', summer).toISOString()).toBe(
      '2026-01-15T11:00:00.000Z',
    );
  });

  it('takes an hour that the clocks show twice as the first one', () => {
    expect(momentOf('2026-10-25T02:30', 'Europe/Berlin', summer).toISOString()).toBe(
      '2026-10-25T00:30:00.000Z',
    );
  });

  it('refuses an hour that the clocks skip', () => {
    expect(() => momentOf('2026-03-29T02:30', 'Europe/Berlin', summer)).toThrow('does not exist');
  });

  it('refuses what is no time', () => {
    expect(() => momentOf('noon', 'UTC', summer)).toThrow('Write HH:MM');
    expect(() => momentOf('25:00', 'UTC', summer)).toThrow('Write HH:MM');
    expect(() => momentOf('2026-02-30T12:00', 'UTC', summer)).toThrow('Write HH:MM');
  });
});

describe('findTimeZones', () => {
  it('finds names by a part, in any case, with spaces', () => {
    expect(findTimeZones('new york')).toEqual(['America/New_York']);
    expect(findTimeZones('utc')).toContain('UTC');
    expect(findTimeZones('nowhere')).toEqual([]);
  });
});
