import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, localDay, minuteOfDay, startOfDay, weekdayOf } from '../../../../domain/book/rules/localTime.ts';
import { openingsOf, type WeeklyHours } from '../../../../domain/book/rules/openings.ts';

const amsterdam = 'Europe/Amsterdam';
const hours = (weekday: number, from: number, until: number): WeeklyHours => ({
  weekday,
  fromMinute: from * 60,
  untilMinute: until * 60,
});
const everyDay = (from: number, until: number) => [1, 2, 3, 4, 5, 6, 7].map((weekday) => hours(weekday, from, until));
const iso = (stretches: { from: number; until: number }[]) =>
  stretches.map(
    ({ from, until }) => `${new Date(from).toISOString().slice(0, 16)} ${new Date(until).toISOString().slice(0, 16)}`,
  );

describe('openings', () => {
  it("are the provider's hours within the location's", () => {
    const working = [hours(1, 8, 12), hours(1, 13, 18), hours(2, 8, 12)];
    const opening = [hours(1, 9, 17), hours(3, 9, 17)];
    expect(iso(openingsOf(working, opening, '2026-12-07', '2026-12-14', amsterdam))).toEqual([
      '2026-12-07T08:00 2026-12-07T11:00',
      '2026-12-07T12:00 2026-12-07T16:00',
    ]);
  });

  it('keep to the clock over the nights of a clock change', () => {
    const day = everyDay(9, 17);
    expect(iso(openingsOf(day, day, '2026-03-28', '2026-03-30', amsterdam))).toEqual([
      '2026-03-28T08:00 2026-03-28T16:00',
      '2026-03-29T07:00 2026-03-29T15:00',
    ]);
    expect(iso(openingsOf(day, day, '2026-10-24', '2026-10-26', 'Europe/London'))).toEqual([
      '2026-10-24T08:00 2026-10-24T16:00',
      '2026-10-25T09:00 2026-10-25T17:00',
    ]);
  });

  it('last as long as the night really is where they go through it', () => {
    const night = everyDay(1, 5);
    const length = (day: string) =>
      openingsOf(night, night, day, addDays(day, 1), amsterdam).map(({ from, until }) => (until - from) / 3_600_000);
    expect([length('2026-03-29'), length('2026-03-30'), length('2026-10-25')]).toEqual([[3], [4], [5]]);
  });

  it('are none in an hour that the clock skips', () => {
    expect(openingsOf(everyDay(2, 3), everyDay(0, 24), '2026-03-29', '2026-03-30', amsterdam)).toEqual([]);
  });

  it('go on over midnight, New Year and a leap day where nothing closes', () => {
    const always = everyDay(0, 24);
    expect(iso(openingsOf(always, always, '2026-12-31', '2027-01-02', amsterdam))).toEqual([
      '2026-12-30T23:00 2027-01-01T23:00',
    ]);
    expect(iso(openingsOf([hours(2, 9, 10)], always, '2028-02-28', '2028-03-02', amsterdam))).toEqual([
      '2028-02-29T08:00 2028-02-29T09:00',
    ]);
  });

  it('join rows that touch or overlap', () => {
    const working = [hours(1, 8, 12), hours(1, 12, 14), hours(1, 13, 15)];
    expect(iso(openingsOf(working, everyDay(0, 24), '2026-12-07', '2026-12-08', amsterdam))).toEqual([
      '2026-12-07T07:00 2026-12-07T14:00',
    ]);
  });

  it('hold exactly the minutes at which the clock shows working and opening hours', () => {
    const rows = fc.array(
      fc
        .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 24 }))
        .map(([weekday, from, length]) => hours(weekday, from, Math.min(24, from + length))),
      { maxLength: 12 },
    );
    const around = fc.constantFrom(
      ['2026-03-27', amsterdam],
      ['2026-10-23', 'Europe/London'],
      ['2026-12-30', 'Australia/Lord_Howe'],
    );
    fc.assert(
      fc.property(rows, rows, around, (working, opening, [day, zone]) => {
        const until = addDays(day!, 5);
        const openings = openingsOf(working, opening, day!, until, zone!);
        for (let instant = startOfDay(day!, zone!); instant < startOfDay(until, zone!); instant += 30 * 60_000) {
          const weekday = weekdayOf(localDay(instant, zone!));
          const minute = minuteOfDay(instant, zone!);
          const within = (weekly: WeeklyHours[]) =>
            weekly.some((row) => row.weekday === weekday && row.fromMinute <= minute && minute < row.untilMinute);
          const covered = openings.some((stretch) => stretch.from <= instant && instant < stretch.until);
          // Hours that end or begin within the hour that comes twice end and begin with its first coming.
          const twice =
            minuteOfDay(instant, zone!) !== minuteOfDay(instant - 3_600_000, zone!) + 60 &&
            minute < 180 &&
            minute >= 60;
          if (!twice) expect(covered).toBe(within(working) && within(opening));
        }
        openings.slice(1).forEach((stretch, i) => {
          expect(stretch.from).toBeGreaterThan(openings[i]!.until);
        });
      }),
      { numRuns: 50 },
    );
  });
});
