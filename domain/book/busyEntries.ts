import type { Sql } from 'postgres';
import type { Stretch } from './rules/stretches.ts';

export interface BusyWish {
  locationId: string;
  providerId: string;
  chairIds: string[];
  from: Date;
  until: Date;
  /** Whose own hold does not count. */
  bookingId: string | null;
}

/**
 * Adds to the provider, the location and each chair what it has, from the entries themselves: where the days have not been
 * written out. Holds that ran out do not count. Appointments are shorter than a day; blocks may have begun a month before,
 * anywhere.
 */
export async function addBusyEntries(
  sql: Sql,
  places: ReadonlyMap<string, Stretch[]>,
  { locationId, providerId, chairIds, from, until, bookingId }: BusyWish,
): Promise<void> {
  const dayBefore = new Date(from.getTime() - 86_400_000);
  const monthBefore = new Date(from.getTime() - 32 * 86_400_000);
  const entries = await sql<Entry[]>`
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
    select provider_id as "providerId", chair_id as "chairId", starts_at as "startsAt", ends_at as "endsAt" from busy
    where ends_at > ${from} and (status <> 'held' or (held_until > now() and booking_id is distinct from ${bookingId}))`;
  for (const { providerId: provider, chairId: chair, startsAt, endsAt } of entries) {
    const stretch = { from: startsAt.getTime(), until: endsAt.getTime() };
    for (const id of provider || chair ? [provider, chair] : [locationId]) if (id) places.get(id)?.push(stretch);
  }
}

interface Entry {
  providerId: string | null;
  chairId: string | null;
  startsAt: Date;
  endsAt: Date;
}
