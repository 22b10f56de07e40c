import type { Tx } from '../../drizzle/database.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { lockBooking, moveTo, tellWorkflow } from '../bookings/bookings.ts';
import { toBooking } from '../contract.ts';
import { putOnFollowUp } from '../followUp/followUp.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { closeTaskOf, readTask } from './tasks.ts';

/**
 * Puts a task off to Follow Up, with a reason and the day to look at it again ('YYYY-MM-DD', or none).
 * @throws Refusal not_found, already_closed when a colleague, the patient or the day's end was first
 */
export async function postpone(
  tx: Tx,
  by: Staff,
  taskId: string,
  { reason, dueOn }: { reason: string; dueOn: string | null },
): Promise<void> {
  const task = await readTask(tx, by.practiceId, taskId);
  const booking = await lockBooking(tx, task.bookingId, by.practiceId);
  if (booking.state !== 'departing') throw new Refusal('already_closed');
  await moveTo(tx, booking, 'postponed');
  await closeTaskOf(tx, booking.id, 'postponed');
  await putOnFollowUp(tx, booking, 'postponed', { by, dueOn, note: reason });
  await tellWorkflow(tx, booking, toBooking.postponed);
  await audit(tx, by, 'booking.postponed', { patientId: booking.patientId, bookingId: booking.id });
  await notifyLive(tx, by.practiceId, 'tasks', 'followUp');
}
