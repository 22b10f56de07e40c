import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookings, workflowMessages } from '../../drizzle/schema/index.ts';
import type { BookingState, ToBooking } from '../contract.ts';
import { Refusal } from '../refusal.ts';

export type Booking = typeof bookings.$inferSelect;

/**
 * Locks a booking's row: the first thing every transition does, before any lock of the book.
 * @throws Refusal not_found, also for another practice's booking.
 */
export async function lockBooking(tx: Tx, id: string, practiceId?: string): Promise<Booking> {
  const [booking] = await tx
    .select()
    .from(bookings)
    .where(and(eq(bookings.id, id), practiceId === undefined ? undefined : eq(bookings.practiceId, practiceId)))
    .for('update');
  if (!booking) throw new Refusal('not_found');
  return booking;
}

/** The open booking of a planned appointment, locked; null where no effort is under way. */
export async function lockOpenBookingOf(tx: Tx, plannedAppointmentId: string): Promise<Booking | null> {
  const [booking] = await tx
    .select()
    .from(bookings)
    .where(and(eq(bookings.plannedAppointmentId, plannedAppointmentId), isNull(bookings.closedAt)))
    .for('update');
  return booking ?? null;
}

/** The latest booking of a planned appointment, whatever its state. */
export async function latestBookingOf(tx: Tx, plannedAppointmentId: string): Promise<Booking | null> {
  const [booking] = await tx
    .select()
    .from(bookings)
    .where(eq(bookings.plannedAppointmentId, plannedAppointmentId))
    .orderBy(desc(bookings.number))
    .limit(1);
  return booking ?? null;
}

/** Puts a message for the booking's workflow on its way; it leaves when the transaction commits. */
export async function tellWorkflow(tx: Tx, booking: { id: string; practiceId: string }, name: ToBooking): Promise<void> {
  await tx.insert(workflowMessages).values({ practiceId: booking.practiceId, bookingId: booking.id, name });
}

const closing: ReadonlySet<BookingState> = new Set<BookingState>([
  'booked_online',
  'booked_at_desk',
  'postponed',
  'unbooked',
  'expired',
  'withdrawn',
  'undone',
]);

/** Moves a locked booking to its next state. A closing state also notes when. */
export async function moveTo(tx: Tx, booking: Booking, state: BookingState, more: Partial<Booking> = {}): Promise<Booking> {
  const change = { ...more, state, ...(closing.has(state) ? { closedAt: new Date() } : {}) };
  await tx.update(bookings).set(change).where(eq(bookings.id, booking.id));
  return { ...booking, ...change };
}
