import { and, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookEntries, bookings, followUps, messages, workflowMessages } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { releaseHold } from '../book/holds.ts';
import { type Booking, lockBooking, moveTo, tellWorkflow } from '../bookings/bookings.ts';
import type { LinkKeys } from '../bookings/links.ts';
import { resendLink } from '../bookings/sendLink.ts';
import { writeAppointment } from '../bookings/steps.ts';
import { toBooking, tryAgain } from '../contract.ts';
import { closeTaskOf } from '../departures/tasks.ts';
import { closeFollowUpOf, putOnFollowUp } from '../followUp/followUp.ts';
import { notifyLive } from '../live.ts';
import { repeatConfirmation } from '../messages/automatic.ts';
import type { Channel } from '../messages/freeze.ts';
import { givenUp } from '../messages/outcomes.ts';
import { Refusal } from '../refusal.ts';

/** What a manager can do for a booking that is stuck. Each is audited, and safe to repeat. */

/**
 * Tries again at once whatever waits: parked messages to the workflow leave, a missing workflow is started, and steps that
 * wait for their next attempt need not.
 * @throws Refusal not_found, already_closed where nothing is left to do
 */
export async function tryBookingAgain(tx: Tx, by: Staff, bookingId: string): Promise<void> {
  const booking = await lockBooking(tx, bookingId, by.practiceId);
  if (booking.settledAt) throw new Refusal('already_closed');
  await wake(tx, booking);
  await audit(tx, by, 'booking.tried_again', refs(booking));
}

async function wake(tx: Tx, booking: Booking): Promise<void> {
  const unsent = and(eq(workflowMessages.bookingId, booking.id), isNull(workflowMessages.sentAt));
  const waiting = await tx
    .update(workflowMessages)
    .set({ parkedAt: null, nextAttemptAt: null })
    .where(unsent)
    .returning({ name: workflowMessages.name });
  if (waiting.some(({ name }) => name === tryAgain)) await tx.execute(sql`notify workflow_messages`);
  else await tellWorkflow(tx, booking, tryAgain);
  await notifyLive(tx, booking.practiceId, 'bookings');
}

/** Whether a message was written anew, or the one before is on its way still and nothing was done. */
type Resent = 'resent' | 'on_its_way';

/**
 * Sends the link of a booking again, as Follow Up does.
 * @throws Refusal as resendLink; already_closed where the patient is no longer on Follow Up
 */
export async function resendLinkOf(
  tx: Tx,
  keys: LinkKeys,
  by: Staff,
  bookingId: string,
  channels: Channel[],
): Promise<Resent> {
  const [row] = await tx
    .select({ followUpId: followUps.id, planned: bookings.plannedAppointmentId })
    .from(bookings)
    .leftJoin(
      followUps,
      and(eq(followUps.plannedAppointmentId, bookings.plannedAppointmentId), isNull(followUps.closedAt)),
    )
    .where(and(eq(bookings.id, bookingId), eq(bookings.practiceId, by.practiceId)));
  if (!row) throw new Refusal('not_found');
  if (!row.followUpId) throw new Refusal('already_closed');
  if (!(await resendLink(tx, keys, by, row.followUpId, channels))) return 'on_its_way';
  await notifyLive(tx, by.practiceId, 'bookings');
  return 'resent';
}

/**
 * Sends the confirmation again by the channels on which it failed or nobody knows whether it left; its workflow is woken,
 * or started once more, to deliver it. Repeated while one is on its way it does nothing.
 * @throws Refusal not_found, already_closed where no confirmation went wrong
 */
export async function resendConfirmation(tx: Tx, keys: LinkKeys, by: Staff, bookingId: string): Promise<Resent> {
  const booking = await lockBooking(tx, bookingId, by.practiceId);
  if (booking.state !== 'booked_online') throw new Refusal('already_closed');
  const written = await repeatConfirmation(tx, keys, booking);
  if (written === 'on_its_way') return written;
  if (written === 'nothing_to_repeat') throw new Refusal('already_closed');
  await tx.update(bookings).set({ settledAt: null }).where(eq(bookings.id, bookingId));
  await wake(tx, booking);
  await audit(tx, by, 'booking.confirmation_resent', refs(booking));
  await notifyLive(tx, by.practiceId, 'messages', 'followUp');
  return 'resent';
}

/**
 * Leaves a booking to the desk: the effort ends and the patient stands on Follow Up as Unbooked. What the patient has
 * confirmed is written into the book instead, here and now.
 * @throws Refusal not_found, already_closed
 */
export async function giveToDesk(
  tx: Tx,
  by: Staff,
  bookingId: string,
  note: string,
): Promise<'written' | 'on_follow_up'> {
  const booking = await lockBooking(tx, bookingId, by.practiceId);
  if (booking.state === 'unbooked') return 'on_follow_up';
  if (booking.state === 'booked_online') return 'written';
  if (booking.closedAt) throw new Refusal('already_closed');
  const outcome = (await isTimeKept(tx, booking)) ? 'written' : 'on_follow_up';
  if (outcome === 'written') await writeAppointment(tx, bookingId);
  else {
    await moveTo(tx, booking, 'unbooked');
    await releaseHold(tx, bookingId);
    await closeTaskOf(tx, bookingId, 'unbooked');
    await putOnFollowUp(tx, booking, 'unbooked', { by, note });
  }
  await tellWorkflow(tx, booking, toBooking.givenToDesk);
  await audit(tx, by, 'booking.given_to_desk', refs(booking), { outcome });
  await notifyLive(tx, by.practiceId, 'bookings', 'tasks', 'followUp', 'book');
  return outcome;
}

/**
 * Ends the effort with a reason; the Chart keeps its tick. A booking whose appointment stands only stops asking for
 * attention: messages still on their way are dropped, but for what may have left already.
 * @throws Refusal not_found, already_booked while the patient's confirmed time waits to be written
 */
export async function closeBooking(tx: Tx, by: Staff, bookingId: string, reason: string): Promise<void> {
  const booking = await lockBooking(tx, bookingId, by.practiceId);
  if (booking.state === 'confirmed' && (await isTimeKept(tx, booking))) throw new Refusal('already_booked');
  const attentionClosedAt = new Date();
  if (booking.closedAt) {
    if (booking.attentionClosedAt && !(await asksAgain(tx, booking))) return;
    await tx.update(bookings).set({ attentionClosedAt }).where(eq(bookings.id, bookingId));
    if (!booking.settledAt) await wake(tx, booking);
  } else {
    await moveTo(tx, booking, 'withdrawn', { attentionClosedAt });
    await releaseHold(tx, bookingId);
    await closeTaskOf(tx, bookingId, 'withdrawn');
    await closeFollowUpOf(tx, booking.plannedAppointmentId, reason, { by });
    await tellWorkflow(tx, booking, toBooking.closedByManager);
  }
  await tx
    .update(messages)
    .set({ state: givenUp, reason: 'booking_closed' })
    .where(and(eq(messages.bookingId, bookingId), inArray(messages.state, ['waiting', 'sending'])));
  await audit(tx, by, 'booking.closed', refs(booking), { reason });
  await notifyLive(tx, by.practiceId, 'bookings', 'tasks', 'followUp', 'book', 'messages');
}

/** Whether a message has come to ask for a person, or is on its way, since the booking was closed. */
async function asksAgain(tx: Tx, { id, attentionClosedAt }: Booking): Promise<boolean> {
  const newer = gt(messages.createdAt, attentionClosedAt!);
  const asking = or(inArray(messages.state, ['waiting', 'sending']), and(eq(messages.state, 'uncertain'), newer));
  const rows = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.bookingId, id), asking));
  return rows.length > 0;
}

/** Whether the time that the patient confirmed is still there to be written. */
async function isTimeKept(tx: Tx, booking: Booking): Promise<boolean> {
  const kept = await tx
    .select({ id: bookEntries.id })
    .from(bookEntries)
    .where(
      and(eq(bookEntries.bookingId, booking.id), eq(bookEntries.kind, 'hold'), eq(bookEntries.status, 'confirmed')),
    );
  return kept.length === 1;
}

const refs = (booking: Booking) => ({ patientId: booking.patientId, bookingId: booking.id });
