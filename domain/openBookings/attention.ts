import type { Fragment, Sql } from 'postgres';
import { dropReasons } from '../messages/outcomes.ts';

/** Why a booking needs a person to look at it. */
export type AttentionReason =
  | 'step_failing'
  | 'relay_parked'
  | 'relay_late'
  | 'not_written'
  | 'message_uncertain'
  | 'workflow_missing'
  | 'overdue';

/** How long things may take before somebody is told, in seconds. */
const failingFor = 5 * 60;
const relayLateAfter = 2 * 60;
const writtenWithin = 60;
const overdueAfter = 5 * 60;
/** Messages that never left are looked for so far back, in days; what has waited longer shows by its link's end. */
const lookedBack = 7;

/**
 * What needs attention in a practice: a row of `booking_id`, `reason` and `since` for each reason. Of a message that nobody
 * wants any more it does not matter whether it left. Every page of a manager counts it: it goes through the practice's
 * open bookings and its messages of the last days, each by an index, and asks small indexes for the rest.
 */
export const attention = (sql: Sql, practiceId: string): Fragment => sql`
  select s.booking_id, 'step_failing' as reason, s.since
  from failing_steps s join bookings b on b.id = s.booking_id
  where s.practice_id = ${practiceId} and ${stillWanted(sql)}
    and (s.since < now() - make_interval(secs => ${failingFor}) or s.next_attempt_at is null)
  union all
  select m.booking_id, 'relay_parked', m.created_at
  from workflow_messages m join bookings b on b.id = m.booking_id
  where m.parked_at is not null and m.sent_at is null and m.practice_id = ${practiceId} and b.settled_at is null
  union all
  select m.booking_id, 'relay_late', m.created_at
  from workflow_messages m join bookings b on b.id = m.booking_id
  where m.sent_at is null and m.parked_at is null and m.practice_id = ${practiceId} and b.settled_at is null
    and m.created_at < now() - make_interval(secs => ${relayLateAfter})
  union all
  select b.id, 'not_written', b.confirmed_at
  from bookings b where b.practice_id = ${practiceId} and b.settled_at is null and b.state = 'confirmed'
    and b.confirmed_at < now() - make_interval(secs => ${writtenWithin})
  union all
  select b.id, 'workflow_missing', b.workflow_missing_since
  from bookings b where b.practice_id = ${practiceId} and b.settled_at is null and b.workflow_missing_since is not null
  union all
  select b.id, 'overdue', due.since
  from bookings b cross join lateral (select ${runDue(sql)}) as due (since)
  where b.practice_id = ${practiceId} and b.settled_at is null and due.since < ${overdueSince(sql)}
  union all
  select m.booking_id, 'overdue', greatest(m.created_at, m.send_at)
  from messages m join bookings b on b.id = m.booking_id join practices p on p.id = m.practice_id
  where m.practice_id = ${practiceId} and m.id > (select uuidv7(make_interval(days => ${-lookedBack})))
    and m.state in ('waiting', 'sending') and m.attempts = 0 and b.settled_at is null
    and greatest(m.created_at, m.send_at) < ${overdueSince(sql)}
    and not ${isQuiet(sql, sql`now()`)} and not ${isQuiet(sql, overdueSince(sql))}
  union all
  select m.booking_id, 'message_uncertain', m.created_at
  from messages m join bookings b on b.id = m.booking_id
  where m.practice_id = ${practiceId} and m.state = 'uncertain' and coalesce(m.reason, '') <> all(${[...dropReasons]}) and m.created_at > coalesce(b.attention_closed_at, '-infinity')
    and case m.kind when 'confirmation' then now() < (
      select max(e.starts_at) from book_entries e where e.booking_id = b.id and e.kind = 'appointment' and e.status <> 'cancelled')
      else b.state = 'link_sent' and b.answer is null end
    and not exists (select from messages later where later.booking_id = m.booking_id and later.kind = m.kind
      and later.channel = m.channel and later.number > m.number)`;

const overdueSince = (sql: Sql): Fragment => sql`(now() - make_interval(secs => ${overdueAfter}))`;

/**
 * When the run of booking `b` should have acted by itself, if nobody else has: at the day's end; at the link's, or that of a
 * time that is held beyond it, as `expireLink` says; to finish what its outcome left to do, where no message keeps it.
 * Other tables are asked by aggregates, which are looked up for the few bookings that need it, and never read as a whole.
 */
const runDue = (sql: Sql): Fragment => sql`case
  when b.state = 'departing' then b.departure_ends_at
  when b.state = 'link_sent' and b.link_expires_at < ${overdueSince(sql)} then greatest(b.link_expires_at, (
    select max(e.held_until) from book_entries e where e.booking_id = b.id and e.kind = 'hold' and e.status = 'held'))
  when b.closed_at < ${overdueSince(sql)} then (
    select case when bool_or(m.state in ('waiting', 'sending')) then null else greatest(b.closed_at, max(greatest(m.created_at, m.sent_at))) end
    from messages m where m.booking_id = b.id) end`;

/** Whether the hours of practice `p` are quiet at an instant: a message waits for their end, and nothing is noted of it. */
const isQuiet = (sql: Sql, at: Fragment): Fragment => sql`(
  select case when p.quiet_from_minute <= p.quiet_until_minute then minute >= p.quiet_from_minute and minute < p.quiet_until_minute
    else minute >= p.quiet_from_minute or minute < p.quiet_until_minute end
  from (select extract(hour from local) * 60 + extract(minute from local) as minute
    from (select ${at} at time zone p.time_zone as local) as clock) as clock)`;

/**
 * A failing step `s` of booking `b` counts while the booking still wants it: a run that was ended by hand leaves its rows
 * behind, and another run's first attempt that goes well does not look for them.
 */
export const stillWanted = (sql: Sql): Fragment => sql`b.settled_at is null and case s.step
  when 'deliverMessages' then exists (select from messages w where w.booking_id = b.id and w.state in ('waiting', 'sending'))
  when 'endDeparture' then b.state = 'departing'
  when 'remind' then b.state = 'link_sent'
  when 'expireLink' then b.state = 'link_sent'
  when 'writeAppointment' then b.state in ('link_sent', 'confirmed')
  else true end`;

/** How many bookings of the practice need attention. */
export async function countAttention(sql: Sql, practiceId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(distinct booking_id)::int as count from (${attention(sql, practiceId)}) as needing`;
  return row!.count;
}
