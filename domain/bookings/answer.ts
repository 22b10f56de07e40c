import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookingLinks, bookings } from '../../drizzle/schema/index.ts';
import { audit } from '../audit.ts';
import { releaseHold } from '../book/holds.ts';
import { toBooking } from '../contract.ts';
import { type FollowUpCategory, putOnFollowUp } from '../followUp/followUp.ts';
import { notifyLive } from '../live.ts';
import { type Booking, lockBooking, tellWorkflow } from './bookings.ts';
import { assertOpen } from './hold.ts';

export type PatientAnswer = NonNullable<Booking['answer']>;

/** Under which category who answered stands on Follow Up. */
const categories: Record<PatientAnswer, FollowUpCategory> = {
  no_time_suits: 'unbooked',
  call_me: 'call_requested',
  not_for_me: 'wrong_contact',
};

/**
 * What the patient says on the link's page instead of choosing a time. They stand on Follow Up under the category that fits,
 * a time they held is free again, and no reminder goes out any more. The link stays good and can still be booked by, unless
 * it reached somebody else: then it leads nowhere any more. Safe to repeat: the same answer again changes nothing, another
 * one takes its place.
 * @throws Refusal already_closed when the patient has confirmed, or the effort ended, or the link had reached somebody else
 */
export async function answerLink(tx: Tx, bookingId: string, answer: PatientAnswer): Promise<void> {
  const booking = await lockBooking(tx, bookingId);
  if (booking.state === 'link_sent' && booking.answer === answer) return;
  assertOpen(booking);
  const { practiceId, patientId } = booking;
  await releaseHold(tx, bookingId);
  await tx
    .update(bookings)
    .set({ answer, answeredAt: sql`clock_timestamp()`, reminderTimes: [] })
    .where(eq(bookings.id, bookingId));
  if (answer === 'not_for_me') {
    await tx
      .update(bookingLinks)
      .set({ replacedAt: sql`clock_timestamp()` })
      .where(
        and(eq(bookingLinks.bookingId, bookingId), eq(bookingLinks.purpose, 'choose'), isNull(bookingLinks.replacedAt)),
      );
  }
  await putOnFollowUp(tx, booking, categories[answer]);
  await tellWorkflow(tx, booking, toBooking.patientAnswered);
  await audit(tx, { practiceId, actor: 'patient' }, 'booking.answered', { patientId, bookingId }, { answer });
  await notifyLive(tx, practiceId, 'book', 'followUp');
}
