import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantAt, localDay, minuteOfDay } from '../../../../domain/book/rules/localTime.ts';
import { endOfDepartureDay, linkExpiry, reminderTimes } from '../../../../domain/book/rules/reminders.ts';

const zone = 'Europe/Amsterdam';
const hourMs = 3_600_000;
const night = { fromMinute: 20 * 60, untilMinute: 8 * 60 };
const at = (day: string, minute: number) => instantAt(day, minute, zone);

const sentAt = at('2026-12-28', 11 * 60);
const rule = { sentAt, expiresAt: linkExpiry(sentAt, 7, zone), afterDays: [2, 5], minute: 600, zone, quiet: night };

describe('reminders', () => {
  it('are due at their time of day, days after sending, across New Year', () => {
    expect(reminderTimes(rule)).toEqual([at('2026-12-30', 600), at('2027-01-02', 600)]);
  });

  it('keep their time of day over both clock changes and on a leap day', () => {
    const sent = (day: string, afterDays: number[]) => {
      const instant = at(day, 660);
      return reminderTimes({ ...rule, sentAt: instant, expiresAt: linkExpiry(instant, 14, zone), afterDays }).map(
        (time) => new Date(time).toISOString(),
      );
    };
    expect(sent('2026-03-27', [1, 2])).toEqual(['2026-03-28T09:00:00.000Z', '2026-03-29T08:00:00.000Z']);
    expect(sent('2026-10-23', [1, 2])).toEqual(['2026-10-24T08:00:00.000Z', '2026-10-25T09:00:00.000Z']);
    expect(sent('2028-02-27', [2])).toEqual(['2028-02-29T09:00:00.000Z']);
  });

  it('are sorted, and none comes twice', () => {
    expect(reminderTimes({ ...rule, afterDays: [5, 2, 5] })).toEqual([at('2026-12-30', 600), at('2027-01-02', 600)]);
  });

  it('wait for the end of the quiet hours', () => {
    expect(reminderTimes({ ...rule, afterDays: [2], minute: 21 * 60 })).toEqual([at('2026-12-31', 480)]);
    expect(reminderTimes({ ...rule, afterDays: [2], minute: 60 })).toEqual([at('2026-12-30', 480)]);
  });

  it('do not follow the link within twelve hours, nor come before it', () => {
    expect(reminderTimes({ ...rule, afterDays: [0], minute: 600 })).toEqual([]);
    expect(reminderTimes({ ...rule, sentAt: at('2026-12-28', 23 * 60), afterDays: [1] })).toEqual([]);
    expect(reminderTimes({ ...rule, sentAt: at('2026-12-28', 22 * 60), afterDays: [1] })).toEqual([
      at('2026-12-29', 600),
    ]);
  });

  it("still come on the link's last day, but not after its end", () => {
    expect(reminderTimes({ ...rule, afterDays: [7, 8] })).toEqual([at('2027-01-04', 600)]);
    expect(reminderTimes({ ...rule, afterDays: [7], minute: 22 * 60 })).toEqual([]);
  });

  it('lie between sending and expiry and outside the quiet hours, whatever the practice chose', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const sent = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2029-01-01') });
    const days = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 5 });
    fc.assert(
      fc.property(
        sent,
        fc.integer({ min: 1, max: 28 }),
        days,
        minute,
        minute,
        minute,
        (instant, validity, afterDays, due, fromMinute, untilMinute) => {
          const expiresAt = linkExpiry(instant, validity, zone);
          const times = reminderTimes({
            sentAt: instant,
            expiresAt,
            afterDays,
            minute: due,
            zone,
            quiet: { fromMinute, untilMinute },
          });
          expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
          for (const time of times) {
            expect(time - instant).toBeGreaterThanOrEqual(12 * hourMs);
            expect(time).toBeLessThan(expiresAt);
            const clock = minuteOfDay(time, zone);
            const quiet =
              fromMinute <= untilMinute
                ? clock >= fromMinute && clock < untilMinute
                : clock >= fromMinute || clock < untilMinute;
            expect(quiet).toBe(false);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("a link's expiry", () => {
  it('is the end of the local day, as many days later as it is valid', () => {
    expect(linkExpiry(at('2026-12-28', 0), 14, zone)).toBe(at('2027-01-12', 0));
    expect(linkExpiry(at('2026-12-28', 1439), 14, zone)).toBe(at('2027-01-12', 0));
    expect(localDay(linkExpiry(sentAt, 14, zone) - 1, zone)).toBe('2027-01-11');
    expect(localDay(linkExpiry(at('2028-02-15', 600), 14, zone) - 1, zone)).toBe('2028-02-29');
  });

  it('is local midnight on days of 23 and 25 hours', () => {
    expect(new Date(linkExpiry(at('2026-03-28', 600), 1, zone)).toISOString()).toBe('2026-03-29T22:00:00.000Z');
    expect(new Date(linkExpiry(at('2026-10-24', 600), 1, zone)).toISOString()).toBe('2026-10-25T23:00:00.000Z');
  });
});

describe("a departure's day", () => {
  it("ends at midnight in the practice's zone", () => {
    expect(new Date(endOfDepartureDay('2026-12-31', zone)).toISOString()).toBe('2026-12-31T23:00:00.000Z');
    expect(new Date(endOfDepartureDay('2026-12-31', 'America/New_York')).toISOString()).toBe(
      '2027-01-01T05:00:00.000Z',
    );
    expect(new Date(endOfDepartureDay('2026-10-25', zone)).toISOString()).toBe('2026-10-25T23:00:00.000Z');
    expect(new Date(endOfDepartureDay('2028-02-28', zone)).toISOString()).toBe('2028-02-28T23:00:00.000Z');
  });
});
