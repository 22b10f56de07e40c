import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { followUps } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { lockBooking } from '../bookings/bookings.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';

async function openRow(tx: Tx, by: Staff, id: string) {
  const [row] = await tx
    .select()
    .from(followUps)
    .where(and(eq(followUps.id, id), eq(followUps.practiceId, by.practiceId)));
  if (!row) throw new Refusal('not_found');
  return row;
}

/**
 * Takes somebody off Follow Up by hand, with the reason. A link that is out stays good: it is withdrawn on the Chart.
 * @throws Refusal not_found, already_closed, already_booked while the patient's confirmation is being written
 */
export async function finishFollowUp(tx: Tx, by: Staff, id: string, reason: string): Promise<void> {
  const row = await openRow(tx, by, id);
  const booking = await lockBooking(tx, row.bookingId, by.practiceId);
  if (booking.state === 'confirmed') throw new Refusal('already_booked');
  const closed = await tx
    .update(followUps)
    .set({ closedAt: new Date(), closedBy: by.userId, closedReason: reason })
    .where(and(eq(followUps.id, id), isNull(followUps.closedAt)))
    .returning({ id: followUps.id });
  if (closed.length === 0) throw new Refusal('already_closed');
  await audit(tx, by, 'follow_up.done', { patientId: row.patientId, bookingId: row.bookingId });
  await notifyLive(tx, by.practiceId, 'followUp');
}

/**
 * Puts a row off to another day, with the reason: until then it stands last, from then on first. The category stays; without
 * a day the row stays where it is. @throws Refusal not_found, already_closed
 */
export async function postponeFollowUp(
  tx: Tx,
  by: Staff,
  id: string,
  { reason, dueOn }: { reason: string; dueOn: string | null },
): Promise<void> {
  const row = await openRow(tx, by, id);
  if (row.closedAt) throw new Refusal('already_closed');
  await tx.update(followUps).set({ note: reason, dueOn }).where(eq(followUps.id, id));
  await audit(tx, by, 'follow_up.postponed', { patientId: row.patientId, bookingId: row.bookingId });
  await notifyLive(tx, by.practiceId, 'followUp');
}
