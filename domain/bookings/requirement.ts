import { sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { Refusal } from '../refusal.ts';
import type { Booking } from './bookings.ts';

/** What a planned appointment asks of the book at a booking's location, as it stands now. */
export interface Requirement {
  plannedAppointmentId: string;
  practiceId: string;
  patientId: string;
  /** Counts the changes of length, provider and interval. */
  version: number;
  toBeBooked: boolean;
  deleted: boolean;
  providerId: string | null;
  /** Whether that provider still treats. */
  providerActive: boolean;
  /** Expected Time in minutes; 0 means that none is known. */
  minutes: number;
  /** The planned appointment's own interval, else the practice's. */
  intervalDays: number;
  description: string;
  timeZone: string;
  appointmentWorkflow: boolean;
  /** Whether the provider is configured for online booking at the location, and how. */
  bookableOnline: boolean;
  daysAhead: number;
  earliestNoticeMinutes: number;
  /** The practice's: what is left beside an appointment should be as long at least. */
  shortestUsefulMinutes: number;
  /** The location's, in order of preference; none where the provider is not bookable online. */
  onlineChairIds: string[];
}

/** Why the online booking button is not there. */
export type OnlineObstacle = 'no_appointment_workflow' | 'not_bookable_online' | 'no_expected_time';

/**
 * SQL, for statements of either client: the chairs of a location in which patients may book a provider, in order of preference.
 * Provider and location are columns, never values.
 */
export const onlineChairs = (provider: string, location: string) => `
  select chair.id
  from provider_online_booking online
  join providers treating on treating.id = online.provider_id and treating.active
  join provider_online_chairs permitted on permitted.provider_id = online.provider_id
  join chairs chair on chair.id = permitted.chair_id and chair.location_id = ${location} and chair.active
  where online.provider_id = ${provider} and online.bookable
  order by permitted.position, chair.position`;

/** @throws Refusal not_found */
export async function readRequirement(
  tx: Tx,
  { plannedAppointmentId, locationId }: Pick<Booking, 'plannedAppointmentId' | 'locationId'>,
): Promise<Requirement> {
  const rows = await tx.execute(sql`
    select planned.id as "plannedAppointmentId", planned.practice_id as "practiceId", planned.patient_id as "patientId",
      planned.requirement_version as version, planned.to_be_booked as "toBeBooked", planned.deleted_at is not null as deleted,
      planned.provider_id as "providerId", coalesce(provider.active, false) as "providerActive", planned.description,
      coalesce(planned.expected_minutes_override, (
        select coalesce(sum(estimated_minutes), 0)::int from planned_services where planned_appointment_id = planned.id)) as minutes,
      coalesce(planned.interval_days, practice.default_interval_days) as "intervalDays",
      practice.time_zone as "timeZone", practice.shortest_useful_minutes as "shortestUsefulMinutes",
      practice.appointment_workflow as "appointmentWorkflow", cardinality(chairs.ids) > 0 as "bookableOnline",
      coalesce(online.days_ahead, 90) as "daysAhead", coalesce(online.earliest_notice_minutes, 0) as "earliestNoticeMinutes",
      chairs.ids as "onlineChairIds"
    from planned_appointments planned
    join practices practice on practice.id = planned.practice_id
    join locations location on location.id = ${locationId} and location.practice_id = planned.practice_id
    left join providers provider on provider.id = planned.provider_id
    left join provider_online_booking online on online.provider_id = planned.provider_id
    cross join lateral (select array(${sql.raw(onlineChairs('planned.provider_id', 'location.id'))}) as ids) as chairs
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
