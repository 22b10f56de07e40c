import { minuteOfDay } from '../../domain/book/rules/localTime.ts';

/** Minutes after local midnight as 'HH:MM'. */
export const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** The next full quarter of an hour; late in the evening the last one of the day. */
export const nextQuarter = (instant: number, zone: string): string =>
  clock(Math.min(23 * 60 + 45, Math.ceil((minuteOfDay(instant, zone) + 1) / 15) * 15));
