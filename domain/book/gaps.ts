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

/** Holds that ran out do not count. Appointments are shorter than a day; blocks may have begun a month before, anywhere. */
async function readBusy(
  sql: Sql,
  { locationId, providerId, chairIds, fromDay, untilDay, timeZone, bookingId }: GapWish,
): Promise<Busy> {
  const from = new Date(startOfDay(fromDay, timeZone));
  const until = new Date(startOfDay(untilDay, timeZone));
  const dayBefore = new Date(from.getTime() - 86_400_000);
  const monthBefore = new Date(from.getTime() - 32 * 86_400_000);
  const [row] = await sql<{ working: Triple[]; opening: Triple[]; busy: string | null }[]>`
    with busy as (
      select provider_id, chair_id, starts_at, ends_at, status, held_until, booking_id from book_entries
      where location_id = ${locationId} and (provider_id = ${providerId} or chair_id = any(${chairIds}))
        and status not in ('cancelled', 'released', 'lapsed') and starts_at >= ${dayBefore} and starts_at < ${until}
      union all
      select provider_id, chair_id, starts_at, ends_at, status, held_until, booking_id from book_entries
      where provider_id = ${providerId} and location_id <> ${locationId}
        and status not in ('cancelled', 'released', 'lapsed') and starts_at >= ${dayBefore} and starts_at < ${until}
      union all
      select provider_id, chair_id, starts_at, ends_at, status, held_until, booking_id from book_entries
      where kind = 'block' and provider_id = ${providerId} and status <> 'cancelled'
        and starts_at >= ${monthBefore} and starts_at < ${until}
      union all
      select provider_id, chair_id, starts_at, ends_at, status, held_until, booking_id from book_entries
      where kind = 'block' and location_id = ${locationId} and provider_id is null and status <> 'cancelled'
        and (chair_id is null or chair_id = any(${chairIds})) and starts_at >= ${monthBefore} and starts_at < ${until})
    select
      (select coalesce(json_agg(json_build_array(weekday, from_minute, until_minute)), '[]') from working_hours
        where provider_id = ${providerId} and location_id = ${locationId}) as working,
      (select coalesce(json_agg(json_build_array(weekday, from_minute, until_minute)), '[]') from opening_hours
        where location_id = ${locationId}) as opening,
      (select string_agg(concat_ws(',', coalesce(provider_id = ${providerId}, chair_id is null)::int,
          coalesce(array_position(${chairIds}::uuid[], chair_id), 0), date_part('epoch', starts_at), date_part('epoch', ends_at)), ',')
        from busy
        where ends_at > ${from} and (status <> 'held' or (held_until > now() and booking_id is distinct from ${bookingId}))) as busy`;
  const provider: Stretch[] = [];
  const chairs = new Map<string, Stretch[]>(chairIds.map((id) => [id, []]));
  // Four numbers for each entry: the provider's or not, the how-many-eth of the chairs or 0, and from when until when.
  const numbers = JSON.parse(`[${row!.busy ?? ''}]`) as number[];
  for (let i = 0; i < numbers.length; i += 4) {
    const stretch = { from: numbers[i + 2]! * 1000, until: numbers[i + 3]! * 1000 };
    if (numbers[i] === 1) provider.push(stretch);
    if (numbers[i + 1]! > 0) chairs.get(chairIds[numbers[i + 1]! - 1]!)!.push(stretch);
  }
  return { working: row!.working.map(hours), opening: row!.opening.map(hours), provider, chairs };
}

type Triple = [number, number, number];
const hours = ([weekday, fromMinute, untilMinute]: Triple): WeeklyHours => ({ weekday, fromMinute, untilMinute });
