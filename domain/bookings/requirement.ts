import { sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { Refusal } from '../refusal.ts';

/** What a planned appointment asks of the book, as it stands now. */
export interface Requirement {
  plannedAppointmentId: string;
  practiceId: string;
  patientId: string;
  /** Counts the changes of length, provider and interval. */
  version: number;
  toBeBooked: boolean;
  deleted: boolean;
  providerId: string | null;
  /** Expected Time in minutes; 0 means that none is known. */
  minutes: number;
  /** The planned appointment's own interval, else the practice's. */
  intervalDays: number;
  description: string;
  timeZone: string;
  appointmentWorkflow: boolean;
  /** Whether the provider is configured for online booking, and how. */
  bookableOnline: boolean;
  daysAhead: number;
  earliestNoticeMinutes: number;
  /** The practice's: what is left beside an appointment should be as long at least. */
  shortestUsefulMinutes: number;
  /** In order of preference. */
  onlineChairIds: string[];
}

/** Why the online booking button is not there. */
export type OnlineObstacle = 'no_appointment_workflow' | 'not_bookable_online' | 'no_expected_time';

/** @throws Refusal not_found */
export async function readRequirement(tx: Tx, plannedAppointmentId: string): Promise<Requirement> {
  const rows = await tx.execute(sql`
    select planned.id as "plannedAppointmentId", planned.practice_id as "practiceId", planned.patient_id as "patientId",
      planned.requirement_version as version, planned.to_be_booked as "toBeBooked", planned.deleted_at is not null as deleted,
      planned.provider_id as "providerId", planned.description,
      coalesce(planned.expected_minutes_override, (
        select coalesce(sum(estimated_minutes), 0)::int from planned_services where planned_appointment_id = planned.id)) as minutes,
      coalesce(planned.interval_days, practice.default_interval_days) as "intervalDays",
      practice.time_zone as "timeZone", practice.shortest_useful_minutes as "shortestUsefulMinutes",
      practice.appointment_workflow as "appointmentWorkflow",
      coalesce(online.bookable and provider.active, false) and cardinality(chairs.ids) > 0 as "bookableOnline",
      coalesce(online.days_ahead, 90) as "daysAhead", coalesce(online.earliest_notice_minutes, 0) as "earliestNoticeMinutes",
      chairs.ids as "onlineChairIds"
    from planned_appointments planned
    join practices practice on practice.id = planned.practice_id
    left join providers provider on provider.id = planned.provider_id
    left join provider_online_booking online on online.provider_id = planned.provider_id
    cross join lateral (
      select coalesce(array_agg(permitted.chair_id order by permitted.position, chair.position), '{}') as ids
      from provider_online_chairs permitted join chairs chair on chair.id = permitted.chair_id and chair.active
      where permitted.provider_id = planned.provider_id) as chairs
    where planned.id = ${plannedAppointmentId}`);
  const row = rows[0] as unknown as Requirement | undefined;
  if (!row) throw new Refusal('not_found');
  return row;
}

/** The first of the things that keep a planned appointment from being booked online; null where nothing does. */
export function onlineObstacle(
  requirement: Pick<Requirement, 'appointmentWorkflow' | 'bookableOnline' | 'minutes'>,
): OnlineObstacle | null {
  if (!requirement.appointmentWorkflow) return 'no_appointment_workflow';
  if (!requirement.bookableOnline) return 'not_bookable_online';
  if (requirement.minutes === 0) return 'no_expected_time';
  return null;
}
