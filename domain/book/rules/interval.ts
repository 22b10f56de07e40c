import { addDays } from './localTime.ts';

/** The least time between this visit and the planned one: 1–7 days, 2, 3, 4 weeks. In days. */
export const bookingIntervals = [1, 2, 3, 4, 5, 6, 7, 14, 21, 28] as const;

/** The first local day on which the planned appointment may be. */
export function firstAllowedDay(visitDay: string, intervalDays: number): string {
  return addDays(visitDay, intervalDays);
}
