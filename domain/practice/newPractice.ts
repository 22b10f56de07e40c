import { and, eq, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { practices, users } from '../../drizzle/schema/index.ts';
import { audit } from '../audit.ts';
import { workAt } from '../people/users.ts';
import { Refusal } from '../refusal.ts';
import type { Week } from './hours.ts';
import { addLocation, type LocationDetails } from './locations.ts';
import type { Practice } from './practice.ts';
import { addFirstManager } from './users.ts';

/** What a practice can't begin without; its manager settles all else. */
export interface NewPractice {
  practice: Pick<Practice, 'name' | 'shortName' | 'phone' | 'email' | 'timeZone' | 'language' | 'emailSenderName'>;
  location: LocationDetails;
  week: Week;
  manager: { name: string; email: string };
}

/** Any number no one else locks: two may add the same practice at once. */
const additionLock = 7_346_295_003;

/** Whether a practice of this name is there, and this address signs in to it. */
export async function isPracticeOf(tx: Tx, name: string, email: string): Promise<boolean> {
  const [found] = await tx
    .select({ id: practices.id })
    .from(practices)
    .innerJoin(users, eq(users.practiceId, practices.id))
    .where(and(eq(practices.name, name), sql`lower(${users.email}) = lower(${email})`));
  return found !== undefined;
}

/**
 * Adds a practice with its first location, and the manager who goes on from there. Safe to repeat: where that manager has a
 * practice of this name, nothing is changed. Not for requests: behind the wall nobody adds a practice.
 * @returns whether it was added
 * @throws Refusal invalid at `timeZone` (unknown to the book), `name` (others have it) or `email` (signs in elsewhere)
 */
export async function addPractice(
  tx: Tx,
  { practice, location, week, manager }: NewPractice,
  passwordHash: string,
): Promise<boolean> {
  await tx.execute(sql`select pg_advisory_xact_lock(${additionLock})`);
  if (await isPracticeOf(tx, practice.name, manager.email)) return false;
  if (!(await isTimeZone(tx, practice.timeZone))) throw new Refusal('invalid', 'timeZone');
  const [namesake] = await tx.select({ id: practices.id }).from(practices).where(eq(practices.name, practice.name));
  if (namesake) throw new Refusal('invalid', 'name');
  const [added] = await tx.insert(practices).values(practice).returning({ id: practices.id });
  const practiceId = added!.id;
  await audit(tx, { practiceId, actor: 'system' }, 'practice.added');
  const userId = await addFirstManager(tx, practiceId, { ...manager, language: practice.language }, passwordHash);
  const first = { practiceId, userId };
  await workAt(tx, first, await addLocation(tx, first, location, week));
  return true;
}

/** By the name that both PostgreSQL and this process know: either reckons with it. */
async function isTimeZone(tx: Tx, name: string): Promise<boolean> {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    return false;
  }
  const [found] = await tx.execute<{ known: boolean }>(
    sql`select exists (select from pg_timezone_names where name = ${name}) as known`,
  );
  return found!.known;
}
