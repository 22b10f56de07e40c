import type { Sql } from 'postgres';
import { inside } from '../../drizzle/wall.ts';
import type { Staff } from '../acting.ts';
import type { AccessAct, AccessedPart } from '../people/access.ts';
import { patientName } from '../people/names.ts';
import type { Role } from '../people/users.ts';

export interface AccessRow {
  id: string;
  at: Date;
  userName: string;
  role: Role;
  patientId: string;
  patientNumber: number;
  patientName: string;
  what: AccessedPart;
  act: AccessAct;
  address: string;
}

/** Which lines of the log: local days, both included; null: of every patient, of every user. */
export interface AccessFilter {
  timeZone: string;
  fromDay: string;
  untilDay: string;
  patientId: string | null;
  userId: string | null;
}

const lines = (sql: Sql, { practiceId }: Staff, filter: AccessFilter, before: string | null) => sql`
  select a.id, a.at, u.name as "userName", a.role, a.patient_id as "patientId", p.number as "patientNumber",
    ${sql.unsafe(patientName('p'))} as "patientName", a.what, a.act, a.address
  from access_entries a join users u on u.id = a.user_id join patients p on p.id = a.patient_id
  where a.practice_id = ${practiceId}
    and a.at >= ${filter.fromDay}::date::timestamp at time zone ${filter.timeZone}
    and a.at < (${filter.untilDay}::date + 1)::timestamp at time zone ${filter.timeZone}
    ${filter.patientId ? sql`and a.patient_id = ${filter.patientId}` : sql``}
    ${filter.userId ? sql`and a.user_id = ${filter.userId}` : sql``}
    ${before ? sql`and (a.at, a.id) < (select b.at, b.id from access_entries b where b.practice_id = ${practiceId} and b.id = ${before})` : sql``}
  order by a.at desc, a.id desc`;

/** The newest lines, from `before` on; `more` when there are older ones. */
export async function readAccess(
  sql: Sql,
  by: Staff,
  filter: AccessFilter,
  { most, before }: { most: number; before: string | null },
): Promise<{ rows: AccessRow[]; more: boolean }> {
  const found = await sql<AccessRow[]>`${lines(sql, by, filter, before)} limit ${most + 1}`;
  return { rows: found.slice(0, most), more: found.length > most };
}

/** All lines, some hundreds at a time, for a file of any length; between two of them no connection is kept for a slow reader. */
export async function* everyAccess(sql: Sql, by: Staff, filter: AccessFilter): AsyncGenerator<AccessRow[]> {
  for (let before: string | null = null, more = true; more; ) {
    // Whoever reads the file asks for the next lines, long after the request's own work: it is said again for which practice.
    const asked: Parameters<typeof readAccess>[3] = { most: 500, before };
    const page: Awaited<ReturnType<typeof readAccess>> = await inside(by, () => readAccess(sql, by, filter, asked));
    yield page.rows;
    more = page.more;
    before = page.rows.at(-1)?.id ?? null;
  }
}

export interface AccessUser {
  id: string;
  name: string;
}

/** Everybody who may have opened a file, also those who were taken off since. */
export async function usersInLog(sql: Sql, { practiceId }: Staff): Promise<AccessUser[]> {
  return sql<
    AccessUser[]
  >`select id, name from users where practice_id = ${practiceId} order by active desc, users.name, id`;
}

export interface NumberedPatient {
  id: string;
  number: number;
  name: string;
}

export async function patientByNumber(
  sql: Sql,
  { practiceId }: Staff,
  number: number,
): Promise<NumberedPatient | null> {
  const [patient] = await sql<NumberedPatient[]>`
    select id, number, ${sql.unsafe(patientName('patients'))} as name
    from patients where practice_id = ${practiceId} and number = ${number}`;
  return patient ?? null;
}
