import { Temporal } from 'temporal-polyfill';

/**
 * Local days ('YYYY-MM-DD') and minutes after local midnight in a practice's zone, and the instants they stand for (epoch
 * milliseconds). A local time that a clock change skips means the moment as much later; one that comes twice means the first.
 */
const disambiguation = 'compatible';

const minuteMs = 60_000;

export function localDay(instant: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** Minutes on the clock, 0 to 1439. */
export function minuteOfDay(instant: number, zone: string): number {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return hour * 60 + minute;
}

/** `minute` counts on the clock from 0 to 1440; 1440 is the next day's midnight. */
export function instantAt(day: string, minute: number, zone: string): number {
  if (minute === 24 * 60) return startOfDay(addDays(day, 1), zone);
  const time = Temporal.PlainTime.from({ hour: Math.floor(minute / 60), minute: minute % 60 });
  const local = Temporal.PlainDate.from(day).toPlainDateTime(time);
  return local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
}

/** The day's first instant: not always midnight on the clock. */
export function startOfDay(day: string, zone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone }).epochMilliseconds;
}

export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** From `from` to `until`, the latter left out. */
export function daysBetween(from: string, until: string): string[] {
  const days: string[] = [];
  for (let day = from; day < until; day = addDays(day, 1)) days.push(day);
  return days;
}

/** ISO: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: string): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}

/** Real minutes from midnight to midnight: 1380 and 1500 on the nights of a clock change. */
export function minutesOfDay(day: string, zone: string): number {
  return (startOfDay(addDays(day, 1), zone) - startOfDay(day, zone)) / minuteMs;
}

export function isLocalDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text);
    return true;
  } catch {
    return false;
  }
}
