import type { Sql } from 'postgres';
import type { Database } from '../../drizzle/database.ts';
import { gapsIn } from '../book/gaps.ts';
import type { Gap } from '../book/rules/gaps.ts';
import { firstAllowedDay } from '../book/rules/interval.ts';
import { addDays, localDay } from '../book/rules/localTime.ts';
import { patientsTimes } from '../book/standing.ts';
import { type Requirement, readRequirement } from './requirement.ts';

export interface DeskTimes {
  requirement: Requirement;
  days: { day: string; times: { startsAt: number; chairId: string; chairName: string }[] }[];
  /** The first day of the next page; null at the end of the year ahead. */
  laterFrom: string | null;
}

const pageDays = 14;
const quarterMs = 15 * 60_000;
const yearAhead = 366;

/**
 * Times that fit a booking at the desk: every quarter hour, each with the first chair that is free for the whole length. Those
 * of two weeks from a day on; by default the first two weeks that have any, from the first allowed day on. None with a
 * provider who no longer treats. Reception sees them all; the few and good ones are for patients.
 */
export async function deskTimes(
  database: Database,
  sql: Sql,
  booking: { bookingId: string; patientId: string; locationId: string; plannedAppointmentId: string; visitDay: string },
  from: string | null,
): Promise<DeskTimes> {
  const requirement = await readRequirement(database, booking);
  const { timeZone, providerId, providerActive, minutes, intervalDays } = requirement;
  const today = localDay(Date.now(), timeZone);
  const earliest = firstAllowedDay(booking.visitDay, intervalDays);
  if (!providerId || !providerActive || minutes === 0) return { requirement, days: [], laterFrom: null };

  const chairs = await sql<{ id: string; name: string }[]>`
    select id, name from chairs where location_id = ${booking.locationId} and active order by position, name`;
  let fromDay = [today, earliest, from ?? ''].sort().at(-1)!;
  for (;;) {
    const untilDay = addDays(fromDay, pageDays);
    const laterFrom = untilDay < addDays(today, yearAhead) ? untilDay : null;
    const gaps = await gapsIn(sql, {
      locationId: booking.locationId,
      providerId,
      chairIds: chairs.map(({ id }) => id),
      minutes,
      timeZone,
      fromDay,
      untilDay,
      notBefore: Math.ceil(Date.now() / quarterMs) * quarterMs,
      bookingId: booking.bookingId,
      patientBusy: await patientsTimes(sql, { ...booking, id: booking.bookingId }, { fromDay, untilDay, timeZone }),
    });
    const days = daysOf(gaps, minutes, timeZone, chairs);
    if (days.length > 0 || from || !laterFrom) return { requirement, days, laterFrom };
    fromDay = laterFrom;
  }
}

/** Every quarter hour at which the whole length fits, by day. */
function daysOf(
  gaps: Gap[],
  minutes: number,
  timeZone: string,
  chairs: { id: string; name: string }[],
): DeskTimes['days'] {
  const chairOf = new Map<number, string>();
  for (const gap of gaps) {
    for (
      let start = Math.ceil(gap.from / quarterMs) * quarterMs;
      start + minutes * 60_000 <= gap.until;
      start += quarterMs
    ) {
      if (!chairOf.has(start)) chairOf.set(start, gap.chairId);
    }
  }
  const days = new Map<string, DeskTimes['days'][number]['times']>();
  for (const [startsAt, chairId] of [...chairOf].sort((a, b) => a[0] - b[0])) {
    const day = localDay(startsAt, timeZone);
    const times = days.get(day) ?? [];
    days.set(day, times);
    times.push({ startsAt, chairId, chairName: chairs.find(({ id }) => id === chairId)!.name });
  }
  return [...days].map(([day, times]) => ({ day, times }));
}
