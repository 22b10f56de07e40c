import { and, asc, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { chairs, locations, patients, practices, providers } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { Refusal } from '../refusal.ts';

/** Whose zone counts. */
export async function timeZoneOf(tx: Tx, { practiceId }: Staff): Promise<string> {
  const [practice] = await tx
    .select({ timeZone: practices.timeZone })
    .from(practices)
    .where(eq(practices.id, practiceId));
  return practice!.timeZone;
}

/** A location's chairs, the one asked for alone, or all of them. @throws Refusal invalid at `chair`, also for another practice's */
export async function permittedChairs(
  tx: Tx,
  by: Staff,
  locationId: string,
  chairId: string | null,
): Promise<string[]> {
  const all = await tx
    .select({ id: chairs.id })
    .from(chairs)
    .where(and(eq(chairs.practiceId, by.practiceId), eq(chairs.locationId, locationId), chairs.active))
    .orderBy(asc(chairs.position), asc(chairs.name));
  const ids = all.map(({ id }) => id);
  if (chairId === null) return ids;
  if (!ids.includes(chairId)) throw new Refusal('invalid', 'chair');
  return [chairId];
}

/** @throws Refusal at `provider`: provider_inactive for who no longer treats, invalid for another practice's and for nobody */
export async function assertProvider(tx: Tx, by: Staff, providerId: string): Promise<void> {
  const [provider] = await tx
    .select({ active: providers.active })
    .from(providers)
    .where(and(eq(providers.id, providerId), eq(providers.practiceId, by.practiceId)));
  if (!provider) throw new Refusal('invalid', 'provider');
  if (!provider.active) throw new Refusal('provider_inactive', 'provider');
}

/** @throws Refusal not_found, also for another practice's */
export async function assertPatient(tx: Tx, by: Staff, patientId: string): Promise<void> {
  const [patient] = await tx
    .select({ id: patients.id })
    .from(patients)
    .where(and(eq(patients.id, patientId), eq(patients.practiceId, by.practiceId)));
  if (!patient) throw new Refusal('not_found');
}

/** @throws Refusal not_found, also for another practice's */
export async function assertLocation(tx: Tx, by: Staff, locationId: string): Promise<void> {
  const [location] = await tx
    .select({ id: locations.id })
    .from(locations)
    .where(and(eq(locations.id, locationId), eq(locations.practiceId, by.practiceId)));
  if (!location) throw new Refusal('not_found');
}

/** A location's chairs to choose from, in their order. */
export async function chairChoices(
  sql: Sql,
  { practiceId }: Staff,
  locationId: string,
): Promise<{ id: string; name: string }[]> {
  return sql<{ id: string; name: string }[]>`
    select id, name from chairs where practice_id = ${practiceId} and location_id = ${locationId} and active order by position, name`;
}
