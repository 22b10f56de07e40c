import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantAt, minuteOfDay } from '../../../../domain/book/rules/localTime.ts';
import { earliestOutsideQuietHours, isAwake } from '../../../../domain/book/rules/quietHours.ts';

const amsterdam = 'Europe/Amsterdam';
const night = { fromMinute: 20 * 60, untilMinute: 8 * 60 };
const utc = (text: string) => Date.parse(`${text}Z`);
const iso = (instant: number) => new Date(instant).toISOString().slice(0, 19);

describe('quiet hours', () => {
  it('are waited out, on either side of midnight and of New Year', () => {
    expect(earliestOutsideQuietHours(instantAt('2026-12-31', 22 * 60, amsterdam), amsterdam, night)).toBe(
      instantAt('2027-01-01', 480, amsterdam),
    );
    expect(earliestOutsideQuietHours(instantAt('2027-01-01', 3 * 60, amsterdam), amsterdam, night)).toBe(
      instantAt('2027-01-01', 480, amsterdam),
    );
    expect(earliestOutsideQuietHours(instantAt('2028-02-28', 23 * 60, amsterdam), amsterdam, night)).toBe(
      instantAt('2028-02-29', 480, amsterdam),
    );
  });

  it('do not hold what answers somebody who acted within the last quarter of an hour', () => {
    const acted = utc('2026-12-07T22:30:00');
    expect(isAwake(acted, acted + 15 * 60_000 - 1)).toBe(true);
    expect(isAwake(acted, acted + 15 * 60_000)).toBe(false);
  });

  it('begin with their first minute and end before their last', () => {
    const at = (minute: number) => instantAt('2026-12-07', minute, amsterdam);
    expect(earliestOutsideQuietHours(at(20 * 60) - 1, amsterdam, night)).toBe(at(20 * 60) - 1);
    expect(earliestOutsideQuietHours(at(20 * 60), amsterdam, night)).toBe(instantAt('2026-12-08', 480, amsterdam));
    expect(earliestOutsideQuietHours(at(480) - 1, amsterdam, night)).toBe(at(480));
    expect(earliestOutsideQuietHours(at(480), amsterdam, night)).toBe(at(480));
  });

  it('may lie within a day', () => {
    const lunch = { fromMinute: 12 * 60, untilMinute: 13 * 60 };
    expect(earliestOutsideQuietHours(utc('2026-12-07T11:20:30'), amsterdam, lunch)).toBe(utc('2026-12-07T12:00'));
    expect(earliestOutsideQuietHours(utc('2026-12-07T12:00:30'), amsterdam, lunch)).toBe(utc('2026-12-07T12:00:30'));
    expect(earliestOutsideQuietHours(utc('2026-12-07T12:20:30'), amsterdam, lunch)).toBe(utc('2026-12-07T12:20:30'));
  });

  it('are none where both ends are equal', () => {
    const instant = utc('2026-12-07T02:00:01');
    for (const minute of [0, 480]) {
      expect(earliestOutsideQuietHours(instant, amsterdam, { fromMinute: minute, untilMinute: minute })).toBe(instant);
    }
  });

  it('end at the same time on the clock after a night in which it was changed', () => {
    expect(iso(earliestOutsideQuietHours(utc('2026-03-28T21:00'), amsterdam, night))).toBe('2026-03-29T06:00:00');
    expect(iso(earliestOutsideQuietHours(utc('2026-10-24T21:00'), amsterdam, night))).toBe('2026-10-25T07:00:00');
  });

  it('whose end the clock skips end with the change', () => {
    const quiet = { fromMinute: 60, untilMinute: 150 };
    expect(iso(earliestOutsideQuietHours(utc('2026-03-29T00:10'), amsterdam, quiet))).toBe('2026-03-29T01:00:00');
  });

  it('come back where the clock goes through their end twice', () => {
    const quiet = { fromMinute: 60, untilMinute: 150 };
    expect(iso(earliestOutsideQuietHours(utc('2026-10-25T00:10'), amsterdam, quiet))).toBe('2026-10-25T00:30:00');
    expect(iso(earliestOutsideQuietHours(utc('2026-10-25T01:10'), amsterdam, quiet))).toBe('2026-10-25T01:30:00');
  });

  it('end at the first instant that is not quiet, as a look at each single minute finds', () => {
    const minuteOfTheDay = fc.integer({ min: 0, max: 1439 });
    const nights = fc.constantFrom(
      ['2026-03-28T12:00', amsterdam],
      ['2026-10-24T12:00', 'Europe/London'],
      ['2026-04-04T03:00', 'Australia/Lord_Howe'],
      ['2026-12-31T12:00', amsterdam],
    );
    fc.assert(
      fc.property(
        minuteOfTheDay,
        minuteOfTheDay,
        fc.integer({ min: 0, max: 1800 }),
        nights,
        (fromMinute, untilMinute, later, [start, zone]) => {
          const instant = utc(start!) + later * 60_000;
          const isQuiet = (minute: number) =>
            fromMinute <= untilMinute
              ? minute >= fromMinute && minute < untilMinute
              : minute >= fromMinute || minute < untilMinute;
          let expected = instant;
          while (isQuiet(minuteOfDay(expected, zone!))) expected += 60_000;
          expect(earliestOutsideQuietHours(instant, zone!, { fromMinute, untilMinute })).toBe(expected);
        },
      ),
      { numRuns: 150 },
    );
  });
});
