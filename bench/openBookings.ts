import { instantAt } from '../domain/book/rules/localTime.ts';
import { hashOfToken, tokenOf } from '../domain/bookings/links.ts';
import { until } from './figure.ts';
import type { Book } from './ground.ts';
import { zone } from './practice.ts';
import { linkKeys } from './processes.ts';

const aDay = 86_400_000;

export interface Opened {
  /** In the order of their patients. */
  bookingIds: string[];
}

export interface Wanted {
  count: number;
  /** Patients before these have their bookings already. */
  after?: number;
  /** By default in five days, as the practice has it. */
  remindAt?: Date;
  keys?: typeof linkKeys;
}

/**
 * Bookings as they stand some days after their departure: link delivered by SMS, patient on Follow Up; written in bulk. The
 * relay starts their workflows.
 */
export async function openBookings(
  { sql, practice }: Pick<Book, 'sql' | 'practice'>,
  { count, after = 0, remindAt = new Date(Date.now() + 5 * aDay), keys = linkKeys }: Wanted,
): Promise<Opened> {
  const ids = (await sql<{ id: string }[]>`select uuidv7() as id from generate_series(1, ${count})`).map(
    ({ id }) => id,
  );
  const hashes = ids.map((id) => hashOfToken(tokenOf(keys, { id, keyId: keys.newest, version: 1, purpose: 'choose' })));
  const { id: practiceId, locationId, providerIds, serviceId, staff, today } = practice;
  const written = await sql<{ id: string }[]>`
    with patient as (
      select id, mobile, (row_number() over (order by number) - ${after})::int as n from patients where practice_id = ${practiceId}
      order by number offset ${after} limit ${count}),
    departure as (
      insert into departures (practice_id, patient_id, location_id, day, departed_by)
      select ${practiceId}, id, ${locationId}, ${today}::date - 2, ${staff.userId} from patient returning id, patient_id),
    plan as (
      insert into treatment_plans (practice_id, patient_id, name) select ${practiceId}, id, 'Plan' from patient returning id, patient_id),
    planned as (
      insert into planned_appointments (practice_id, patient_id, treatment_plan_id, position, provider_id, description, to_be_booked)
      select ${practiceId}, patient.id, plan.id, 1, (${providerIds}::uuid[])[1 + n % 4], 'Filling', true
      from patient join plan on plan.patient_id = patient.id returning id, patient_id),
    service as (
      insert into planned_services (practice_id, planned_appointment_id, service_id, estimated_minutes)
      select ${practiceId}, id, ${serviceId}, 30 from planned),
    booking as (
      insert into bookings (practice_id, patient_id, planned_appointment_id, departure_id, location_id, number, state, visit_day,
        departure_ends_at, link_sent_at, link_expires_at, reminder_times, requirement_version)
      select ${practiceId}, planned.patient_id, planned.id, departure.id, ${locationId}, 1, 'link_sent', ${today}::date - 2,
        now() - interval '1 day', now() - interval '2 days', now() + interval '12 days', array[${remindAt}::timestamptz], 1
      from planned join departure on departure.patient_id = planned.patient_id
      returning id, patient_id, planned_appointment_id, departure_id),
    task as (
      insert into departure_tasks (practice_id, location_id, departure_id, booking_id, closed_at, outcome)
      select ${practiceId}, ${locationId}, departure_id, id, now() - interval '2 days', 'link_sent' from booking),
    link as (
      insert into booking_links (id, practice_id, booking_id, key_id, token_hash)
      select made.id, ${practiceId}, booking.id, ${keys.newest}, made.hash
      from unnest(${ids}::uuid[], ${hashes}::text[]) with ordinality as made (id, hash, n)
      join patient on patient.n = made.n join booking on booking.patient_id = patient.id returning id, booking_id),
    message as (
      insert into messages (practice_id, patient_id, booking_id, kind, channel, link_id, language, recipient, body, state, attempts,
        not_after, carrier_id, sent_at, delivered_at, created_at)
      select ${practiceId}, patient.id, booking.id, 'link', 'sms', link.id, 'en', patient.mobile, 'Choose a time: {link}', 'delivered', 1,
        now() + interval '12 days', 'SM' || replace(link.id::text, '-', ''), now() - interval '2 days', now() - interval '2 days',
        now() - interval '2 days'
      from patient join booking on booking.patient_id = patient.id join link on link.booking_id = booking.id),
    follow_up as (
      insert into follow_ups (practice_id, patient_id, planned_appointment_id, booking_id, category)
      select ${practiceId}, patient_id, planned_appointment_id, id, 'olb_link_sent' from booking),
    start as (
      insert into workflow_messages (practice_id, booking_id, name) select ${practiceId}, id, 'departed' from booking)
    select booking.id from booking join patient on patient.id = booking.patient_id join link on link.booking_id = booking.id
    order by patient.n`;
  if (written.length < count) throw new Error(`there are patients and links for ${written.length} bookings only`);
  return { bookingIds: written.map(({ id }) => id) };
}

/** Until each workflow has read its booking and waits. */
export const allWait = ({ sql }: Pick<Book, 'sql'>, seconds: number) =>
  until(
    async () => {
      const [row] = await sql`
      select not exists (select from departure_tasks where guarded_at is null)
        and not exists (select from workflow_messages where sent_at is null) as wait`;
      return row!.wait;
    },
    { seconds, everyMs: 100 },
  );

/** Sets a half hour aside for each, beyond the days that are full. @param after how many have theirs already */
export async function holdTimes({ sql, practice }: Book, bookingIds: string[], after: number): Promise<void> {
  const starts = bookingIds.map((_, n) => {
    const i = after + n;
    return instantAt(practice.workingDays[60 + Math.floor(i / 80)]!, 480 + 30 * (Math.floor(i / 4) % 20), zone) / 1000;
  });
  await sql`
    insert into book_entries (practice_id, location_id, kind, status, provider_id, chair_id, starts_at, ends_at, patient_id,
      booking_id, planned_appointment_id, made_by, held_until, requirement_version)
    select b.practice_id, b.location_id, 'hold', 'held', (${practice.providerIds}::uuid[])[1 + (${after}::int + n::int - 1) % 4],
      (${practice.chairIds}::uuid[])[1 + (${after}::int + n::int - 1) % 4], to_timestamp(start), to_timestamp(start + 1800), b.patient_id, b.id,
      b.planned_appointment_id, 'online', now() + interval '1 hour', 1
    from unnest(${bookingIds}::uuid[], ${starts}::float8[]) with ordinality as held (id, start, n) join bookings b on b.id = held.id`;
}
