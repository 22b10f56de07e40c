import type { Sql } from 'postgres';
import type { BookingState } from '../contract.ts';
import type { Channel } from '../messages/templates.ts';
import { patientName, providerName } from '../people/names.ts';
import { type AttentionReason, attention, stillWanted } from './attention.ts';

/** A booking under way, as a manager sees it. */
export interface OpenBooking {
  id: string;
  state: BookingState;
  /** Since when it is in this stage. */
  stageSince: Date;
  createdAt: Date;
  number: number;
  patientId: string;
  patientName: string;
  email: string | null;
  mobile: string | null;
  providerName: string | null;
  description: string;
  departureEndsAt: Date;
  linkExpiresAt: Date | null;
  reminderTimes: Date[];
  settledAt: Date | null;
  /** Empty: nothing needs attention. */
  attention: AttentionReason[];
  /** The step that failed last, while it is still wanted. */
  failing: {
    step: string;
    reason: string;
    code: string | null;
    attempts: number;
    since: number;
    nextAttemptAt: number | null;
  } | null;
  /** What the engine last said to a message that did not arrive. */
  relayError: string | null;
  /** The last of each kind and channel, where one of them waits, did not arrive or is uncertain; otherwise none. */
  messages: {
    channel: Channel;
    kind: 'link' | 'reminder' | 'confirmation';
    state: string;
    reason: string | null;
    carrierCode: string | null;
    opened: boolean;
  }[];
}

export interface OpenBookingFilter {
  id?: string;
  onlyAttention?: boolean;
  state?: BookingState | null;
  providerId?: string | null;
  patientIds?: string[];
}

export const mostShown = 200;

/** The practice's bookings under way: what needs attention first, then the oldest. One more than `mostShown` at most. */
export async function readOpenBookings(
  sql: Sql,
  practiceId: string,
  { id, onlyAttention, state, providerId, patientIds = [] }: OpenBookingFilter = {},
): Promise<OpenBooking[]> {
  return sql<OpenBooking[]>`
    with needing as (
      select booking_id, array_agg(distinct reason) as reasons, min(since) as since
      from (${attention(sql, practiceId)}) as each_reason group by booking_id)
    select b.id, b.state, b.created_at as "createdAt", b.number, b.departure_ends_at as "departureEndsAt",
      b.link_expires_at as "linkExpiresAt", b.reminder_times as "reminderTimes", b.settled_at as "settledAt",
      coalesce(case b.state when 'departing' then b.created_at when 'link_sent' then b.link_sent_at
        when 'confirmed' then b.confirmed_at else b.closed_at end, b.created_at) as "stageSince",
      p.id as "patientId", ${sql.unsafe(patientName('p'))} as "patientName", p.email, p.mobile,
      nullif(${sql.unsafe(providerName('v'))}, '') as "providerName", a.description,
      coalesce(needing.reasons, '{}') as attention,
      (select json_build_object('step', s.step, 'reason', s.reason, 'code', s.code, 'attempts', s.attempts,
          'since', extract(epoch from s.since) * 1000, 'nextAttemptAt', extract(epoch from s.next_attempt_at) * 1000)
        from failing_steps s where s.booking_id = b.id and ${stillWanted(sql)} order by s.last_failed_at desc limit 1) as failing,
      (select w.last_error from workflow_messages w where w.booking_id = b.id and w.sent_at is null and w.last_error is not null
        order by w.id desc limit 1) as "relayError",
      (select case when bool_or(m.state in ('waiting', 'sending', 'failed', 'uncertain'))
          then json_agg(json_build_object('channel', m.channel, 'kind', m.kind, 'state', m.state, 'reason', m.reason,
            'carrierCode', m.carrier_code, 'opened', m.opened_at is not null) order by m.id) else '[]' end
        from (select distinct on (kind, channel) * from messages where booking_id = b.id order by kind, channel, number desc) m) as messages
    from bookings b
    join patients p on p.id = b.patient_id
    join planned_appointments a on a.id = b.planned_appointment_id
    left join providers v on v.id = a.provider_id
    left join needing on needing.booking_id = b.id
    where b.practice_id = ${practiceId} and b.id in (
        select u.id from bookings u where u.practice_id = ${practiceId} and u.settled_at is null
        union select booking_id from needing)
      ${id ? sql`and b.id = ${id}` : sql``}
      ${onlyAttention ? sql`and needing.booking_id is not null` : sql``}
      ${state ? sql`and b.state = ${state}` : sql``}
      ${providerId ? sql`and a.provider_id = ${providerId}` : sql``}
      ${patientIds.length > 0 ? sql`and b.patient_id = any(${patientIds}::uuid[])` : sql``}
    order by needing.booking_id is null, needing.since, "stageSince", b.id limit ${mostShown + 1}`;
}

/** How many bookings are under way, by stage. */
export async function countOpenBookings(sql: Sql, practiceId: string): Promise<Partial<Record<BookingState, number>>> {
  const rows = await sql<{ state: BookingState; count: number }[]>`
    select state, count(*)::int as count from bookings where practice_id = ${practiceId} and settled_at is null group by state`;
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

export type NextStep =
  | { kind: 'day_ends' | 'reminder' | 'link_ends' | 'try_again'; at: Date }
  | { kind: 'write' | 'finish' | 'nobody'; at: null };

/** What happens to a booking next by itself, and when. */
export function nextStep(booking: OpenBooking, now: Date): NextStep {
  const { state, failing, settledAt, departureEndsAt, reminderTimes, linkExpiresAt } = booking;
  if (failing?.nextAttemptAt) return { kind: 'try_again', at: new Date(failing.nextAttemptAt) };
  if (settledAt) return { kind: 'nobody', at: null };
  if (state === 'departing') return { kind: 'day_ends', at: departureEndsAt };
  if (state === 'confirmed') return { kind: 'write', at: null };
  if (state !== 'link_sent') return { kind: 'finish', at: null };
  const reminder = reminderTimes.find((time) => time > now && (!linkExpiresAt || time < linkExpiresAt));
  return reminder ? { kind: 'reminder', at: reminder } : { kind: 'link_ends', at: linkExpiresAt ?? now };
}
