import type { Sql } from 'postgres';
import { findGaps, type Gap } from './rules/gaps.ts';
import { addDays, startOfDay } from './rules/localTime.ts';
import { openingsOf, type WeeklyHours } from './rules/openings.ts';
import type { Stretch } from './rules/stretches.ts';

export interface GapWish {
  locationId: string;
  providerId: string;
  /** Permitted chairs, the preferred one first. */
  chairIds: string[];
  minutes: number;
  timeZone: string;
  /** Local days; `untilDay` is left out. */
  fromDay: string;
  untilDay: string;
  /** No start before this instant, epoch milliseconds. */
  notBefore: number;
  /** Whose own hold does not stand in the way. */
  bookingId: string | null;
}

/** All gaps for a provider and some chairs over local days, from the book as it stands; one query and a sweep in memory. */
export async function gapsIn(sql: Sql, wish: GapWish): Promise<Gap[]> {
  const { working, opening, provider, chairs } = await readBusy(sql, wish);
  return findGaps({
    openings: openingsOf(working, opening, wish.fromDay, wish.untilDay, wish.timeZone),
    providerBusy: provider,
    chairs: wish.chairIds.map((id) => ({ id, busy: chairs.get(id) ?? [] })),
    length: wish.minutes * 60_000,
    from: Math.max(wish.notBefore, startOfDay(wish.fromDay, wish.timeZone)),
    until: startOfDay(addDays(wish.untilDay, 1), wish.timeZone),
  });
}

interface Busy {
  working: WeeklyHours[];
  opening: WeeklyHours[];
  provider: Stretch[];
  chairs: Map<string, Stretch[]>;
}

/** Holds that ran out do not count. Appointments are shorter than a day; blocks may have begun a month before. */
async function readBusy(sql: Sql, { locationId, providerId, chairIds, fromDay, untilDay, timeZone, bookingId }: GapWish): Promise<Busy> {
  const from = new Date(startOfDay(fromDay, timeZone));
  const until = new Date(startOfDay(untilDay, timeZone));
  const dayBefore = new Date(from.getTime() - 86_400_000);
  const monthBefore = new Date(from.getTime() - 32 * 86_400_000);
  const [row] = await sql<{ working: Triple[]; opening: Triple[]; busy: [string | null, string | null, number, number][] }[]>`
    with busy as (
      select provider_id, chair_id, starts_at, ends_at, status, held_until, booking_id from book_entries
      where provider_id = ${providerId} and status not in ('cancelled', 'released', 'lapsed')
        and starts_at >= ${dayBefore} and starts_at < ${until}
      union all
      select provider_id, chair_id, starts_at, ends_at, status, held_until, booking_id from book_entries
      where chair_id = any(${chairIds}) and provider_id is distinct from ${providerId}
        and status not in ('cancelled', 'released', 'lapsed') and starts_at >= ${dayBefore} and starts_at < ${until}
      union all
      select provider_id, chair_id, starts_at, ends_at, status, held_until, booking_id from book_entries
      where kind = 'block' and location_id = ${locationId} and status not in ('cancelled', 'released', 'lapsed')
        and starts_at >= ${monthBefore} and starts_at < ${until}
        and (provider_id = ${providerId} or chair_id = any(${chairIds}) or (provider_id is null and chair_id is null)))
    select
      (select coalesce(json_agg(json_build_array(weekday, from_minute, until_minute)), '[]') from working_hours
        where provider_id = ${providerId} and location_id = ${locationId}) as working,
      (select coalesce(json_agg(json_build_array(weekday, from_minute, until_minute)), '[]') from opening_hours
        where location_id = ${locationId}) as opening,
      (select coalesce(json_agg(json_build_array(provider_id, chair_id,
          (extract(epoch from starts_at) * 1000)::bigint, (extract(epoch from ends_at) * 1000)::bigint)), '[]')
        from busy
        where ends_at > ${from} and (status <> 'held' or (held_until > now() and booking_id is distinct from ${bookingId}))) as busy`;
  const provider: Stretch[] = [];
  const chairs = new Map<string, Stretch[]>();
  for (const [providerOf, chairOf, start, end] of row!.busy) {
    const stretch = { from: start, until: end };
    if (providerOf === providerId || (providerOf === null && chairOf === null)) provider.push(stretch);
    if (chairOf !== null) chairs.set(chairOf, [...(chairs.get(chairOf) ?? []), stretch]);
  }
  return { working: row!.working.map(hours), opening: row!.opening.map(hours), provider, chairs };
}

type Triple = [number, number, number];
const hours = ([weekday, fromMinute, untilMinute]: Triple): WeeklyHours => ({ weekday, fromMinute, untilMinute });
