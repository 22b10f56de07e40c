import type { Sql } from 'postgres';
import { type OnlineObstacle, onlineChairs, onlineObstacle } from '../bookings/requirement.ts';
import { patientName, providerName } from '../people/names.ts';

/** A row of the Departure Task List. */
export interface TaskRow {
  id: string;
  bookingId: string;
  locationId: string;
  departureId: string;
  openedAt: Date;
  patientId: string;
  patientName: string;
  birthDate: string;
  email: string | null;
  mobile: string | null;
  plannedAppointmentId: string;
  description: string;
  providerId: string | null;
  providerName: string | null;
  minutes: number;
  visitDay: string;
  intervalDays: number;
  /** The first day that the interval allows, but never a day that has passed. */
  earliestDay: string;
  /** What keeps it from being booked online; null where nothing does. */
  onlineObstacle: OnlineObstacle | null;
  /** The colleague who opened one of its windows in the last minutes. */
  takenBy: string | null;
  takenById: string | null;
  /** Whether the whole departure can still be taken back. */
  undoable: boolean;
}

const columns = (sql: Sql) => sql`
  t.id, t.booking_id as "bookingId", t.location_id as "locationId", t.departure_id as "departureId", t.opened_at as "openedAt", p.id as "patientId",
  ${sql.unsafe(patientName('p'))} as "patientName", p.birth_date::text as "birthDate",
  p.email, p.mobile, a.id as "plannedAppointmentId", a.description, a.provider_id as "providerId",
  ${sql.unsafe(providerName('v'))} as "providerName",
  coalesce(a.expected_minutes_override,
    (select coalesce(sum(s.estimated_minutes), 0)::int from planned_services s where s.planned_appointment_id = a.id)) as minutes,
  b.visit_day::text as "visitDay", coalesce(a.interval_days, r.default_interval_days) as "intervalDays",
  greatest(b.visit_day + coalesce(a.interval_days, r.default_interval_days), (now() at time zone r.time_zone)::date)::text as "earliestDay",
  r.appointment_workflow as "appointmentWorkflow",
  exists (${sql.unsafe(onlineChairs('a.provider_id', 't.location_id'))}) as "bookableOnline",
  u.name as "takenBy", u.id as "takenById",
  not exists (select from bookings other where other.departure_id = t.departure_id
    and other.state <> 'departing' and (other.state <> 'withdrawn' or other.link_sent_at is not null)) as undoable`;

const tables = (sql: Sql) => sql`
  departure_tasks t
  join bookings b on b.id = t.booking_id
  join practices r on r.id = t.practice_id
  join patients p on p.id = b.patient_id
  join planned_appointments a on a.id = b.planned_appointment_id
  left join providers v on v.id = a.provider_id
  left join users u on u.id = t.taken_by and t.taken_at > now() - interval '10 minutes'`;

type ReadRow = Omit<TaskRow, 'onlineObstacle'> & { appointmentWorkflow: boolean; bookableOnline: boolean };

const rowOf = ({ appointmentWorkflow, bookableOnline, ...task }: ReadRow): TaskRow => ({
  ...task,
  onlineObstacle: onlineObstacle({ appointmentWorkflow, bookableOnline, minutes: task.minutes }),
});

/** The open tasks of a location, the longest waiting first. */
export async function readTasks(sql: Sql, practiceId: string, locationId: string): Promise<TaskRow[]> {
  const rows = await sql<ReadRow[]>`
    select ${columns(sql)} from ${tables(sql)}
    where t.practice_id = ${practiceId} and t.location_id = ${locationId} and t.closed_at is null
    order by t.opened_at, t.id`;
  return rows.map(rowOf);
}

/** One task, open or not; null for another practice's. */
export async function readTaskRow(sql: Sql, practiceId: string, id: string): Promise<TaskRow | null> {
  const [row] = await sql<
    ReadRow[]
  >`select ${columns(sql)} from ${tables(sql)} where t.practice_id = ${practiceId} and t.id = ${id}`;
  return row ? rowOf(row) : null;
}
