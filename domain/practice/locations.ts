import { and, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { locations, openingHours } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { changedFields } from './changes.ts';
import { rowsOf, type Week, weekOf } from './hours.ts';

export interface LocationDetails {
  name: string;
  street: string;
  postalCode: string;
  city: string;
  phone: string;
}

export interface Location extends LocationDetails {
  id: string;
  week: Week;
}

export interface ListedLocation extends LocationDetails {
  id: string;
  /** Those in use. */
  chairs: number;
  hasHours: boolean;
}

/** By name. */
export async function listLocations(sql: Sql, { practiceId }: Staff): Promise<ListedLocation[]> {
  return sql<ListedLocation[]>`
    select id, name, street, postal_code as "postalCode", city, phone,
      (select count(*)::int from chairs c where c.location_id = l.id and c.active) as chairs,
      exists (select from opening_hours o where o.location_id = l.id) as "hasHours"
    from locations l where practice_id = ${practiceId} order by name, id`;
}

/** @throws Refusal not_found */
export async function readLocation(tx: Tx, by: Staff, locationId: string): Promise<Location> {
  const [location] = await tx.select().from(locations).where(own(by, locationId));
  if (!location) throw new Refusal('not_found');
  const hours = await tx.select().from(openingHours).where(eq(openingHours.locationId, locationId));
  return { ...location, week: weekOf(hours) };
}

/** @returns its id */
export async function addLocation(tx: Tx, by: Staff, details: LocationDetails, week: Week): Promise<string> {
  const { practiceId } = by;
  const [added] = await tx
    .insert(locations)
    .values({ ...details, practiceId })
    .returning({ id: locations.id });
  await writeOpeningHours(tx, practiceId, added!.id, week);
  await audit(tx, by, 'location.added', {}, { locationId: added!.id });
  return added!.id;
}

/** Changes the address and the opening hours; appointments stay where they stand. @throws Refusal not_found */
export async function changeLocation(
  tx: Tx,
  by: Staff,
  locationId: string,
  details: LocationDetails,
  week: Week,
): Promise<void> {
  await tx.select({ id: locations.id }).from(locations).where(own(by, locationId)).for('no key update');
  const before = await readLocation(tx, by, locationId);
  const changed = changedFields<Location>(before, { ...details, week });
  if (changed.length === 0) return;
  await tx.update(locations).set(details).where(own(by, locationId));
  if (changed.includes('week')) await writeOpeningHours(tx, by.practiceId, locationId, week);
  await audit(tx, by, 'location.changed', {}, { locationId, fields: changed.join(' ') });
  await notifyLive(tx, by.practiceId, 'book');
}

async function writeOpeningHours(tx: Tx, practiceId: string, locationId: string, week: Week): Promise<void> {
  await tx.delete(openingHours).where(eq(openingHours.locationId, locationId));
  const rows = rowsOf(week).map((row) => ({ ...row, practiceId, locationId }));
  if (rows.length > 0) await tx.insert(openingHours).values(rows);
}

const own = ({ practiceId }: Staff, id: string) => and(eq(locations.practiceId, practiceId), eq(locations.id, id));
