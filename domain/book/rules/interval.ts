import { addDays } from './localTime.ts';

/** The least time between this visit and the planned one: 1–7 days, 2, 3, 4 weeks. In days. */
export const bookingIntervals = [1, 2, 3, 4, 5, 6, 7, 14, 21, 28] as const;

/** The planned appointment's interval, else the practice's, else the next day. In days. */
export function intervalOf(planned: number | null, practice: number | null): number {
  return planned ?? practice ?? 1;
}

/** The first local day on which the planned appointment may be. */
export function firstAllowedDay(visitDay: string, intervalDays: number): string {
  return addDays(visitDay, intervalDays);
}
