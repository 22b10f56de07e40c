import { and, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookEntries, bookings, departureTasks } from '../../drizzle/schema/index.ts';
import { audit } from '../audit.ts';
import { latestHold } from '../book/holds.ts';
import type { BookingNow } from '../contract.ts';
import { closeTaskOf } from '../departures/tasks.ts';
import { moveOnFollowUp, putOnFollowUp } from '../followUp/followUp.ts';
import { liveNotice, notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { type Booking, lockBooking, moveTo } from './bookings.ts';

/**
 * The steps of a booking's workflow, each one transaction and safe to repeat: what is done already is left as it is. An
 * instant that the engine has waited for has come, also where this process's clock is behind (`waitedFor`).
 */

/** @throws Refusal not_found */
export async function readBooking(tx: Tx, bookingId: string): Promise<BookingNow> {
  const [booking] = await tx
    .select({ ...getTableColumns(bookings), waiting })
    .from(bookings)
    .where(eq(bookings.id, bookingId));
  if (!booking) throw new Refusal('not_found');
  return nowOf(booking, booking.waiting);
}

/** The workflow takes the departure's task under its guard. */
export async function openDepartureTask(tx: Tx, bookingId: string): Promise<BookingNow> {
  await tx
    .update(departureTasks)
    .set({ guardedAt: sql`clock_timestamp()` })
    .where(and(eq(departureTasks.bookingId, bookingId), isNull(departureTasks.guardedAt)));
  return readBooking(tx, bookingId);
}

/** The day is over: what was neither booked nor sent goes to Follow Up as Unbooked. */
export async function endDeparture(tx: Tx, bookingId: string, waitedFor = 0): Promise<BookingNow> {
  const booking = await lockBooking(tx, bookingId);
  const clock = Math.max(Date.now(), waitedFor);
  if (booking.state !== 'departing' || booking.departureEndsAt.getTime() > clock) return now(tx, booking);
  const unbooked = await moveTo(tx, booking, 'unbooked');
  await closeTaskOf(tx, bookingId, 'unbooked');
  await putOnFollowUp(tx, booking, 'unbooked');
  await audit(tx, { practiceId: booking.practiceId, actor: 'system' }, 'booking.unbooked', refs(booking));
  await notifyLive(tx, booking.practiceId, 'tasks', 'followUp');
  return now(tx, unbooked);
}

/**
 * Asks the row whether the link is at its end: it may have been confirmed, sent again with a later end, or a hold made in
 * time may still stand; the answer's `linkExpiresAt` then says until when to wait.
 */
export async function expireLink(tx: Tx, bookingId: string, waitedFor = 0): Promise<BookingNow> {
  const booking = await lockBooking(tx, bookingId);
  const clock = Math.max(Date.now(), waitedFor);
  if (booking.state !== 'link_sent' || booking.linkExpiresAt!.getTime() > clock) return now(tx, booking);
  const hold = await latestHold(tx, bookingId);
  if (hold?.status === 'held' && hold.heldUntil!.getTime() > clock) {
    return { ...(await now(tx, booking)), linkExpiresAt: hold.heldUntil!.getTime() };
  }
  await tx
    .update(bookEntries)
    .set({ status: 'lapsed' })
    .where(and(eq(bookEntries.bookingId, bookingId), eq(bookEntries.status, 'held')));
  const expired = await moveTo(tx, booking, 'expired');
  await moveOnFollowUp(tx, booking, 'olb_link_expired', { insteadOf: 'olb_link_sent' });
  await audit(tx, { practiceId: booking.practiceId, actor: 'system' }, 'booking.expired', refs(booking));
  await notifyLive(tx, booking.practiceId, 'book', 'followUp');
  return now(tx, expired);
}

/** Turns the confirmed hold into the appointment: the same row, so that its time is not free for a moment. */
export async function writeAppointment(tx: Tx, bookingId: string): Promise<BookingNow> {
  await tx.execute(sql`
    with confirmed as (
      select id, practice_id, patient_id from bookings where id = ${bookingId} and state = 'confirmed' for update),
    written as (
      update book_entries entry set kind = 'appointment', status = 'booked', held_until = null from confirmed
      where entry.booking_id = confirmed.id and entry.kind = 'hold' and entry.status = 'confirmed'
      returning confirmed.*, entry.id as entry_id),
    moved as (
      update bookings booking set state = 'booked_online', closed_at = clock_timestamp() from written
      where booking.id = written.id),
    noted as (
      insert into audit_entries (practice_id, actor, action, patient_id, booking_id, entry_id)
      select practice_id, 'system', 'appointment.booked_online', patient_id, id, entry_id from written)
    select ${liveNotice(sql`practice_id`, 'book', 'online', 'followUp')} from written`);
  const row = await readBooking(tx, bookingId);
  if (row.state === 'confirmed') throw new Error('a confirmed booking has no confirmed hold');
  return row;
}

/**
 * The appointment stands: its patient need not be remembered any more. A row of a later effort is not touched, nor one that
 * came since: the appointment may have been cancelled in the meantime.
 */
export async function moveOffFollowUp(tx: Tx, bookingId: string): Promise<void> {
  await tx.execute(sql`
    with closed as (
      update follow_ups follow_up set closed_at = clock_timestamp(), closed_reason = booking.state from bookings booking
      where booking.id = ${bookingId} and follow_up.booking_id = booking.id and follow_up.closed_at is null
        and follow_up.opened_at < booking.closed_at
      returning follow_up.practice_id)
    select ${liveNotice(sql`practice_id`, 'followUp')} from closed`);
}

/** Counts the appointment for the Feature Usage Report, once. */
export async function recordUsage(tx: Tx, bookingId: string): Promise<void> {
  await tx.execute(sql`
    insert into usage_events (practice_id, kind, appointment_id, provider_id, occurred_at)
    select entry.practice_id, 'planned_treatment_booking', entry.id, entry.provider_id, booking.confirmed_at
    from book_entries entry join bookings booking on booking.id = entry.booking_id
    where entry.booking_id = ${bookingId} and entry.kind = 'appointment' and entry.made_by = 'online'
    on conflict do nothing`);
}

/**
 * The workflow's last word: under the row's lock it is asked once more whether anything is left to do. Only then is the
 * booking settled and the run may close; a message put on its way later meets a row that has spoken.
 */
export async function settle(tx: Tx, bookingId: string): Promise<BookingNow & { settled: boolean }> {
  const booking = await lockBooking(tx, bookingId);
  const row = await now(tx, booking);
  const settled = booking.closedAt !== null && row.waitingMessages.length === 0;
  if (settled && !booking.settledAt)
    await tx.update(bookings).set({ settledAt: new Date() }).where(eq(bookings.id, bookingId));
  return { ...row, settled };
}

async function now(tx: Tx, booking: Booking): Promise<BookingNow> {
  const [row] = await tx.select({ waiting }).from(bookings).where(eq(bookings.id, booking.id));
  return nowOf(booking, row!.waiting);
}

/** A booking's messages that no one has sent yet, in their order. */
const waiting = sql<string[]>`array(
  select message.id from messages message where message.booking_id = bookings.id and message.state in ('waiting', 'sending')
  order by message.id)`;

const nowOf = (booking: Booking, waitingMessages: string[]): BookingNow => ({
  practiceId: booking.practiceId,
  state: booking.state,
  departureEndsAt: booking.departureEndsAt.getTime(),
  linkExpiresAt: booking.linkExpiresAt?.getTime() ?? null,
  reminderTimes: booking.reminderTimes.map((time) => time.getTime()),
  waitingMessages,
});

const refs = (booking: Booking) => ({ patientId: booking.patientId, bookingId: booking.id });
