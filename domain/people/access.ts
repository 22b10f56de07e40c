import type { Sql } from 'postgres';
import type { Staff } from '../acting.ts';
import type { Role } from './users.ts';

/** What an id leads to a patient by. */
export type PatientReference = keyof ReturnType<typeof patientsBehind>;

/** What of a patient was opened; words of locales' `access.parts`. */
export type AccessedPart =
  | 'file'
  | 'contacts'
  | 'messages'
  | 'chart'
  | 'appointment'
  | 'departure'
  | 'departure_task'
  | 'follow_up'
  | 'booking'
  | 'access_log'
  | 'export'
  | 'erasure';

export type AccessAct = 'seen' | 'done' | 'refused';

export interface Access {
  by: Staff & { role: Role };
  what: AccessedPart;
  act: AccessAct;
  /** The network address that asked. */
  address: string;
  reference: PatientReference;
  id: string;
  /** Asked by the screen itself: noted once in so long as an unattended session may last, so that the line of who sits there stands. */
  unattended: boolean;
}

const patientsBehind = (sql: Sql) => ({
  patient: sql`select id, practice_id, id as patient_id from patients`,
  treatmentPlan: sql`select id, practice_id, patient_id from treatment_plans`,
  plannedAppointment: sql`select id, practice_id, patient_id from planned_appointments`,
  entry: sql`select id, practice_id, patient_id from book_entries`,
  departure: sql`select id, practice_id, patient_id from departures`,
  departureTask: sql`
    select t.id, t.practice_id, b.patient_id from departure_tasks t join bookings b on b.id = t.booking_id`,
  followUp: sql`select id, practice_id, patient_id from follow_ups`,
  booking: sql`select id, practice_id, patient_id from bookings`,
});

/**
 * Writes who opened which patient, in one statement; nothing where the id leads to no patient of the practice. The log is
 * only added to: the database refuses the rest.
 */
export async function noteAccess(sql: Sql, access: Access): Promise<void> {
  const { by, what, act, address, reference, id, unattended } = access;
  await sql`
    insert into access_entries (practice_id, user_id, role, patient_id, what, act, address)
    select o.practice_id, ${by.userId}, ${by.role}::role, o.patient_id, ${what}::text, ${act}::access_act, ${address}::text
    from (${patientsBehind(sql)[reference]}) o
    where o.practice_id = ${by.practiceId} and o.id = ${id} and o.patient_id is not null
    ${
      unattended
        ? sql`and not exists (
            select from access_entries e where e.patient_id = o.patient_id and e.user_id = ${by.userId}
              and e.what = ${what}::text and e.at > clock_timestamp() - interval '15 minutes')`
        : sql``
    }`;
}
