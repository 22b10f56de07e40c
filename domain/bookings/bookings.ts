import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookings, workflowMessages } from '../../drizzle/schema/index.ts';
import type { BookingState, ToBooking, tryAgain } from '../contract.ts';
import { originNow } from '../origin.ts';
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

/**
 * The open booking of a planned appointment, locked; null where no effort is under way. Until the transaction ends nobody
 * else opens one or changes the plan: whoever asks takes the planned appointment's own lock first, and a row's only then.
 */
export async function lockOpenBookingOf(tx: Tx, plannedAppointmentId: string): Promise<Booking | null> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${plannedAppointmentId}, 1))`);
  const [booking] = await tx
    .select()
    .from(bookings)
    .where(and(eq(bookings.plannedAppointmentId, plannedAppointmentId), isNull(bookings.closedAt)))
    .for('update');
  return booking ?? null;
}

/** Puts a message for the booking's workflow on its way; it leaves when the transaction commits. */
export async function tellWorkflow(
  tx: Tx,
  booking: { id: string; practiceId: string },
  name: ToBooking | typeof tryAgain,
): Promise<void> {
  await tx
    .insert(workflowMessages)
    .values({ practiceId: booking.practiceId, bookingId: booking.id, name, ...originNow() });
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
export async function moveTo(
  tx: Tx,
  booking: Booking,
  state: BookingState,
  more: Partial<Booking> = {},
): Promise<Booking> {
  const change = { ...more, state, ...(closing.has(state) ? { closedAt: new Date() } : {}) };
  await tx.update(bookings).set(change).where(eq(bookings.id, booking.id));
  return { ...booking, ...change };
}
