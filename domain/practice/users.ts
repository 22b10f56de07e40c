import { and, eq, ne, sql } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { locations, practices, providers, sessions, users } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { type Actor, audit } from '../audit.ts';
import { providerName } from '../people/names.ts';
import type { Role } from '../people/users.ts';
import { Refusal } from '../refusal.ts';
import { changedFields } from './changes.ts';

export interface UserDetails {
  name: string;
  /** Signs in with it; no two users anywhere share one. */
  email: string;
  role: Role;
  language: 'en' | 'nl';
  providerId: string | null;
  /** The working location. */
  locationId: string | null;
  active: boolean;
}

export interface ListedUser extends UserDetails {
  id: string;
  provider: string | null;
  location: string | null;
}

/** Those who may sign in first, by name. */
export async function listUsers(sql: Sql, { practiceId }: Staff): Promise<ListedUser[]> {
  return sql<ListedUser[]>`
    select u.id, u.name, u.email, u.role, u.language, u.active, u.provider_id as "providerId", u.location_id as "locationId",
      nullif(${sql.unsafe(providerName('v'))}, '') as provider, l.name as location
    from users u left join providers v on v.id = u.provider_id left join locations l on l.id = u.location_id
    where u.practice_id = ${practiceId} order by u.active desc, u.name, u.id`;
}

/** @throws Refusal not_found */
export async function readUser(sql: Sql, by: Staff, userId: string): Promise<ListedUser> {
  const user = (await listUsers(sql, by)).find(({ id }) => id === userId);
  if (!user) throw new Refusal('not_found');
  return user;
}

/** @returns the id @throws Refusal not_allowed; invalid at `email` (taken), `providerId` or `locationId` */
export async function addUser(tx: Tx, by: Staff, details: UserDetails, passwordHash: string): Promise<string> {
  await lockManagers(tx, by);
  return writeUser(tx, by, details, passwordHash);
}

/** Whom a new practice begins with, and who adds all others. @returns the id @throws Refusal invalid at `email` (taken) */
export async function addFirstManager(
  tx: Tx,
  practiceId: string,
  details: Pick<UserDetails, 'name' | 'email' | 'language'>,
  passwordHash: string,
): Promise<string> {
  const manager = { ...details, role: 'manager' as const, providerId: null, locationId: null, active: true };
  return writeUser(tx, { practiceId, actor: 'system' }, manager, passwordHash);
}

async function writeUser(tx: Tx, by: Actor, details: UserDetails, passwordHash: string): Promise<string> {
  await assertDetails(tx, by, details, null);
  const [added] = await tx
    .insert(users)
    .values({ ...details, passwordHash, practiceId: by.practiceId })
    .returning({ id: users.id });
  await audit(tx, by, 'user.added', {}, { userId: added!.id, role: details.role });
  return added!.id;
}

/**
 * Changes a user; one who may no longer sign in is signed out at once. Nobody takes from themselves what a manager may, so a
 * practice keeps a manager. @returns whether sessions were ended
 * @throws Refusal not_found, not_allowed; invalid at `email`, `role`, `active`, `providerId` or `locationId`
 */
export async function changeUser(tx: Tx, by: Staff, userId: string, details: UserDetails): Promise<boolean> {
  await lockManagers(tx, by);
  const [before] = await tx.select().from(users).where(own(by, userId)).for('no key update');
  if (!before) throw new Refusal('not_found');
  const changed = changedFields(before, details);
  if (changed.length === 0) return false;
  if (userId === by.userId && details.role !== 'manager') throw new Refusal('invalid', 'role');
  if (userId === by.userId && !details.active) throw new Refusal('invalid', 'active');
  await assertDetails(tx, by, details, before);
  await tx.update(users).set(details).where(own(by, userId));
  await audit(tx, by, 'user.changed', {}, { userId, fields: changed.join(' '), role: details.role });
  if (details.active) return false;
  await tx.delete(sessions).where(eq(sessions.userId, userId));
  return true;
}

/**
 * Sets a password, and signs the user out everywhere but in the session that is kept (the acting manager's own, by the
 * SHA-256 of its id). @throws Refusal not_found, not_allowed
 */
export async function setPassword(
  tx: Tx,
  by: Staff,
  userId: string,
  passwordHash: string,
  keptSession: string,
): Promise<void> {
  await lockManagers(tx, by);
  const set = await tx.update(users).set({ passwordHash }).where(own(by, userId)).returning({ id: users.id });
  if (set.length === 0) throw new Refusal('not_found');
  await tx.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.idHash, keptSession)));
  await audit(tx, by, 'user.password_set', {}, { userId });
}

const own = ({ practiceId }: Staff, id: string) => and(eq(users.practiceId, practiceId), eq(users.id, id));

/** One change of users at a time, and only by who is a manager still: two can't take each other's role away. */
async function lockManagers(tx: Tx, { practiceId, userId }: Staff): Promise<void> {
  await tx.select({ id: practices.id }).from(practices).where(eq(practices.id, practiceId)).for('no key update');
  const [manager] = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.practiceId, practiceId), eq(users.id, userId), eq(users.role, 'manager'), users.active));
  if (!manager) throw new Refusal('not_allowed');
}

async function assertDetails(
  tx: Tx,
  { practiceId }: Pick<Staff, 'practiceId'>,
  { email, providerId, locationId }: UserDetails,
  before: { id: string } | null,
): Promise<void> {
  const [found] = await tx.execute<{ taken: boolean }>(
    sql`select signs_in_with(${email}, ${before?.id ?? null}) as taken`,
  );
  if (found!.taken) throw new Refusal('invalid', 'email');
  if (providerId !== null) {
    const [provider] = await tx
      .select({ id: providers.id })
      .from(providers)
      .where(and(eq(providers.practiceId, practiceId), eq(providers.id, providerId)));
    if (!provider) throw new Refusal('invalid', 'providerId');
  }
  if (locationId !== null) {
    const [location] = await tx
      .select({ id: locations.id })
      .from(locations)
      .where(and(eq(locations.practiceId, practiceId), eq(locations.id, locationId)));
    if (!location) throw new Refusal('invalid', 'locationId');
  }
}
