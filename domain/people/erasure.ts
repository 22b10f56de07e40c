import { and, asc, eq, sql } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { patients, plannedAppointments } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { withdrawPlannedAppointment } from '../bookings/withdraw.ts';
import { notifyLive } from '../live.ts';
import { givenUp } from '../messages/outcomes.ts';
import { Refusal } from '../refusal.ts';
import { patientName } from './names.ts';

/** What a manager is told before erasing. */
export interface ErasureAhead {
  id: string;
  name: string;
  number: number;
  /** Starts of appointments to come: they have to be cancelled, or kept, first. */
  appointmentsAhead: Date[];
  /** Efforts to book that end with it. */
  openBookings: number;
  /** Until when the law keeps what stays, a local day. */
  keptUntil: string;
  askedAt: Date | null;
  erasedAt: Date | null;
}

const ahead = (entry: string) =>
  `${entry}.kind in ('appointment', 'hold') and ${entry}.status in ('booked', 'arrived', 'in_chair', 'confirmed') and ${entry}.ends_at > now()`;

/** The day of a record's last change, as the law counts from it: an appointment or a planned one, or else the file's opening. */
export const lastChange = `greatest(p.created_at,
  (select max(e.ends_at) from book_entries e where e.patient_id = p.id and e.kind = 'appointment' and e.status <> 'cancelled'),
  (select max(a.created_at) from planned_appointments a where a.patient_id = p.id))`;

/** @throws Refusal not_found */
export async function readErasure(sql: Sql, { practiceId }: Staff, patientId: string): Promise<ErasureAhead> {
  const [row] = await sql<ErasureAhead[]>`
    select p.id, ${sql.unsafe(patientName('p'))} as name, p.number,
      array(select e.starts_at from book_entries e where e.patient_id = p.id and ${sql.unsafe(ahead('e'))} order by 1) as "appointmentsAhead",
      (select count(*)::int from bookings b where b.patient_id = p.id and b.closed_at is null) as "openBookings",
      ((${sql.unsafe(lastChange)} + make_interval(years => c.record_years)) at time zone c.time_zone)::date::text as "keptUntil",
      p.erasure_asked_at as "askedAt", p.erased_at as "erasedAt"
    from patients p join practices c on c.id = p.practice_id
    where p.practice_id = ${practiceId} and p.id = ${patientId}`;
  if (!row) throw new Refusal('not_found');
  return row;
}

/**
 * Erases at a patient's wish what no law keeps: contacts, links, texts of messages, notes of Follow Up, and why a manager
 * closed a booking. Open efforts to book end, and their workflows are told. The record itself stays until its years are over;
 * then `keeping.ts` takes it. Safe to repeat.
 * @throws Refusal not_found; appointments_ahead; already_booked while a confirmation is on its way into the book;
 * message_under_way while a carrier is being told one
 */
export async function erasePatient(tx: Tx, by: Staff, patientId: string): Promise<void> {
  const theirs = and(eq(patients.practiceId, by.practiceId), eq(patients.id, patientId));
  const planned = await tx
    .select({ id: plannedAppointments.id })
    .from(plannedAppointments)
    .where(and(eq(plannedAppointments.practiceId, by.practiceId), eq(plannedAppointments.patientId, patientId)))
    .orderBy(asc(plannedAppointments.id));
  // The locks of bookings come before the patient's own, as everywhere.
  for (const { id } of planned) await withdrawPlannedAppointment(tx, by, id);
  const [patient] = await tx.select().from(patients).where(theirs).for('update');
  if (!patient) throw new Refusal('not_found');
  const id = sql`${patientId}::uuid`;
  const [standing] = await tx.execute(sql`
    select 1 from book_entries e where e.patient_id = ${id} and ${sql.raw(ahead('e'))} limit 1`);
  if (standing) throw new Refusal('appointments_ahead');
  const messages = await tx.execute<{ sending: boolean }>(sql`
    select state = 'sending' and attempt_started_at > clock_timestamp() - interval '1 minute' as sending
    from messages where patient_id = ${id} for update`);
  if (messages.some(({ sending }) => sending)) throw new Refusal('message_under_way');

  await tx.update(plannedAppointments).set({ toBeBooked: false }).where(eq(plannedAppointments.patientId, patientId));
  const gone = [
    sql`delete from demo_inbox where id in (select id from messages where patient_id = ${id})`,
    sql`
      update messages set recipient = '', subject = null, body = '', html = null, attachments = '[]',
        reason = case when state in ('waiting', 'sending') then 'contact_removed' else reason end,
        state = case when state in ('waiting', 'sending') then ${givenUp} else state end
      where patient_id = ${id} and (body <> '' or recipient <> '')`,
    sql`
      update booking_links l set token_hash = 'gone:' || l.id, replaced_at = coalesce(l.replaced_at, clock_timestamp())
      from bookings b where b.id = l.booking_id and b.patient_id = ${id} and l.token_hash not like 'gone:%'`,
    sql`update inbound_texts set sender = '', body = '' where patient_id = ${id} and (sender <> '' or body <> '')`,
    sql`
      update follow_ups set note = '', closed_reason = case when closed_by is null then closed_reason else '' end
      where patient_id = ${id} and (note <> '' or (closed_by is not null and closed_reason <> ''))`,
    // A manager's own words.
    sql`
      update audit_entries set details = details - 'reason'
      where patient_id = ${id} and action = 'booking.closed' and details ? 'reason'`,
    // A contact that others of the practice have too goes on to be spared.
    sql`
      delete from opt_outs o using patients p
      where p.id = ${id} and o.practice_id = p.practice_id
        and ((o.channel = 'sms' and o.contact = p.mobile) or (o.channel = 'email' and o.contact = lower(p.email)))
        and not exists (
          select from patients other where other.practice_id = p.practice_id and other.id <> p.id
            and o.contact = case o.channel when 'sms' then other.mobile else lower(other.email) end)`,
    sql`
      update patients set email = null, mobile = null, contact_owner = 'patient', erasure_asked_at = clock_timestamp()
      where id = ${id} and (erasure_asked_at is null or email is not null or mobile is not null)`,
  ];
  let changed = 0;
  for (const statement of gone) changed += ((await tx.execute(statement)) as unknown as { count: number }).count;
  if (changed === 0) return;
  await audit(tx, by, 'patient.erased', { patientId });
  await notifyLive(tx, by.practiceId, 'book', 'tasks', 'followUp', 'messages');
}
