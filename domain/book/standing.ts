import { sql } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { patientName, providerName } from '../people/names.ts';
import { standsDuring, uuids } from './claim.ts';
import { startOfDay } from './rules/localTime.ts';
import type { Stretch } from './rules/stretches.ts';

/** SQL, for drizzle's `sql.raw` and the client's `sql.unsafe` alike: an appointment that counts, neither cancelled nor stayed away from. */
export const standsInBook = (entry: string) =>
  `${entry}.kind = 'appointment' and ${entry}.status not in ('cancelled', 'did_not_attend')`;

interface Time {
  locationId: string;
  providerId: string;
  /** Permitted chairs, the preferred one first. */
  chairIds: string[];
  startsAt: Date;
  endsAt: Date;
}

/** What stands in a time that somebody wants. */
export interface Standing {
  startsAt: Date;
  endsAt: Date;
  kind: 'appointment' | 'hold' | 'block';
  patientName: string;
}

/**
 * The chairs in which a time could stand, as `claim` judges it, and those that are free while the provider is not; both in
 * order of preference. The entry that is being moved does not stand in its own way. Under the days' lock, after lapsing.
 */
export async function chairsFor(
  tx: Tx,
  time: Time,
  exceptEntryId: string | null,
): Promise<{ fitting: string[]; chairFree: string[] }> {
  const rows = (await tx.execute(sql`
    select wanted.chair_id as "chairId", (
      select coalesce(bool_or(other.chair_id = wanted.chair_id), false) from book_entries other
      where ${standsDuring('other', time)} and other.id is distinct from ${exceptEntryId}::uuid) as occupied,
      exists (
        select from book_entries other
        where ${standsDuring('other', time)} and other.id is distinct from ${exceptEntryId}::uuid
          and (other.provider_id = ${time.providerId} or other.chair_id = wanted.chair_id
            or (other.location_id = ${time.locationId} and other.provider_id is null and other.chair_id is null))) as hindered
    from unnest(${uuids(time.chairIds)}) with ordinality as wanted(chair_id, preference)
    order by wanted.preference`)) as unknown as { chairId: string; occupied: boolean; hindered: boolean }[];
  return {
    fitting: rows.filter(({ hindered }) => !hindered).map(({ chairId }) => chairId),
    chairFree: rows.filter(({ occupied }) => !occupied).map(({ chairId }) => chairId),
  };
}

/** What stands in the way of a time, for the warning before booking over it: the provider's entries, and the chair's where it is a certain one. */
export async function whatStands(tx: Tx, time: Time, exceptEntryId: string | null): Promise<Standing[]> {
  const chairId = time.chairIds.length === 1 ? time.chairIds[0]! : null;
  const rows = await tx.execute(sql`
    select e.starts_at as "startsAt", e.ends_at as "endsAt", e.kind,
      ${sql.raw(patientName('p'))} as "patientName"
    from book_entries e left join patients p on p.id = e.patient_id
    where ${standsDuring('e', time)} and e.id is distinct from ${exceptEntryId}::uuid
      and not (e.status = 'held' and e.held_until <= clock_timestamp())
      and (e.provider_id = ${time.providerId} or e.chair_id = ${chairId}::uuid
        or (e.location_id = ${time.locationId} and e.provider_id is null and e.chair_id is null))
    order by e.starts_at, e.id limit 10`);
  return (rows as unknown as (Omit<Standing, 'startsAt' | 'endsAt'> & { startsAt: string; endsAt: string })[]).map(
    (row) => ({
      ...row,
      startsAt: new Date(row.startsAt),
      endsAt: new Date(row.endsAt),
    }),
  );
}

/** What a patient has in the book already in a time that somebody wants for them, wherever and with whomever. */
export async function patientElsewhere(
  tx: Tx,
  { patientId, ...time }: { patientId: string; startsAt: Date; endsAt: Date },
  exceptEntryId: string | null,
): Promise<{ startsAt: Date; endsAt: Date; providerName: string }[]> {
  const rows = (await tx.execute(sql`
    select e.starts_at as "startsAt", e.ends_at as "endsAt", ${sql.raw(providerName('v'))} as "providerName"
    from book_entries e left join providers v on v.id = e.provider_id
    where e.patient_id = ${patientId} and ${standsDuring('e', time)} and e.id is distinct from ${exceptEntryId}::uuid
      and not (e.status = 'held' and e.held_until <= clock_timestamp())
    order by e.starts_at, e.id`)) as unknown as { startsAt: string; endsAt: string; providerName: string }[];
  return rows.map((row) => ({ ...row, startsAt: new Date(row.startsAt), endsAt: new Date(row.endsAt) }));
}

/** When a patient is in the book already from one local day to another (left out): none of it is a time to offer them. */
export async function patientsTimes(
  sql: Sql,
  { id, patientId }: { id: string; patientId: string },
  { fromDay, untilDay, timeZone }: { fromDay: string; untilDay: string; timeZone: string },
): Promise<Stretch[]> {
  const entries = await sql<{ startsAt: Date; endsAt: Date }[]>`
    select starts_at as "startsAt", ends_at as "endsAt" from book_entries
    where patient_id = ${patientId} and living and booking_id is distinct from ${id}
      and not (status = 'held' and held_until <= clock_timestamp())
      and starts_at < ${new Date(startOfDay(untilDay, timeZone))} and ends_at > ${new Date(startOfDay(fromDay, timeZone))}`;
  return entries.map(({ startsAt, endsAt }) => ({ from: startsAt.getTime(), until: endsAt.getTime() }));
}
