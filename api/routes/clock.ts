import { clockOf, minuteOfDay } from '../../domain/book/rules/localTime.ts';

/** The next full quarter of an hour; late in the evening the last one of the day. */
export const nextQuarter = (instant: number, zone: string): string =>
  clockOf(Math.min(23 * 60 + 45, Math.ceil((minuteOfDay(instant, zone) + 1) / 15) * 15));
