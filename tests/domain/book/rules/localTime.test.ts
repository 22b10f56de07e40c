import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  daysBetween,
  instantAt,
  localDay,
  minuteOfDay,
  nextClockChange,
  startOfDay,
  weekdayOf,
} from '../../../../domain/book/rules/localTime.ts';

const utc = (text: string) => Date.parse(`${text}Z`);
const amsterdam = 'Europe/Amsterdam';
const london = 'Europe/London';
const lordHowe = 'Australia/Lord_Howe';

const zones = fc.constantFrom(
  amsterdam,
  london,
  lordHowe,
  'America/New_York',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Chatham',
  'UTC',
);
const instants = fc.integer({ min: utc('2010-01-01T00:00'), max: utc('2040-01-01T00:00') });
/** Real minutes from midnight to midnight. */
const dayLengthMinutes = (day: string, zone: string) => (instantAt(day, 1440, zone) - startOfDay(day, zone)) / 60_000;
const zoned = (instant: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);

describe('local time', () => {
  it('agrees with the calendar library at any instant in any zone', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const there = zoned(instant, zone);
        expect(localDay(instant, zone)).toBe(there.toPlainDate().toString());
        expect(minuteOfDay(instant, zone)).toBe(there.hour * 60 + there.minute);
        expect(startOfDay(localDay(instant, zone), zone)).toBe(there.startOfDay().epochMilliseconds);
        expect(dayLengthMinutes(localDay(instant, zone), zone)).toBe(there.hoursInDay * 60);
      }),
      { numRuns: 1500 },
    );
  });

  it('agrees with the calendar library near each clock change', () => {
    fc.assert(
      fc.property(instants, zones, fc.integer({ min: -1600, max: 1600 }), (near, zone, minutes) => {
        const instant = (nextClockChange(near, zone) ?? near) + minutes * 60_000;
        const there = zoned(instant, zone);
        const day = there.toPlainDate().toString();
        const minute = there.hour * 60 + there.minute;
        expect([localDay(instant, zone), minuteOfDay(instant, zone)]).toEqual([day, minute]);
        const local = there.toPlainDate().toPlainDateTime({ hour: there.hour, minute: there.minute });
        expect(instantAt(day, minute, zone)).toBe(
          local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('counts days and weekdays as the calendar library does', () => {
    const days = fc.integer({ min: -40_000, max: 40_000 });
    fc.assert(
      fc.property(days, fc.integer({ min: -800, max: 800 }), (since, more) => {
        const date = Temporal.PlainDate.from('2026-01-01').add({ days: since });
        expect(addDays(date.toString(), more)).toBe(date.add({ days: more }).toString());
        expect(weekdayOf(date.toString())).toBe(date.dayOfWeek);
      }),
    );
    expect(addDays('9999-12-31', 1)).toBe('+010000-01-01');
  });

  it('goes on as much later where the clock skips a time', () => {
    expect(instantAt('2026-03-29', 150, amsterdam)).toBe(utc('2026-03-29T01:30'));
    expect(minuteOfDay(instantAt('2026-03-29', 150, amsterdam), amsterdam)).toBe(210);
    expect(instantAt('2026-03-29', 90, london)).toBe(utc('2026-03-29T01:30'));
    expect(minuteOfDay(instantAt('2026-10-04', 135, lordHowe), lordHowe)).toBe(165);
  });

  it('takes the first where the clock shows a time twice', () => {
    expect(instantAt('2026-10-25', 150, amsterdam)).toBe(utc('2026-10-25T00:30'));
    expect(instantAt('2026-10-25', 90, london)).toBe(utc('2026-10-25T00:30'));
    expect(instantAt('2026-04-05', 105, lordHowe)).toBe(utc('2026-04-04T14:45'));
  });

  it('is right before, at and after both changes', () => {
    expect(instantAt('2026-03-29', 119, amsterdam)).toBe(utc('2026-03-29T00:59'));
    expect(instantAt('2026-03-29', 180, amsterdam)).toBe(utc('2026-03-29T01:00'));
    expect(instantAt('2026-10-25', 180, amsterdam)).toBe(utc('2026-10-25T02:00'));
    expect(instantAt('2026-10-25', 1440, amsterdam)).toBe(utc('2026-10-25T23:00'));
  });

  it('knows how long the days are on which the clock is changed', () => {
    const lengths = (zone: string, ...days: string[]) => days.map((day) => dayLengthMinutes(day, zone));
    expect(lengths(amsterdam, '2026-03-28', '2026-03-29', '2026-10-25')).toEqual([1440, 1380, 1500]);
    expect(lengths(london, '2026-03-29', '2026-10-25')).toEqual([1380, 1500]);
    expect(lengths(lordHowe, '2026-10-04', '2026-04-05')).toEqual([1410, 1470]);
  });

  it('starts a day whose midnight is skipped with its first instant', () => {
    const day = '2026-09-06';
    expect(dayLengthMinutes(day, 'America/Santiago')).toBe(1380);
    expect(minuteOfDay(startOfDay(day, 'America/Santiago'), 'America/Santiago')).toBe(60);
    expect(localDay(startOfDay(day, 'America/Santiago'), 'America/Santiago')).toBe(day);
    expect(localDay(startOfDay(day, 'America/Santiago') - 1, 'America/Santiago')).toBe('2026-09-05');
  });

  it('goes through leap days and New Year day by day', () => {
    expect(daysBetween('2028-02-27', '2028-03-02')).toEqual(['2028-02-27', '2028-02-28', '2028-02-29', '2028-03-01']);
    expect(daysBetween('2026-12-30', '2027-01-02')).toEqual(['2026-12-30', '2026-12-31', '2027-01-01']);
    expect(daysBetween('2026-12-30', '2026-12-30')).toEqual([]);
    expect([localDay(utc('2026-12-31T22:59'), amsterdam), localDay(utc('2026-12-31T23:00'), amsterdam)]).toEqual([
      '2026-12-31',
      '2027-01-01',
    ]);
    expect(weekdayOf('2028-02-29')).toBe(2);
    expect([weekdayOf('2026-11-23'), weekdayOf('2026-11-29')]).toEqual([1, 7]);
  });

  it('refuses what is no day, no minute of a day or no zone', () => {
    for (const minute of [-1, 1441, Number.NaN])
      expect(() => instantAt('2026-01-01', minute, amsterdam)).toThrow(RangeError);
    expect(() => startOfDay('2027-02-29', amsterdam)).toThrow(RangeError);
    expect(() => startOfDay('2027-02-28', 'Europe/Nowhere')).toThrow(RangeError);
  });

  it('finds the next clock change, and none where there are none', () => {
    expect(nextClockChange(utc('2026-11-24T09:00'), amsterdam)).toBe(utc('2027-03-28T01:00'));
    expect(nextClockChange(utc('2026-11-24T09:00'), 'UTC')).toBe(null);
  });

  it('answers the same after it has forgotten its oldest days', () => {
    const before = startOfDay('2026-11-24', london);
    for (const day of daysBetween('2001-01-01', '2013-01-01')) startOfDay(day, london);
    expect(startOfDay('2026-11-24', london)).toBe(before);
  });
});
