import { clockOf } from '../book/rules/localTime.ts';
import type { WeeklyHours } from '../book/rules/openings.ts';

/** Minutes after local midnight, 0 to 1440; `untilMinute` is left out. */
export interface Period {
  fromMinute: number;
  untilMinute: number;
}

/** Seven days, Monday first; each has its periods in order. */
export type Week = Period[][];

export type HoursError = 'hours_format' | 'hours_order' | 'hours_overlap';

const time = String.raw`([01]?\d|2[0-3])[:.]([0-5]\d)|(24)[:.](00)`;
const period = new RegExp(`^(?:${time})\\s*[-–—]\\s*(?:${time})$`);

/**
 * Reads a day's hours as people write them: '8:00-12:30, 13:15-17:00'; empty means closed. Periods may touch but not overlap.
 * @returns the periods in order, or why it has none
 */
export function readPeriods(text: string): Period[] | HoursError {
  const periods: Period[] = [];
  for (const part of text.split(/[,;]/).map((one) => one.trim())) {
    if (part === '' && text.trim() === '') return [];
    const found = period
      .exec(part)
      ?.slice(1)
      .filter((digits) => digits !== undefined)
      .map(Number);
    if (!found) return 'hours_format';
    const [fromHour, fromRest, untilHour, untilRest] = found as [number, number, number, number];
    periods.push({ fromMinute: fromHour * 60 + fromRest, untilMinute: untilHour * 60 + untilRest });
  }
  if (periods.some(({ fromMinute, untilMinute }) => fromMinute >= untilMinute)) return 'hours_order';
  periods.sort((one, other) => one.fromMinute - other.fromMinute);
  return periods.some(({ fromMinute }, index) => index > 0 && fromMinute < periods[index - 1]!.untilMinute)
    ? 'hours_overlap'
    : periods;
}

/** As `readPeriods` reads it: '08:00–12:30, 13:15–17:00'. */
export const writePeriods = (periods: Period[]): string =>
  periods.map(({ fromMinute, untilMinute }) => `${clockOf(fromMinute)}–${clockOf(untilMinute)}`).join(', ');

export const weekOf = (rows: WeeklyHours[]): Week =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    rows
      .filter((row) => row.weekday === weekday)
      .map(({ fromMinute, untilMinute }) => ({ fromMinute, untilMinute }))
      .sort((one, other) => one.fromMinute - other.fromMinute),
  );

export const rowsOf = (week: Week): WeeklyHours[] =>
  week.flatMap((periods, index) => periods.map((one) => ({ ...one, weekday: index + 1 })));

/** The first ISO weekday on which two weeks overlap; null where none does. */
export function weekdayInBoth(one: Week, other: Week): number | null {
  const index = one.findIndex((periods, day) =>
    periods.some((a) => other[day]!.some((b) => a.fromMinute < b.untilMinute && b.fromMinute < a.untilMinute)),
  );
  return index < 0 ? null : index + 1;
}
