import { addDays, localDay } from './localTime.ts';

/** The local days a patient may choose from; `untilDay` is left out. And the first instant that leaves enough notice. */
export interface Availability {
  fromDay: string;
  untilDay: string;
  /** Epoch milliseconds. */
  notBefore: number;
}

export interface AvailabilityRule {
  /** Epoch milliseconds. */
  now: number;
  zone: string;
  /** By the booking interval. */
  firstAllowedDay: string;
  /** The provider's: how far ahead patients book, today not counted, and how long before an appointment at the latest. */
  daysAhead: number;
  earliestNoticeMinutes: number;
}

const quarterMs = 15 * 60_000;

/**
 * Where to look for gaps: from the first allowed day to the last day ahead, with enough notice, in whole quarters. With an
 * interval longer than the days ahead no day is left: `fromDay` is then not before `untilDay`.
 */
export function availabilityOf({
  now,
  zone,
  firstAllowedDay,
  daysAhead,
  earliestNoticeMinutes,
}: AvailabilityRule): Availability {
  const today = localDay(now, zone);
  const notBefore = Math.ceil((now + earliestNoticeMinutes * 60_000) / quarterMs) * quarterMs;
  const firstDay = localDay(notBefore, zone);
  return {
    fromDay: firstAllowedDay > firstDay ? firstAllowedDay : firstDay,
    untilDay: addDays(today, daysAhead + 1),
    notBefore,
  };
}
