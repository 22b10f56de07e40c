import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookEntries, plannedAppointments } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { type Booking, lockBooking, lockOpenBookingOf } from '../bookings/bookings.ts';
import { closeFollowUpOf, putOnFollowUp } from './followUp.ts';

/** The booking that an appointment came from, locked, and whether another effort for its planned appointment is under way. */
export interface BookedFrom {
  booking: Booking;
  otherUnderWay: boolean;
}

/**
 * Locks the booking that an appointment in the book came from, as every transition does before it locks the entry; null for
 * an appointment that stands for no planned one, and for one that does not exist.
 */
export async function lockBookedFrom(tx: Tx, by: Staff, entryId: string): Promise<BookedFrom | null> {
  const [entry] = await tx
    .select({ bookingId: bookEntries.bookingId, plannedAppointmentId: bookEntries.plannedAppointmentId })
    .from(bookEntries)
    .where(and(eq(bookEntries.id, entryId), eq(bookEntries.practiceId, by.practiceId)));
  if (!entry?.bookingId || !entry.plannedAppointmentId) return null;
  const open = await lockOpenBookingOf(tx, entry.plannedAppointmentId);
  const booking = open?.id === entry.bookingId ? open : await lockBooking(tx, entry.bookingId, by.practiceId);
  return { booking, otherUnderWay: open !== null && open.id !== booking.id };
}

/**
 * An appointment came to nothing: its patient stands on Follow Up as Unbooked while the plan still wants it booked and no
 * other effort is under way. The booking keeps its outcome: it was booked. @returns whether Follow Up changed
 */
export async function rememberUnbooked(tx: Tx, by: Staff, { booking, otherUnderWay }: BookedFrom): Promise<boolean> {
  if (otherUnderWay) return false;
  const [planned] = await tx
    .select({ toBeBooked: plannedAppointments.toBeBooked })
    .from(plannedAppointments)
    .where(and(eq(plannedAppointments.id, booking.plannedAppointmentId), isNull(plannedAppointments.deletedAt)));
  if (!planned?.toBeBooked) return closeFollowUpOf(tx, booking.plannedAppointmentId, 'withdrawn', { by });
  await putOnFollowUp(tx, booking, 'unbooked', { by });
  return true;
}

/** The patient came after all: takes them off again. @returns whether Follow Up changed */
export function forgetUnbooked(tx: Tx, by: Staff, { booking }: BookedFrom): Promise<boolean> {
  return closeFollowUpOf(tx, booking.plannedAppointmentId, booking.state, { by, bookingId: booking.id });
}
