import { and, eq } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookEntries, bookings, plannedAppointments } from '../../drizzle/schema/index.ts';
import { audit } from '../audit.ts';
import { claim } from '../book/claim.ts';
import { type BookEntry, latestHold } from '../book/holds.ts';
import { localDay } from '../book/rules/localTime.ts';
import { toBooking } from '../contract.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { type Booking, lockBooking, moveTo, tellWorkflow } from './bookings.ts';
import { assertChoosing } from './hold.ts';
import { readRequirement } from './requirement.ts';

export type Confirmed = { taken: true } | { taken: false; startsAt: Date };

/**
 * The patient's yes: the hold becomes confirmed, and is never released again by time or by staff. Safe to repeat: a second
 * click answers as the first. A hold that ran out is simply taken again while its time is free.
 * @throws Refusal already_closed, link_expired, requirement_changed, hold_lapsed (nothing was chosen yet)
 */
export async function confirm(tx: Tx, bookingId: string): Promise<Confirmed> {
  // Sent at once; the server locks the booking first, and only then looks for what it holds.
  const [booking, hold, version] = await Promise.all([
    lockBooking(tx, bookingId),
    latestHold(tx, bookingId),
    requiredVersion(tx, bookingId),
  ]);
  if (booking.state === 'confirmed' || booking.state === 'booked_online') {
    return { taken: false, startsAt: (hold ?? (await appointmentOf(tx, bookingId)))!.startsAt };
  }
  if (booking.state !== 'link_sent') throw new Refusal('already_closed');
  if (!hold || hold.status === 'released') throw new Refusal('hold_lapsed');
  if (version !== hold.requirementVersion) throw new Refusal('requirement_changed');

  const entryId = (await keepHeld(tx, hold)) ?? (await takeAgain(tx, booking, hold));
  if (!entryId) return { taken: true };
  const { practiceId, patientId } = booking;
  await Promise.all([
    moveTo(tx, booking, 'confirmed', { confirmedAt: new Date() }),
    audit(tx, { practiceId, actor: 'patient' }, 'booking.confirmed', { patientId, bookingId, entryId }),
    tellWorkflow(tx, booking, toBooking.bookingConfirmed),
    notifyLive(tx, practiceId, 'book', 'followUp'),
  ]);
  return { taken: false, startsAt: hold.startsAt };
}

/** A hold that stands is good also when the link ran out meanwhile, and also after its minutes while nobody took it. */
async function keepHeld(tx: Tx, hold: BookEntry): Promise<string | null> {
  const [kept] = await tx
    .update(bookEntries)
    .set({ status: 'confirmed' })
    .where(and(eq(bookEntries.id, hold.id), eq(bookEntries.status, 'held')))
    .returning({ id: bookEntries.id });
  return kept?.id ?? null;
}

async function takeAgain(tx: Tx, booking: Booking, hold: BookEntry): Promise<string | null> {
  assertChoosing(booking);
  const requirement = await readRequirement(tx, booking.plannedAppointmentId);
  const claimed = await claim(tx, {
    ...hold,
    providerId: hold.providerId!,
    chairIds: requirement.onlineChairIds,
    days: [
      localDay(hold.startsAt.getTime(), requirement.timeZone),
      localDay(hold.endsAt.getTime() - 1, requirement.timeZone),
    ],
    patientId: booking.patientId,
    kind: 'hold',
    heldUntil: new Date(),
  });
  if (claimed.taken) return null;
  await tx.update(bookEntries).set({ status: 'confirmed' }).where(eq(bookEntries.id, claimed.entryId));
  return claimed.entryId;
}

/** Of the planned appointment, as it stands now. */
async function requiredVersion(tx: Tx, bookingId: string): Promise<number | undefined> {
  const [planned] = await tx
    .select({ version: plannedAppointments.requirementVersion })
    .from(plannedAppointments)
    .innerJoin(bookings, eq(bookings.plannedAppointmentId, plannedAppointments.id))
    .where(eq(bookings.id, bookingId));
  return planned?.version;
}

async function appointmentOf(tx: Tx, bookingId: string): Promise<BookEntry | undefined> {
  const [appointment] = await tx
    .select()
    .from(bookEntries)
    .where(and(eq(bookEntries.bookingId, bookingId), eq(bookEntries.kind, 'appointment')));
  return appointment;
}
