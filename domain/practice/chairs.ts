import { and, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { chairs, locations } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { changedFields } from './changes.ts';

export interface ChairDetails {
  name: string;
  /** Its place among the chairs of its location. */
  position: number;
  active: boolean;
}

export interface ListedChair extends ChairDetails {
  id: string;
  locationId: string;
  location: string;
  /** Appointments still to come, and times that patients hold. */
  upcoming: number;
}

/** By location, then in order. */
export async function listChairs(sql: Sql, { practiceId }: Staff): Promise<ListedChair[]> {
  return sql<ListedChair[]>`
    select c.id, c.name, c.position, c.active, l.id as "locationId", l.name as location,
      (select count(*)::int from book_entries e where e.chair_id = c.id and e.kind <> 'block' and e.starts_at > now()
        and e.status not in ('cancelled', 'released', 'lapsed') and not (e.status = 'held' and e.held_until <= now())) as upcoming
    from chairs c join locations l on l.id = c.location_id
    where c.practice_id = ${practiceId} order by l.name, l.id, c.position, c.name, c.id`;
}

/** @throws Refusal not_found */
export async function readChair(sql: Sql, by: Staff, chairId: string): Promise<ListedChair> {
  const chair = (await listChairs(sql, by)).find(({ id }) => id === chairId);
  if (!chair) throw new Refusal('not_found');
  return chair;
}

/** A chair stays at its location. @returns its id @throws Refusal invalid at `locationId` */
export async function addChair(tx: Tx, by: Staff, locationId: string, details: ChairDetails): Promise<string> {
  const { practiceId } = by;
  const [location] = await tx
    .select({ id: locations.id })
    .from(locations)
    .where(and(eq(locations.practiceId, practiceId), eq(locations.id, locationId)));
  if (!location) throw new Refusal('invalid', 'locationId');
  const [added] = await tx
    .insert(chairs)
    .values({ ...details, practiceId, locationId })
    .returning({ id: chairs.id });
  await audit(tx, by, 'chair.added', {}, { chairId: added!.id });
  await notifyLive(tx, practiceId, 'book');
  return added!.id;
}

/** A chair that is no longer in use takes no new appointments; those that stand in it stay. @throws Refusal not_found */
export async function changeChair(tx: Tx, by: Staff, chairId: string, details: ChairDetails): Promise<void> {
  const own = and(eq(chairs.practiceId, by.practiceId), eq(chairs.id, chairId));
  const [before] = await tx.select().from(chairs).where(own).for('no key update');
  if (!before) throw new Refusal('not_found');
  const changed = changedFields(before, details);
  if (changed.length === 0) return;
  await tx.update(chairs).set(details).where(own);
  await audit(tx, by, 'chair.changed', {}, { chairId, fields: changed.join(' ') });
  await notifyLive(tx, by.practiceId, 'book', 'tasks');
}
