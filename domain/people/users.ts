import { hash, verify } from '@node-rs/argon2';
import { and, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { locations, users } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { Refusal } from '../refusal.ts';

export type Role = 'provider' | 'receptionist' | 'manager';

/** Argon2id, with the least memory and time that OWASP recommends: 19 MiB, two rounds. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, cost);

/** Compared with where nobody has the address, so that the answer takes as long. */
let nobodysHash: Promise<string> | undefined;

/** The active user with this address and password, or null. Takes as long whether the address is known or not. */
export async function authenticate(
  sql: Sql,
  email: string,
  password: string,
): Promise<{ id: string; practiceId: string } | null> {
  nobodysHash ??= hashPassword('nobody');
  const [user] = await sql<{ id: string; practice_id: string; password_hash: string }[]>`
    select id, practice_id, password_hash from users where lower(email) = lower(${email.trim()}) and active`;
  const matches = await verify(user?.password_hash ?? (await nobodysHash), password);
  return user && matches ? { id: user.id, practiceId: user.practice_id } : null;
}

/** All that each staff page shows of its user and practice. */
export interface SignedIn {
  id: string;
  name: string;
  role: Role;
  language: 'en' | 'nl';
  providerId: string | null;
  locationId: string | null;
  practiceId: string;
  practiceName: string;
  timeZone: string;
  appointmentWorkflow: boolean;
  onlineAppointmentsTab: boolean;
  locations: { id: string; name: string }[];
  /** Open departure tasks by location: those without one are left out. */
  tasks: Record<string, number>;
  /** Open follow-ups of the practice. */
  followUps: number;
}

/** A session that is not over, and with it the user, where one is signed in and active. One read: every request makes it. */
export async function readSession<Data extends object>(
  sql: Sql,
  idHash: string,
): Promise<{ data: Data; user: SignedIn | undefined } | undefined> {
  const [row] = await sql<({ data: Data } & (SignedIn | { id: null }))[]>`
    select s.data, u.id, u.name, u.role, u.language, u.provider_id as "providerId", u.location_id as "locationId",
      p.id as "practiceId", p.name as "practiceName", p.time_zone as "timeZone",
      p.appointment_workflow as "appointmentWorkflow", p.online_appointments_tab as "onlineAppointmentsTab",
      coalesce((select json_agg(json_build_object('id', l.id, 'name', l.name) order by l.name, l.id) from locations l where l.practice_id = p.id), '[]') as locations,
      (select coalesce(json_object_agg(t.location_id, t.open), '{}') from (
        select location_id, count(*)::int as open from departure_tasks where practice_id = p.id and closed_at is null group by location_id) as t) as tasks,
      (select count(*)::int from follow_ups f where f.practice_id = p.id and f.closed_at is null) as "followUps"
    from sessions s left join (users u join practices p on p.id = u.practice_id) on u.id = s.user_id and u.active
    where s.id_hash = ${idHash} and s.expires_at > now()`;
  if (!row) return undefined;
  const { data, ...user } = row;
  return { data, user: user.id === null ? undefined : user };
}

/** Whether a session of this user is neither over, locked, nor idle for longer than `idleMs`. */
export async function isSessionAwake(sql: Sql, idHash: string, userId: string, idleMs: number): Promise<boolean> {
  const rows = await sql`
    select 1 from sessions s join users u on u.id = s.user_id
    where s.id_hash = ${idHash} and s.user_id = ${userId} and u.active and s.expires_at > now()
      and s.data ->> 'locked' is distinct from 'true' and (s.data ->> 'lastSeenAt')::bigint > ${Date.now() - idleMs}`;
  return rows.length > 0;
}

/** Null where there is no such user. */
export async function practiceOfUser(sql: Sql, userId: string): Promise<string | null> {
  const [user] = await sql<{ practiceId: string }[]>`
    select practice_id as "practiceId" from users where id = ${userId}`;
  return user?.practiceId ?? null;
}

export interface Colleague {
  id: string;
  email: string;
  name: string;
}

/** Who may take over a locked screen: the active users of the practice, and among them the one whose it is. */
export async function colleaguesOf(sql: Sql, userId: string): Promise<Colleague[]> {
  return sql<Colleague[]>`
    select c.id, c.email, c.name from users u join users c on c.practice_id = u.practice_id and c.active
    where u.id = ${userId} order by c.name, c.id`;
}

export async function setLanguage(tx: Tx, { practiceId, userId }: Staff, language: 'en' | 'nl'): Promise<void> {
  await tx
    .update(users)
    .set({ language })
    .where(and(eq(users.practiceId, practiceId), eq(users.id, userId)));
}

/** Chooses the location where the user works now. @throws Refusal not_found */
export async function workAt(tx: Tx, { practiceId, userId }: Staff, locationId: string): Promise<void> {
  const [location] = await tx
    .select({ id: locations.id })
    .from(locations)
    .where(and(eq(locations.practiceId, practiceId), eq(locations.id, locationId)));
  if (!location) throw new Refusal('not_found');
  await tx
    .update(users)
    .set({ locationId })
    .where(and(eq(users.practiceId, practiceId), eq(users.id, userId)));
}
