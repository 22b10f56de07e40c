import type { Sql } from 'postgres';
import { patientName, providerName } from '../people/names.ts';

/** A row of Online Appointments: an appointment that a patient booked online. */
export interface OnlineAppointment {
  id: string;
  bookingId: string;
  bookedAt: Date;
  startsAt: Date;
  endsAt: Date;
  status: string;
  patientId: string;
  patientName: string;
  providerName: string;
  chairName: string;
  description: string;
}

export interface OnlineFilter {
  practiceId: string;
  /** When they were booked. */
  from: Date;
  until: Date;
  providerId: string | null;
}

export const mostShown = 500;

/**
 * Booked last first. One more than `mostShown` at most. The entries are read first and by themselves: behind the wall between
 * practices the planner takes each for booked online, and would look for them patient by patient.
 */
export async function readOnlineAppointments(
  sql: Sql,
  { practiceId, from, until, providerId }: OnlineFilter,
): Promise<OnlineAppointment[]> {
  return sql<OnlineAppointment[]>`
    with e as materialized (
      select * from book_entries where practice_id = ${practiceId} and made_by = 'online' and kind = 'appointment'
        ${providerId ? sql`and provider_id = ${providerId}` : sql``})
    select e.id, e.booking_id as "bookingId", coalesce(b.confirmed_at, e.created_at) as "bookedAt", e.starts_at as "startsAt", e.ends_at as "endsAt", e.status,
      p.id as "patientId", ${sql.unsafe(patientName('p'))} as "patientName",
      ${sql.unsafe(providerName('v'))} as "providerName", c.name as "chairName", e.description
    from e
    left join bookings b on b.id = e.booking_id
    join patients p on p.id = e.patient_id
    join providers v on v.id = e.provider_id
    join chairs c on c.id = e.chair_id
    where coalesce(b.confirmed_at, e.created_at) >= ${from} and coalesce(b.confirmed_at, e.created_at) < ${until}
    order by "bookedAt" desc, e.id desc limit ${mostShown + 1}`;
}
