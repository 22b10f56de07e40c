import type { Sql } from 'postgres';
import { standsInBook } from '../book/standing.ts';

/** Something that must never be: which rule is broken, and the ids of the rows that break it. */
export interface Inconsistency {
  rule: string;
  ids: string[];
}

/**
 * Asks the whole book whether book, bookings, tasks, Follow Up, ledger and statistics tell one story. Made to be run on a
 * practice at rest: between a confirmation and its workflow's end some rules are still on their way (`atRest: false`).
 */
export async function findInconsistencies(sql: Sql, { atRest }: { atRest: boolean }): Promise<Inconsistency[]> {
  const found: Inconsistency[] = [];
  for (const [rule, query] of Object.entries({ ...always(sql), ...(atRest ? onceSettled(sql) : {}) })) {
    const rows = await query;
    if (rows.length > 0) found.push({ rule, ids: rows.map(({ id }) => String(id)) });
  }
  return found;
}

/** Whether the appointment that the booking `b` came to still counts: it was neither cancelled nor stayed away from. */
const stands = (sql: Sql) => sql`exists (
  select from book_entries e where e.booking_id = b.id and ${sql.unsafe(standsInBook('e'))})`;

const always = (sql: Sql) => ({
  'no provider or chair is taken twice': sql`
    select a.id from book_entries a join book_entries b on a.id < b.id and a.during && b.during
      and (a.provider_id = b.provider_id or a.chair_id = b.chair_id)
    where a.living and b.living and not a.overlap_allowed and not b.overlap_allowed`,
  'the busy days are written out as the entries stand': sql`
    select place_id as id from busy_days b where mark = 0 and busy_meaning(busy) is distinct from busy_meaning(busy_day(place_id, day))
      and not exists (select from busy_days m where m.place_id = b.place_id and m.day = b.day and m.mark > 0)
    union
    select place.place_id from book_entries e
      cross join busy_places(e.location_id, e.provider_id, e.chair_id, e.starts_at, e.ends_at) as place
    where e.living and not exists (select from busy_days b where b.place_id = place.place_id and b.day = place.day)`,
  'a planned appointment stands in the book once': sql`
    select planned_appointment_id as id from book_entries where ${sql.unsafe(standsInBook('book_entries'))}
      and planned_appointment_id is not null group by 1 having count(*) > 1`,
  'a confirmed booking has one confirmed hold': sql`
    select b.id from bookings b where b.state = 'confirmed' and 1 <> (
      select count(*) from book_entries e where e.booking_id = b.id and e.kind = 'hold' and e.status = 'confirmed')`,
  'a booking made online has its one appointment': sql`
    select b.id from bookings b where b.state = 'booked_online' and 1 <> (
      select count(*) from book_entries e where e.booking_id = b.id and e.kind = 'appointment' and e.made_by = 'online')`,
  'a booking made at the desk has its one appointment': sql`
    select b.id from bookings b where b.state = 'booked_at_desk' and 1 <> (
      select count(*) from book_entries e where e.booking_id = b.id and e.kind = 'appointment' and e.made_by = 'desk')`,
  'a closed booking holds no time': sql`
    select b.id from bookings b join book_entries e on e.booking_id = b.id and e.kind = 'hold' and e.status in ('held', 'confirmed')
    where b.closed_at is not null`,
  'a booking is open while, and only while, its effort goes on': sql`
    select id from bookings where (closed_at is null) <> (state in ('departing', 'link_sent', 'confirmed'))`,
  'a task is open while, and only while, its patient is leaving': sql`
    select t.id from departure_tasks t join bookings b on b.id = t.booking_id where (t.closed_at is null) <> (b.state = 'departing')`,
  'nobody whose link is out is forgotten': sql`
    select b.id from bookings b where b.state in ('link_sent', 'confirmed') and not exists (
      select from follow_ups f where f.booking_id = b.id and (f.closed_at is null or f.closed_by is not null))`,
  'who answered instead of choosing stands on Follow Up with it': sql`
    select b.id from bookings b where b.state = 'link_sent' and b.answer is not null and not exists (
      select from follow_ups f where f.booking_id = b.id and (f.closed_by is not null or (f.closed_at is null and f.category::text =
        case b.answer when 'call_me' then 'call_requested' when 'not_for_me' then 'wrong_contact' else 'unbooked' end)))`,
  'a link that reached nobody is not taken for sent': sql`
    select b.id from bookings b join follow_ups f on f.booking_id = b.id and f.closed_at is null and f.category = 'olb_link_sent'
    where b.state = 'link_sent' and exists (select from messages m where m.booking_id = b.id and m.kind = 'link') and not exists (
      select from messages m where m.booking_id = b.id and m.kind = 'link' and m.state in ('waiting', 'sending', 'sent', 'delivered'))`,
  'nobody who was left unbooked is forgotten': sql`
    select b.id from bookings b where b.state in ('unbooked', 'postponed', 'expired') and not exists (
      select from follow_ups f where f.planned_appointment_id = b.planned_appointment_id)`,
  'what was booked at the desk is off Follow Up': sql`
    select f.id from follow_ups f join bookings b on b.id = f.booking_id
    where b.state = 'booked_at_desk' and f.closed_at is null and ${stands(sql)}`,
  'nobody whose appointment came to nothing is forgotten': sql`
    select b.id from bookings b join planned_appointments a on a.id = b.planned_appointment_id and a.to_be_booked and a.deleted_at is null
    where b.state in ('booked_online', 'booked_at_desk') and not ${stands(sql)} and not exists (
      select from bookings later where later.planned_appointment_id = b.planned_appointment_id and later.number > b.number)
    and not exists (
      select from follow_ups f where f.booking_id = b.id and f.category = 'unbooked' and (f.closed_at is null or f.closed_by is not null))`,
  'a message that was sent has its carrier’s id': sql`
    select id from messages where state in ('sent', 'delivered') and carrier_id is null`,
  'no message left twice': sql`
    select min(id::text) as id from messages where carrier_id is not null group by carrier_id having count(*) > 1`,
});

const onceSettled = (sql: Sql) => ({
  'every message to a workflow has arrived': sql`select id from workflow_messages where sent_at is null`,
  'every closed booking is settled': sql`select id from bookings where closed_at is not null and settled_at is null`,
  'no confirmation waits for its appointment': sql`select id from bookings where state = 'confirmed'`,
  'who booked online is off Follow Up': sql`
    select f.id from follow_ups f join bookings b on b.id = f.booking_id
    where b.state = 'booked_online' and f.closed_at is null and f.category <> 'not_delivered' and ${stands(sql)}`,
  'each online appointment counts once in the report': sql`
    select e.id from book_entries e where e.kind = 'appointment' and e.made_by = 'online' and 1 <> (
      select count(*) from usage_events u where u.appointment_id = e.id)`,
  'who booked online was sent a confirmation by each channel of the link': sql`
    select b.id from bookings b join messages link on link.booking_id = b.id and link.kind = 'link'
    join patients p on p.id = b.patient_id
    where b.state = 'booked_online' and ${stands(sql)} and link.state <> 'failed' and case link.channel when 'sms' then p.mobile else p.email end is not null and not exists (
      select from messages m where m.booking_id = b.id and m.kind = 'confirmation' and m.channel = link.channel)`,
  'no message is still on its way': sql`select id from messages where state in ('waiting', 'sending')`,
});
