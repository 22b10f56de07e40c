import type { Sql } from 'postgres';
import { standsInBook } from '../book/standing.ts';
import { providerName } from '../people/names.ts';

/** A planned appointment of a patient, as the departure window shows it. */
export interface PlannedNow {
  id: string;
  description: string;
  note: string;
  providerId: string | null;
  providerName: string | null;
  intervalDays: number | null;
  toBeBooked: boolean;
  /** Expected Time set by hand, and the sum of the services' Estimated Times; minutes. */
  overrideMinutes: number | null;
  sumMinutes: number;
  /** The state of the effort under way; none where there is none. */
  openState: string | null;
  /** It has its appointment, to come or past: the window shows it no more. */
  inBook: boolean;
}

/** Every planned appointment of a patient, ticked or not, in the plan's order. */
export async function readPlannedNow(sql: Sql, practiceId: string, patientId: string): Promise<PlannedNow[]> {
  return sql<PlannedNow[]>`
    select a.id, a.description, a.note, a.provider_id as "providerId", ${sql.unsafe(providerName('v'))} as "providerName",
      a.interval_days as "intervalDays", a.to_be_booked as "toBeBooked", a.expected_minutes_override as "overrideMinutes",
      (select coalesce(sum(s.estimated_minutes), 0)::int from planned_services s where s.planned_appointment_id = a.id) as "sumMinutes",
      (select b.state from bookings b where b.planned_appointment_id = a.id and b.closed_at is null) as "openState",
      exists (select from book_entries e where e.planned_appointment_id = a.id and ${sql.unsafe(standsInBook('e'))}) as "inBook"
    from planned_appointments a
    join treatment_plans t on t.id = a.treatment_plan_id
    left join providers v on v.id = a.provider_id
    where a.practice_id = ${practiceId} and a.patient_id = ${patientId} and a.deleted_at is null
    order by t.created_at, a.position`;
}
