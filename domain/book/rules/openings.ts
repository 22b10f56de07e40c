import { daysBetween, instantAt, weekdayOf } from './localTime.ts';
import { joined, type Stretch } from './stretches.ts';

/** A weekly rule: ISO weekday, minutes after local midnight. */
export interface WeeklyHours {
  weekday: number;
  fromMinute: number;
  untilMinute: number;
}

/**
 * When a provider works at an open location, over local days from `fromDay` to `untilDay` (left out): the provider's weekly
 * hours within the location's. Sorted stretches, right on both nights of a clock change: hours that the clock skips are none.
 */
export function openingsOf(
  working: WeeklyHours[],
  opening: WeeklyHours[],
  fromDay: string,
  untilDay: string,
  zone: string,
): Stretch[] {
  const byWeekday = new Map<number, [number, number][]>();
  for (let weekday = 1; weekday <= 7; weekday++) byWeekday.set(weekday, minutesOf(working, opening, weekday));
  const stretches = daysBetween(fromDay, untilDay).flatMap((day) =>
    byWeekday
      .get(weekdayOf(day))!
      .map(([from, until]) => ({ from: instantAt(day, from, zone), until: instantAt(day, until, zone) })),
  );
  return joined(stretches);
}

function minutesOf(working: WeeklyHours[], opening: WeeklyHours[], weekday: number): [number, number][] {
  const shared: [number, number][] = [];
  for (const work of working.filter((hours) => hours.weekday === weekday)) {
    for (const open of opening.filter((hours) => hours.weekday === weekday)) {
      const from = Math.max(work.fromMinute, open.fromMinute);
      const until = Math.min(work.untilMinute, open.untilMinute);
      if (from < until) shared.push([from, until]);
    }
  }
  return shared.sort((a, b) => a[0] - b[0]);
}
