import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { followUps } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import type { Booking } from '../bookings/bookings.ts';

export type FollowUpCategory = (typeof followUps.$inferSelect)['category'];

/**
 * Puts a booking's patient on Follow Up, or moves the one open row of the planned appointment to the category and booking
 * given. Safe to repeat.
 */
export async function putOnFollowUp(
  tx: Tx,
  booking: Pick<Booking, 'id' | 'practiceId' | 'patientId' | 'plannedAppointmentId'>,
  category: FollowUpCategory,
  more: { by?: Staff; dueOn?: string | null; note?: string } = {},
): Promise<void> {
  const change = { category, bookingId: booking.id, dueOn: more.dueOn ?? null, openedBy: more.by?.userId ?? null };
  await tx
    .insert(followUps)
    .values({
      ...change,
      practiceId: booking.practiceId,
      patientId: booking.patientId,
      plannedAppointmentId: booking.plannedAppointmentId,
      note: more.note ?? '',
    })
    .onConflictDoUpdate({
      target: followUps.plannedAppointmentId,
      targetWhere: isNull(followUps.closedAt),
      set: { ...change, openedAt: sql`clock_timestamp()`, ...(more.note === undefined ? {} : { note: more.note }) },
    });
}

/**
 * Moves the open row of the planned appointment, if there is one: who was taken off by hand is not brought back. With
 * `insteadOf` only a row of that category is moved, since another one says more, and none of another booking.
 */
export async function moveOnFollowUp(
  tx: Tx,
  booking: Pick<Booking, 'id' | 'plannedAppointmentId'>,
  category: FollowUpCategory,
  { insteadOf, openedBy = null }: { insteadOf?: FollowUpCategory; openedBy?: string | null } = {},
): Promise<void> {
  await tx
    .update(followUps)
    .set({ category, bookingId: booking.id, dueOn: null, openedBy, openedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(followUps.plannedAppointmentId, booking.plannedAppointmentId),
        isNull(followUps.closedAt),
        insteadOf && and(eq(followUps.category, insteadOf), eq(followUps.bookingId, booking.id)),
      ),
    );
}

/**
 * Takes a planned appointment's patient off Follow Up; says whether there was a row. Safe to repeat. With `bookingId` only
 * a row of that booking is closed: a late repetition must not touch what came after it; with `category` only one of that.
 */
export async function closeFollowUpOf(
  tx: Tx,
  plannedAppointmentId: string,
  reason: string,
  { by, bookingId, category }: { by?: Staff; bookingId?: string; category?: FollowUpCategory } = {},
): Promise<boolean> {
  const closed = await tx
    .update(followUps)
    .set({ closedAt: new Date(), closedReason: reason, closedBy: by?.userId ?? null })
    .where(
      and(
        eq(followUps.plannedAppointmentId, plannedAppointmentId),
        isNull(followUps.closedAt),
        bookingId === undefined ? undefined : eq(followUps.bookingId, bookingId),
        category && eq(followUps.category, category),
      ),
    )
    .returning({ id: followUps.id });
  return closed.length > 0;
}
