import { eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { practices } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { changedFields } from './changes.ts';

export type Practice = typeof practices.$inferSelect;

/** What a manager settles for the whole practice. The time zone is not among it: appointments stand at its times. */
export type PracticeDetails = Omit<Practice, 'id' | 'createdAt' | 'timeZone'>;

/** @throws Refusal not_found */
export async function readPractice(tx: Tx, { practiceId }: Staff): Promise<Practice> {
  const [practice] = await tx.select().from(practices).where(eq(practices.id, practiceId));
  if (!practice) throw new Refusal('not_found');
  return practice;
}

/** Days from a visit to the planned appointment that follows it, where the Chart says nothing else. */
export async function bookingIntervalOf(sql: Sql, practiceId: string): Promise<number> {
  const [practice] = await sql<{ days: number }[]>`
    select default_interval_days as days from practices where id = ${practiceId}`;
  return practice!.days;
}

/** Where only one practice lives here, it is whoever's of whom nothing is known. */
export async function onlyPractice(tx: Tx): Promise<Pick<Practice, 'name' | 'phone'> | null> {
  const [only, another] = await tx.select({ name: practices.name, phone: practices.phone }).from(practices).limit(2);
  return only && !another ? only : null;
}

/**
 * Changes the practice. What concerns links holds for those sent from now on; a link that is out keeps its expiry and its
 * reminders. @throws Refusal not_found
 */
export async function changePractice(tx: Tx, by: Staff, details: PracticeDetails): Promise<void> {
  const ours = eq(practices.id, by.practiceId);
  const [before] = await tx.select().from(practices).where(ours).for('no key update');
  if (!before) throw new Refusal('not_found');
  const changed = changedFields<Practice>(before, details);
  if (changed.length === 0) return;
  await tx.update(practices).set(details).where(ours);
  await audit(tx, by, 'practice.changed', {}, { fields: changed.join(' ') });
  // The switches and the interval stand behind what all of these screens offer.
  await notifyLive(tx, by.practiceId, 'book', 'tasks', 'followUp', 'online');
}
