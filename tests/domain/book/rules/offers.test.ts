import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findGaps, type Gap } from '../../../../domain/book/rules/gaps.ts';
import { instantAt, localDay } from '../../../../domain/book/rules/localTime.ts';
import { type OfferRule, offeredStarts } from '../../../../domain/book/rules/offers.ts';

const zone = 'Europe/Amsterdam';
const minuteMs = 60_000;
const day = '2026-12-07';
const at = (time: string, of = day) => instantAt(of, Number(time.slice(0, 2)) * 60 + Number(time.slice(3)), zone);
const clock = (instant: number) =>
  new Date(instant).toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });

const noonOf = (start: number) => instantAt(localDay(start, zone), 12 * 60, zone);
const rule = (minutes: number, shortestUseful = 15): OfferRule => ({
  length: minutes * minuteMs,
  shortestUseful: shortestUseful * minuteMs,
  noonOf,
  most: 4,
});

/** Gaps of one chair between the appointments of a day, from `opening` to `closing`. */
function gapsBetween(minutes: number, opening: string, closing: string, ...taken: [string, string][]): Gap[] {
  const hours = { from: at(opening), until: at(closing) };
  const providerBusy = taken.map(([from, until]) => ({ from: at(from), until: at(until) }));
  return findGaps({
    openings: [hours],
    providerBusy,
    chairs: [{ id: 'A', busy: [] }],
    length: minutes * minuteMs,
    ...hours,
  });
}
const offered = (gaps: Gap[], offerRule: OfferRule) => offeredStarts(gaps, offerRule).map(clock);

describe('offers', () => {
  it('are four a half-day at most, spread over it', () => {
    const starts = offered(gapsBetween(45, '08:00', '17:00', ['12:00', '13:00']), rule(45));
    expect(starts).toEqual(['08:00', '09:00', '10:15', '11:15', '13:00', '14:00', '15:15', '16:15']);
  });

  it('are flush with the neighbouring appointment where the time before it would be too short for anybody', () => {
    const gaps = gapsBetween(40, '08:00', '12:00', ['08:00', '09:05'], ['09:55', '12:00']);
    expect(offered(gaps, rule(40))).toEqual(['09:05', '09:15']);
    const fits = gapsBetween(50, '08:00', '12:00', ['08:00', '09:05'], ['09:55', '12:00']);
    expect(offered(fits, rule(50))).toEqual(['09:05']);
    const wide = gapsBetween(30, '08:00', '12:00', ['08:00', '09:05'], ['10:20', '12:00']);
    expect(offered(wide, rule(30, 20))).toEqual(['09:05', '09:30', '09:50']);
  });

  it('still are made where every start leaves a useless remnant', () => {
    expect(offered(gapsBetween(30, '09:00', '09:35'), rule(30))).toEqual(['09:00', '09:05']);
  });

  it('count as a remnant only what no other chair makes useful', () => {
    const hours = { from: at('09:00'), until: at('12:00') };
    const half = (from: string, until: string) => [{ from: at(from), until: at(until) }];
    const chairs = [
      { id: 'A', busy: half('10:30', '12:00') },
      { id: 'B', busy: half('09:00', '09:10') },
    ];
    const gaps = findGaps({ openings: [hours], providerBusy: [], chairs, length: 90 * minuteMs, ...hours });
    expect(offered(gaps, rule(90))).not.toContain('09:10');
  });

  it('belong to the half-day in which they start, also where a gap reaches over noon', () => {
    const starts = offered(gapsBetween(60, '11:00', '14:00'), rule(60));
    expect(starts).toEqual(['11:00', '11:15', '11:30', '11:45', '12:00', '12:15', '12:45', '13:00']);
  });

  it('keep to the quarters of the clock on the nights it is changed', () => {
    const onNight = (of: string) => {
      const hours = { from: at('01:00', of), until: at('04:00', of) };
      const search = {
        openings: [hours],
        providerBusy: [],
        chairs: [{ id: 'A', busy: [] }],
        length: 30 * minuteMs,
        ...hours,
      };
      return offeredStarts(findGaps(search), rule(30)).map((start) => new Date(start).toISOString().slice(11, 16));
    };
    expect(onNight('2026-03-29')).toEqual(['00:00', '00:30', '01:00', '01:30']);
    expect(onNight('2026-10-25')).toEqual(['23:00', '00:15', '01:15', '02:30']);
  });

  const minute = (most: number) => fc.integer({ min: 0, max: most });
  const busy = fc.array(
    fc.tuple(minute(3 * 1440), minute(240)).map(([from, length]) => ({
      from: at('00:00') + from * minuteMs,
      until: at('00:00') + (from + length) * minuteMs,
    })),
    { maxLength: 12 },
  );
  const books = fc.record({
    providerBusy: busy,
    chairs: fc.array(busy, { minLength: 1, maxLength: 3 }),
    minutes: fc.integer({ min: 5, max: 300 }),
    shortest: fc.integer({ min: 0, max: 60 }),
    most: fc.integer({ min: 1, max: 5 }),
  });
  const openings = ['2026-12-07', '2026-12-08', '2026-12-09'].map((of) => ({
    from: at('07:35', of),
    until: at('18:10', of),
  }));

  it('always fit into a gap, are few, sorted and different, and no half-day that has a fitting start goes without', () => {
    fc.assert(
      fc.property(books, ({ providerBusy, chairs, minutes, shortest, most }) => {
        const length = minutes * minuteMs;
        const gaps = findGaps({
          openings,
          providerBusy,
          chairs: chairs.map((taken, i) => ({ id: `${i}`, busy: taken })),
          length,
          from: openings[0]!.from,
          until: openings[2]!.until,
        });
        const starts = offeredStarts(gaps, { ...rule(minutes, shortest), most });
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));

        const halfDay = (start: number) => `${localDay(start, zone)} ${start < noonOf(start)}`;
        const count = new Map<string, number>();
        for (const start of starts) {
          expect(gaps.some(({ from, until }) => from <= start && start + length <= until)).toBe(true);
          const flush = gaps.some(({ from, until }) => start === from || start + length === until);
          expect(flush || start % (15 * minuteMs) === 0).toBe(true);
          count.set(halfDay(start), (count.get(halfDay(start)) ?? 0) + 1);
        }
        expect(Math.max(0, ...count.values())).toBeLessThanOrEqual(most);

        const possible = new Set<string>();
        for (const { from, until } of gaps) {
          for (let start = from; start + length <= until; start += 5 * minuteMs) possible.add(halfDay(start));
        }
        for (const half of possible) expect(count.has(half)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('leave a useless remnant only in a half-day where every sensible start would', () => {
    fc.assert(
      fc.property(books, ({ providerBusy, minutes, shortest }) => {
        const length = minutes * minuteMs;
        const gaps = findGaps({
          openings,
          providerBusy,
          chairs: [{ id: 'A', busy: [] }],
          length,
          from: 0,
          until: openings[2]!.until,
        });
        const remnants = (start: number) => {
          const { from, until } = gaps.find((gap) => gap.from <= start && start + length <= gap.until)!;
          return [start - from, until - start - length].filter((left) => left > 0 && left < shortest * minuteMs).length;
        };
        const sensible = gaps.flatMap(({ from, until }) => {
          const quarters = [];
          for (let start = from; start + length <= until; start += minuteMs)
            if (start % (15 * minuteMs) === 0) quarters.push(start);
          return [from, until - length, ...quarters];
        });
        const halfDay = (start: number) => `${localDay(start, zone)} ${start < noonOf(start)}`;
        for (const start of offeredStarts(gaps, rule(minutes, shortest))) {
          const least = Math.min(...sensible.filter((other) => halfDay(other) === halfDay(start)).map(remnants));
          expect(remnants(start)).toBe(least);
        }
      }),
      { numRuns: 60 },
    );
  });
});
