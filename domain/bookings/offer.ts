import { sql as query } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { standsDuring } from '../book/claim.ts';
import { gapsIn } from '../book/gaps.ts';
import { type Availability, availabilityOf } from '../book/rules/availability.ts';
import { firstAllowedDay } from '../book/rules/interval.ts';
import { addDays, instantAt, localDay, weekdayOf } from '../book/rules/localTime.ts';
import { offeredStarts } from '../book/rules/offers.ts';
import { openingsOf } from '../book/rules/openings.ts';
import { patientsTimes } from '../book/standing.ts';
import type { Booking } from './bookings.ts';
import type { Requirement } from './requirement.ts';

const quarterMs = 15 * 60_000;
const rasterMs = 5 * 60_000;
const pageDays = 14;

/** The days a patient may choose from, as it stands now. */
export function windowOf(booking: Pick<Booking, 'visitDay'>, requirement: Requirement): Availability {
  const { timeZone, intervalDays, daysAhead, earliestNoticeMinutes } = requirement;
  return availabilityOf({
    now: Date.now(),
    zone: timeZone,
    firstAllowedDay: firstAllowedDay(booking.visitDay, intervalDays),
    daysAhead,
    earliestNoticeMinutes,
  });
}

/** A page of what a patient may choose from; starts are sorted, epoch milliseconds. */
export interface Offer {
  starts: number[];
  /** The very next of all; none on a page before which there may be others. */
  soonest: number[];
  /** The first days of the pages around it. */
  earlierFrom: string | null;
  laterFrom: string | null;
}

type WhoseOffer = Pick<Booking, 'id' | 'patientId' | 'visitDay' | 'locationId'>;

/**
 * Two weeks from a day on; where no day of the window is given, the first two weeks that have any time, with one search for
 * each. Neither times nor pages where the provider is not bookable online, or not any more.
 */
export async function offerFrom(
  sql: Sql,
  booking: WhoseOffer,
  requirement: Requirement,
  from: string | null,
): Promise<Offer> {
  if (!requirement.bookableOnline || requirement.minutes === 0)
    return { starts: [], soonest: [], earlierFrom: null, laterFrom: null };
  const window = windowOf(booking, requirement);
  const asked = from && from > window.fromDay && from < window.untilDay ? from : null;
  let fromDay = asked ?? window.fromDay;
  for (;;) {
    const untilDay = addDays(fromDay, pageDays);
    const laterFrom = untilDay < window.untilDay ? untilDay : null;
    const starts = await offeredTimes(sql, booking, requirement, { fromDay, untilDay });
    if (asked) {
      const earlier = addDays(asked, -pageDays);
      return { starts, soonest: [], earlierFrom: earlier > window.fromDay ? earlier : window.fromDay, laterFrom };
    }
    if (starts.length > 0 || !laterFrom) return { starts, soonest: starts.slice(0, 3), earlierFrom: null, laterFrom };
    fromDay = laterFrom;
  }
}

/** The starts offered to the patient over some days of the window, sorted; epoch milliseconds. */
export async function offeredTimes(
  sql: Sql,
  booking: WhoseOffer,
  requirement: Requirement,
  days: { fromDay: string; untilDay: string },
): Promise<number[]> {
  const window = windowOf(booking, requirement);
  const fromDay = days.fromDay > window.fromDay ? days.fromDay : window.fromDay;
  const untilDay = days.untilDay < window.untilDay ? days.untilDay : window.untilDay;
  if (fromDay >= untilDay || !requirement.providerId || requirement.minutes === 0) return [];
  const gaps = await gapsIn(sql, {
    locationId: booking.locationId,
    providerId: requirement.providerId,
    chairIds: requirement.onlineChairIds,
    minutes: requirement.minutes,
    timeZone: requirement.timeZone,
    fromDay,
    untilDay,
    notBefore: window.notBefore,
    bookingId: booking.id,
    patientBusy: await patientsTimes(sql, booking, { fromDay, untilDay, timeZone: requirement.timeZone }),
  });
  return offeredStarts(gaps, {
    length: requirement.minutes * 60_000,
    shortestUseful: requirement.shortestUsefulMinutes * 60_000,
    noonOf: (start) => instantAt(localDay(start, requirement.timeZone), 12 * 60, requirement.timeZone),
    most: 4,
  });
}

/**
 * Whether a start lies in the patient's window and in the provider's hours; whether it is free is for `claim` to judge.
 * Any such start is good, not only the few that are shown, since what was offered may have shifted; but the appointment
 * begins or ends on the five-minute raster, or flush with the hours or with what stands there: the book is not fragmented.
 */
export async function isOffered(tx: Tx, booking: Booking, requirement: Requirement, startsAt: Date): Promise<boolean> {
  const start = startsAt.getTime();
  const { timeZone, minutes, providerId } = requirement;
  if (!requirement.bookableOnline || minutes === 0) return false;
  const window = windowOf(booking, requirement);
  const day = localDay(start, timeZone);
  if (start < window.notBefore - 2 * quarterMs || day < window.fromDay || day >= window.untilDay) return false;
  // An appointment may go on over midnight where nothing closes.
  const weekdays = query`(${weekdayOf(day)}, ${weekdayOf(addDays(day, 1))})`;
  const rows = (await tx.execute(query`
    select 'working' as of, weekday, from_minute as "fromMinute", until_minute as "untilMinute" from working_hours
    where provider_id = ${providerId} and location_id = ${booking.locationId} and weekday in ${weekdays}
    union all
    select 'opening', weekday, from_minute, until_minute from opening_hours
    where location_id = ${booking.locationId} and weekday in ${weekdays}`)) as unknown as {
    of: 'working' | 'opening';
    weekday: number;
    fromMinute: number;
    untilMinute: number;
  }[];
  const weekly = (of: string) => rows.filter((row) => row.of === of);
  const end = start + minutes * 60_000;
  const opening = openingsOf(weekly('working'), weekly('opening'), day, addDays(day, 2), timeZone).find(
    ({ from, until }) => from <= start && end <= until,
  );
  if (!opening) return false;
  if (start % rasterMs === 0 || end % rasterMs === 0 || start === opening.from || end === opening.until) return true;
  return isFlush(tx, booking, providerId!, [startsAt, new Date(end)]);
}

/** Whether a time begins where something of the provider's, the location's or the patient's ends, or ends where it begins. */
async function isFlush(
  tx: Tx,
  { locationId, patientId }: Booking,
  providerId: string,
  [startsAt, endsAt]: [Date, Date],
): Promise<boolean> {
  const touching = { startsAt: new Date(startsAt.getTime() - 1), endsAt: new Date(endsAt.getTime() + 1) };
  const rows = await tx.execute(query`
    select from book_entries e
    where ${standsDuring('e', touching)} and (e.provider_id = ${providerId} or e.location_id = ${locationId} or e.patient_id = ${patientId})
      and (e.ends_at = ${startsAt.toISOString()}::timestamptz or e.starts_at = ${endsAt.toISOString()}::timestamptz)
    limit 1`);
  return rows.length > 0;
}
