import type { Sql } from 'postgres';
import type { PatientAnswer } from '../bookings/answer.ts';
import type { Channel } from '../messages/templates.ts';
import { patientName, providerName } from '../people/names.ts';
import type { FollowUpCategory } from './followUp.ts';

/** A row of Follow Up, with how its messages fare. */
export interface FollowUpRow {
  id: string;
  category: FollowUpCategory;
  bookingId: string;
  bookingState: string;
  patientId: string;
  patientName: string;
  birthDate: string;
  email: string | null;
  mobile: string | null;
  /** By which of the contacts the patient wants no messages. */
  optedOut: Channel[];
  providerName: string | null;
  description: string;
  openedAt: Date;
  openedBy: string | null;
  dueOn: string | null;
  /** That day has come, by the practice's clock. */
  isDue: boolean;
  note: string;
  linkSentAt: Date | null;
  /** Whether a link was sent for the planned appointment in this effort or an earlier one: only then it can be sent again. */
  linkWasSent: boolean;
  linkExpiresAt: Date | null;
  reminderTimes: Date[];
  /** What the patient said on the link's page instead of choosing a time. */
  answer: PatientAnswer | null;
  answeredAt: Date | null;
  /** The appointment that the booking came to, if it did. */
  appointment: { id: string; startsAt: string; status: string } | null;
  messages: {
    channel: Channel;
    kind: 'link' | 'reminder' | 'confirmation';
    state: string;
    reason: string | null;
    carrierCode: string | null;
    opened: boolean;
    recipient: string;
  }[];
  /** The patient's newest texts since the departure that the effort began with, the newest last; however often the row moved. */
  replies: string[];
}

export async function countFollowUps(sql: Sql, practiceId: string): Promise<Record<string, number>> {
  const rows = await sql<{ category: string; count: number }[]>`
    select category, count(*)::int as count from follow_ups where practice_id = ${practiceId} and closed_at is null group by category`;
  return Object.fromEntries(rows.map(({ category, count }) => [category, count]));
}

export const mostShown = 500;

/**
 * The open rows, of one category or of all: what was put off to a day that has come first, then who waits for the practice,
 * then who may still use their link, of each the oldest first; last what is put off to a day to come, the next day first. Or
 * the one row asked for. One more than `mostShown` at most.
 */
export async function readFollowUps(
  sql: Sql,
  practiceId: string,
  { category, id }: { category?: string; id?: string },
): Promise<FollowUpRow[]> {
  return sql<FollowUpRow[]>`
    select f.id, f.category, f.booking_id as "bookingId", b.state as "bookingState", p.id as "patientId",
      ${sql.unsafe(patientName('p'))} as "patientName", p.birth_date::text as "birthDate",
      p.email, p.mobile,
      array(select gone.channel::text from opt_outs gone where gone.practice_id = f.practice_id
        and (gone.channel, gone.contact) in (('sms', p.mobile), ('email', lower(p.email)))) as "optedOut",
      ${sql.unsafe(providerName('v'))} as "providerName", a.description, f.opened_at as "openedAt",
      u.name as "openedBy", f.due_on::text as "dueOn",
      coalesce(f.due_on <= here.today, false) as "isDue", f.note, b.link_sent_at as "linkSentAt", b.link_expires_at as "linkExpiresAt",
      exists (select from bookings s where s.planned_appointment_id = f.planned_appointment_id and s.link_sent_at is not null) as "linkWasSent",
      b.reminder_times as "reminderTimes", b.answer, b.answered_at as "answeredAt",
      (select json_build_object('id', e.id, 'startsAt', e.starts_at, 'status', e.status) from book_entries e
        where e.booking_id = f.booking_id and e.kind = 'appointment') as appointment,
      (select coalesce(json_agg(json_build_object('channel', m.channel, 'kind', m.kind, 'state', m.state, 'reason', m.reason, 'carrierCode', m.carrier_code,
          'opened', m.opened_at is not null, 'recipient', m.recipient) order by m.id), '[]')
        from messages m where m.booking_id = f.booking_id) as messages,
      array(select body from (
        select i.body, i.received_at from inbound_texts i where i.patient_id = f.patient_id and i.received_at > coalesce(d.departed_at, b.created_at)
        order by i.received_at desc limit 3) newest order by received_at) as replies
    from follow_ups f
    join (select id, (now() at time zone time_zone)::date as today from practices) as here on here.id = f.practice_id
    join bookings b on b.id = f.booking_id
    left join departures d on d.id = b.departure_id
    join patients p on p.id = f.patient_id
    join planned_appointments a on a.id = f.planned_appointment_id
    left join providers v on v.id = a.provider_id
    left join users u on u.id = f.opened_by
    where f.practice_id = ${practiceId} and f.closed_at is null
      ${category ? sql`and f.category = ${category}` : sql``} ${id ? sql`and f.id = ${id}` : sql``}
    order by f.due_on > here.today is true, f.due_on, f.category = 'olb_link_sent', f.opened_at, f.id limit ${mostShown + 1}`;
}
