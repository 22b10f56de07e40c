import type { Sql } from 'postgres';
import { lastChange } from './erasure.ts';

/** A round takes no more than so many rows of a kind; what is left waits for the next. */
const most = 500;

/**
 * Lets go of what need not be kept any longer, a bounded round at a time; several workers share it. Links are forgotten half
 * a year after their booking ended, once its appointment has been; texts sent and received, and notes of Follow Up rows that
 * are closed, after the practice's months; what was carried to the workflows after a month; sessions when they are over; lines
 * of the access log after five years (Staatscourant 2019, 38007); and the names of who asked for erasure when the practice's
 * years for records are over (WGBO, art. 7:454 lid 3 BW: twenty, counted from the last change).
 * @returns how many rows of each kind
 */
export async function letGo(sql: Sql): Promise<Record<string, number>> {
  const rounds = {
    carried: sql`
      delete from workflow_messages where sent_at < now() - interval '1 month'
        and id <= (select max(id) from (select id from workflow_messages order by id limit ${most}) as oldest)`,
    sessions: sql`
      delete from sessions where id_hash in (select id_hash from sessions where expires_at < now() limit ${most})`,
    links: sql`
      update booking_links set token_hash = 'gone:' || id, replaced_at = coalesce(replaced_at, now()) where id in (
        select l.id from booking_links l join bookings b on b.id = l.booking_id
        where l.token_hash not like 'gone:%' and l.created_at < now() - interval '6 months'
          and b.closed_at < now() - interval '6 months'
          and not exists (select from book_entries e where e.booking_id = b.id and e.living and e.ends_at > now() - interval '1 month')
        order by l.created_at limit ${most} for update of l skip locked)`,
    texts: sql`
      update messages set recipient = '', subject = null, body = '', html = null, attachments = '[]' where id in (
        select m.id from messages m join practices c on c.id = m.practice_id
        where m.body <> '' and m.created_at < now() - interval '1 month' and m.state not in ('waiting', 'sending')
          and m.created_at < now() - make_interval(months => c.message_months)
        order by m.created_at limit ${most} for update of m skip locked)`,
    replies: sql`
      update inbound_texts set sender = '', body = '' where id in (
        select i.id from inbound_texts i join practices c on c.id = i.practice_id
        where i.sender <> '' and i.received_at < now() - interval '1 month'
          and i.received_at < now() - make_interval(months => c.message_months)
        order by i.received_at limit ${most} for update of i skip locked)`,
    notes: sql`
      update follow_ups set note = '', closed_reason = case when closed_by is null then closed_reason else '' end where id in (
        select f.id from follow_ups f join practices c on c.id = f.practice_id
        where (f.note <> '' or (f.closed_by is not null and f.closed_reason <> '')) and f.closed_at < now() - interval '1 month'
          and f.closed_at < now() - make_interval(months => c.message_months)
        order by f.closed_at limit ${most} for update of f skip locked)`,
    accesses: sql`
      delete from access_entries where id in (
        select id from access_entries where id < ${uuidBefore(Date.now() - fiveYearsMs)} and at < now() - interval '5 years'
        order by id limit ${most} for update skip locked)`,
    records: eraseRecords(sql),
  };
  const done: Record<string, number> = {};
  for (const [kind, round] of Object.entries(rounds)) done[kind] = (await round).count;
  return done;
}

const fiveYearsMs = 5 * 365.25 * 86_400_000;

/** Ids tell when they were made: every row that is older has a smaller one. Epoch milliseconds. */
function uuidBefore(instant: number): string {
  const time = Math.floor(instant).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

/** What names a person goes; days, times, lengths and counts stay for the practice's figures. */
const eraseRecords = (sql: Sql) => sql`
  with over as (
    select p.id from patients p join practices c on c.id = p.practice_id
    where p.erasure_asked_at is not null and p.erased_at is null
      and ${sql.unsafe(lastChange)} < now() - make_interval(years => c.record_years)
    order by p.id limit 50 for update of p skip locked),
  plans as (update treatment_plans t set name = '–' from over where t.patient_id = over.id),
  planned as (update planned_appointments a set description = '', note = '' from over where a.patient_id = over.id),
  entries as (update book_entries e set description = '', note = '' from over where e.patient_id = over.id),
  noted as (
    insert into audit_entries (practice_id, actor, action, patient_id)
    select p.practice_id, 'system', 'patient.record_erased', p.id from patients p join over on over.id = p.id)
  update patients p set first_name = '', last_name_prefix = '', last_name = '–', birth_date = '1900-01-01', email = null,
    mobile = null, language = null, note = '', erased_at = clock_timestamp()
  from over where p.id = over.id`;
