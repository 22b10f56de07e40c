import type { Fragment, Sql } from 'postgres';
import { dropReasons } from '../messages/outcomes.ts';

/** Why a booking needs a person to look at it. */
export type AttentionReason =
  | 'step_failing'
  | 'relay_parked'
  | 'relay_late'
  | 'not_written'
  | 'message_uncertain'
  | 'workflow_missing';

/** How long things may take before somebody is told, in seconds. */
const failingFor = 5 * 60;
const relayLateAfter = 2 * 60;
const writtenWithin = 60;

/**
 * What needs attention in a practice: a row of `booking_id`, `reason` and `since` for each reason. Of a message that nobody
 * wants any more it does not matter whether it left. Asks small indexes only, so that every page of a manager can count it.
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
  select m.booking_id, 'message_uncertain', m.created_at
  from messages m join bookings b on b.id = m.booking_id
  where m.practice_id = ${practiceId} and m.state = 'uncertain' and coalesce(m.reason, '') <> all(${[...dropReasons]}) and m.created_at > coalesce(b.attention_closed_at, '-infinity')
    and not exists (select from messages later where later.booking_id = m.booking_id and later.kind = m.kind
      and later.channel = m.channel and later.number > m.number)`;

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
