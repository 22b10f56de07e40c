import { Temporal } from 'temporal-polyfill';

/**
 * Local days ('YYYY-MM-DD') and minutes after local midnight in a practice's zone, and the instants they stand for (epoch
 * milliseconds). A local time that a clock change skips means the moment as much later; one that comes twice means the first.
 */
const disambiguation = 'compatible';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export function localDay(instant: number, zone: string): string {
  return dayAround(instant, zone).day;
}

/** Minutes on the clock, 0 to 1439. */
export function minuteOfDay(instant: number, zone: string): number {
  const bounds = dayAround(instant, zone);
  if (isEven(bounds)) return Math.floor((instant - bounds.from) / minuteMs);
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return hour * 60 + minute;
}

/** Minutes after local midnight as the clock shows them: 570 is '09:30'. */
export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** `minute` counts on the clock from 0 to 1440; 1440 is the next day's midnight. @throws RangeError for other minutes */
export function instantAt(day: string, minute: number, zone: string): number {
  if (!(minute >= 0 && minute <= 24 * 60)) throw new RangeError(`No minute of a day: ${minute}`);
  const bounds = boundsOf(day, zone);
  if (minute === 24 * 60) return bounds.until;
  if (isEven(bounds)) return bounds.from + minute * minuteMs;
  const time = Temporal.PlainTime.from({ hour: Math.floor(minute / 60), minute: minute % 60 });
  const local = Temporal.PlainDate.from(day).toPlainDateTime(time);
  return local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
}

/** The day's first instant: not always midnight on the clock. */
export function startOfDay(day: string, zone: string): number {
  return boundsOf(day, zone).from;
}

/** The next instant at which the zone's clock is put forward or back; null where it never is again. */
export function nextClockChange(instant: number, zone: string): number | null {
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return local.getTimeZoneTransition('next')?.epochMilliseconds ?? null;
}

export function addDays(day: string, days: number): string {
  return dayInUtc(Date.parse(day) + days * dayMs);
}

/** From `from` to `until`, the latter left out. */
export function daysBetween(from: string, until: string): string[] {
  const days: string[] = [];
  for (let day = from; day < until; day = addDays(day, 1)) days.push(day);
  return days;
}

/** ISO: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(day).getUTCDay() || 7;
}

/** Local days need no zone for their arithmetic: in UTC every day has 24 hours. */
const dayInUtc = (instant: number) => new Date(instant).toISOString().slice(0, -'T00:00:00.000Z'.length);

interface Bounds {
  day: string;
  from: number;
  until: number;
}

/** Instants are asked of by the dozen for one day, so the last answer is tried first. */
let lastAsked: { zone: string; bounds: Bounds } | undefined;

function dayAround(instant: number, zone: string): Bounds {
  if (lastAsked?.zone === zone && instant >= lastAsked.bounds.from && instant < lastAsked.bounds.until)
    return lastAsked.bounds;
  let day = dayInUtc(instant);
  for (;;) {
    const bounds = boundsOf(day, zone);
    if (instant < bounds.from) day = addDays(day, -1);
    else if (instant >= bounds.until) day = addDays(day, 1);
    else {
      lastAsked = { zone, bounds };
      return bounds;
    }
  }
}

/** A zone's offset costs the calendar library 10 µs; some ten years of days are remembered, then it begins anew. */
const remembered = new Map<string, Bounds>();
const mostRemembered = 4096;

function boundsOf(day: string, zone: string): Bounds {
  const key = `${day} ${zone}`;
  const known = remembered.get(key);
  if (known) return known;
  const date = Temporal.PlainDate.from(day);
  const bounds = {
    day,
    from: date.toZonedDateTime({ timeZone: zone }).epochMilliseconds,
    until: date.add({ days: 1 }).toZonedDateTime({ timeZone: zone }).epochMilliseconds,
  };
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, bounds);
  return bounds;
}

/** Without a clock change: no zone puts its clock forward and back within one day. */
const isEven = ({ from, until }: Bounds) => until - from === dayMs;
