import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { Refusal } from '../refusal.ts';

/** By table, every row of the patient, with the columns' own names. */
export type PatientExport = Record<string, Record<string, unknown>[]>;

/** How each table's rows belong to a patient. */
const theirs: Record<string, string> = {
  patients: 't.id = $2',
  treatment_plans: 't.patient_id = $2',
  planned_appointments: 't.patient_id = $2',
  planned_services: 't.planned_appointment_id in (select id from planned_appointments where patient_id = $2)',
  book_entries: 't.patient_id = $2',
  departures: 't.patient_id = $2',
  departure_tasks: 't.booking_id in (select id from bookings where patient_id = $2)',
  bookings: 't.patient_id = $2',
  booking_links: 't.booking_id in (select id from bookings where patient_id = $2)',
  follow_ups: 't.patient_id = $2',
  messages: 't.patient_id = $2',
  inbound_texts: 't.patient_id = $2',
  opt_outs: `(t.channel::text, t.contact) in (
    select 'sms', mobile from patients where id = $2 union all select 'email', lower(email) from patients where id = $2)`,
  audit_entries: 't.patient_id = $2',
  access_entries: 't.patient_id = $2',
};

/** What is the system's own, or would open something. */
const left = "array['practice_id', 'token_hash', 'key_id', 'during', 'living']";

/**
 * Everything that is kept of a patient, for the patient (AVG art. 15 and 20; who looked: Wabvpz art. 15e): read at one
 * instant, and noted. Colleagues and services stand by their ids and, in `names`, by their names.
 * @throws Refusal not_found
 */
export async function exportPatient(tx: Tx, sql: Sql, by: Staff, patientId: string): Promise<PatientExport> {
  const parts = Object.entries(theirs).map(
    ([table, where]) => `'${table}', (
      select coalesce(jsonb_agg(to_jsonb(t) - ${left}), '[]') from ${table} t where t.practice_id = $1 and ${where})`,
  );
  const [row] = await sql.unsafe<{ data: PatientExport }[]>(
    `select jsonb_build_object(${parts.join(',\n')}, 'names', (
      select jsonb_agg(n) from (
        select id, name from users where practice_id = $1 union all select id, name from providers where practice_id = $1
        union all select id, name from chairs where practice_id = $1 union all select id, name from locations where practice_id = $1
        union all select id, name_en from services where practice_id = $1) n)) as data`,
    [by.practiceId, patientId],
  );
  if (!row?.data.patients?.length) throw new Refusal('not_found');
  await audit(tx, by, 'patient.exported', { patientId });
  return row.data;
}
