import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookingLinks } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { releaseHold } from '../book/holds.ts';
import { toBooking } from '../contract.ts';
import { closeTaskOf } from '../departures/tasks.ts';
import { closeFollowUpOf } from '../followUp/followUp.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { lockOpenBookingOf, moveTo, tellWorkflow } from './bookings.ts';

/**
 * Ends the effort for a planned appointment that was unticked or deleted: its link, hold, task and Follow Up go with it.
 * Does nothing where no effort is under way. Call it before the plan's own rows change: it takes the booking's lock.
 * @throws Refusal already_booked when the patient has confirmed: the appointment is on its way into the book.
 */
export async function withdrawPlannedAppointment(tx: Tx, by: Staff, plannedAppointmentId: string): Promise<void> {
  const booking = await lockOpenBookingOf(tx, plannedAppointmentId);
  if (booking?.state === 'confirmed') throw new Refusal('already_booked');
  if (booking) {
    await moveTo(tx, booking, 'withdrawn');
    await releaseHold(tx, booking.id);
    await tx
      .update(bookingLinks)
      .set({ replacedAt: new Date() })
      .where(and(eq(bookingLinks.bookingId, booking.id), isNull(bookingLinks.replacedAt)));
    await closeTaskOf(tx, booking.id, 'withdrawn');
    await tellWorkflow(tx, booking, toBooking.planWithdrawn);
    await audit(tx, by, 'booking.withdrawn', { patientId: booking.patientId, bookingId: booking.id });
  }
  const closed = await closeFollowUpOf(tx, plannedAppointmentId, 'withdrawn', { by });
  if (booking || closed) await notifyLive(tx, by.practiceId, 'tasks', 'followUp');
}

/**
 * Says that length, provider or interval of a planned appointment are about to change: takes the booking's lock, so that
 * a patient's confirmation comes wholly before or wholly after. A hold chosen under the old requirement is refused later.
 */
export async function requirementChanged(tx: Tx, plannedAppointmentId: string): Promise<void> {
  const booking = await lockOpenBookingOf(tx, plannedAppointmentId);
  if (booking) await notifyLive(tx, booking.practiceId, 'tasks', 'followUp');
}
