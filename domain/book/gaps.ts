import { LRUCache } from 'lru-cache';
import type { Sql } from 'postgres';
import { addBusyEntries } from './busyEntries.ts';
import { addBusy, isMarked } from './rules/busyDays.ts';
import { findGaps, type Gap } from './rules/gaps.ts';
import { startOfDay } from './rules/localTime.ts';
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
  /** What the patient has in the book already, wherever and with whomever. */
  patientBusy?: Stretch[];
}

/**
 * All gaps for a provider and some chairs over local days, from the book as it stands; one query and a sweep in memory. What
 * is asked for stands in a row of its own (`offset 0`), so that the query is planned once and not anew for each pair of days.
 */
export async function gapsIn(sql: Sql, wish: GapWish): Promise<Gap[]> {
  const { locationId, providerId, chairIds, fromDay, untilDay, timeZone, bookingId, patientBusy = [] } = wish;
  const from = startOfDay(fromDay, timeZone);
  const until = startOfDay(untilDay, timeZone);
  const [row] = await sql<Found[]>`
    select
      (select string_agg(busy, ' ') from busy_days
        where place_id in (wish.location_id, wish.provider_id) and day between wish.first_day and wish.last_day) as busy,
      (select array_agg(hours)::text from (
        select (weekday * 1441 + from_minute) * 1441 + until_minute as hours from opening_hours where location_id = wish.location_id
        union all
        select -((weekday * 1441 + from_minute) * 1441 + until_minute) from working_hours
        where provider_id = wish.provider_id and location_id = wish.location_id) as week) as hours
    from (
      select ${locationId}::uuid as location_id, ${providerId}::uuid as provider_id,
        ${utcDay(from)}::date as first_day, ${utcDay(until - 1)}::date as last_day
      offset 0) as wish`;
  const { busy, hours } = row!;
  const places = new Map<string, Stretch[]>([providerId, locationId, ...chairIds].map((id) => [id, []]));
  if (busy && isMarked(busy))
    await addBusyEntries(sql, places, { ...wish, from: new Date(from), until: new Date(until) });
  else if (busy) addBusy(busy, places, { now: Date.now(), bookingId });
  const elsewhere = [...places.get(locationId)!, ...patientBusy];
  return findGaps({
    openings: openingsBetween(hours, fromDay, untilDay, timeZone),
    providerBusy: elsewhere.length > 0 ? [...places.get(providerId)!, ...elsewhere] : places.get(providerId)!,
    chairs: chairIds.map((id) => ({ id, busy: places.get(id)! })),
    length: wish.minutes * 60_000,
    from: Math.max(wish.notBefore, from),
    until,
  });
}

interface Found {
  /** What the provider has, and the location with its chairs, on each day. */
  busy: string | null;
  /** The location's and, below zero, the provider's: weekday, first minute and last one in a number each. */
  hours: string | null;
}

const utcDay = (instant: number) => new Date(instant).toISOString().slice(0, 10);

/** The same hours over the same days always mean the same stretches, and many patients ask for the same. */
const remembered = new LRUCache<string, Stretch[]>({ max: 1024 });

function openingsBetween(hours: string | null, fromDay: string, untilDay: string, zone: string): Stretch[] {
  const key = `${hours} ${fromDay} ${untilDay} ${zone}`;
  const known = remembered.get(key);
  if (known) return known;
  const packed = hours ? (JSON.parse(`[${hours.slice(1, -1)}]`) as number[]) : [];
  const working = packed.filter((one) => one < 0).map((one) => unpacked(-one));
  const opening = packed.filter((one) => one > 0).map(unpacked);
  const openings = openingsOf(working, opening, fromDay, untilDay, zone);
  remembered.set(key, openings);
  return openings;
}

const unpacked = (hours: number): WeeklyHours => ({
  weekday: Math.floor(hours / 1441 / 1441),
  fromMinute: Math.floor(hours / 1441) % 1441,
  untilMinute: hours % 1441,
});
