import { and, eq } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookings } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { assertNotPast, daysOf } from '../book/appointments.ts';
import { type Claimed, claim, undoneIfTaken } from '../book/claim.ts';
import { releaseHold } from '../book/holds.ts';
import { assertProvider, permittedChairs } from '../book/places.ts';
import { firstAllowedDay } from '../book/rules/interval.ts';
import { patientElsewhere } from '../book/standing.ts';
import { toBooking } from '../contract.ts';
import { closeTaskOf } from '../departures/tasks.ts';
import { closeFollowUpOf } from '../followUp/followUp.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { type Booking, lockBooking, lockOpenBookingOf, moveTo, tellWorkflow } from './bookings.ts';
import { readRequirement } from './requirement.ts';
import { openNextBooking } from './sendLink.ts';

export interface DeskTime {
  /** With whom, where that is another than planned. */
  providerId?: string | null;
  /** Permitted chairs, the preferred one first. */
  chairIds: string[];
  startsAt: Date;
}

/**
 * Books a planned appointment at the desk for its Expected Time, from its task or from Follow Up. The effort under way ends
 * with it: a link that is out says that it is booked. Where none is under way the latest booking is followed by one that is
 * booked at once. Whichever way the time was chosen, it is with a provider who treats, on no day that has passed, and not
 * before the first day that the booking interval allows; once it stands in the book it can be moved to any day.
 * @throws Refusal already_booked when the patient's confirmation was first, not_found where the planned appointment never
 *   had a booking, not_to_be_booked where it was deleted, no_expected_time where that or the provider is missing, invalid or
 *   provider_inactive at `provider`, invalid at `chair` for a chair of another place, date_past, before_first_day,
 *   patient_elsewhere where the patient would come twice at once
 */
export function bookAtDesk(tx: Tx, by: Staff, bookingId: string, time: DeskTime): Promise<Claimed> {
  return undoneIfTaken(tx, (savepoint) => claimAtDesk(savepoint, by, bookingId, time));
}

async function claimAtDesk(tx: Tx, by: Staff, bookingId: string, time: DeskTime): Promise<Claimed> {
  const given = await readOwnBooking(tx, by, bookingId);
  const open = await lockOpenBookingOf(tx, given.plannedAppointmentId);
  if (open?.state === 'confirmed') throw new Refusal('already_booked');
  const booking = open ?? (await openNextBooking(tx, await lockBooking(tx, bookingId)));
  const requirement = await readRequirement(tx, booking);
  if (requirement.deleted) throw new Refusal('not_to_be_booked');
  const providerId = time.providerId ?? requirement.providerId;
  if (!providerId || requirement.minutes === 0) throw new Refusal('no_expected_time');
  const endsAt = new Date(time.startsAt.getTime() + requirement.minutes * 60_000);
  const days = daysOf({ startsAt: time.startsAt, endsAt }, requirement.timeZone);
  await assertProvider(tx, by, providerId);
  assertNotPast(days, requirement.timeZone);
  if (days[0]! < firstAllowedDay(booking.visitDay, requirement.intervalDays))
    throw new Refusal('before_first_day', 'day');
  const permitted = await permittedChairs(tx, by, booking.locationId, null);
  const chairIds = time.chairIds.filter((id) => permitted.includes(id));
  if (chairIds.length === 0) throw new Refusal('invalid', 'chair');
  await releaseHold(tx, booking.id);
  if ((await patientElsewhere(tx, { patientId: booking.patientId, startsAt: time.startsAt, endsAt }, null)).length > 0)
    throw new Refusal('patient_elsewhere');
  const claimed = await claim(tx, {
    providerId,
    chairIds,
    startsAt: time.startsAt,
    endsAt,
    practiceId: booking.practiceId,
    locationId: booking.locationId,
    days,
    patientId: booking.patientId,
    kind: 'appointment',
    madeBy: 'desk',
    bookingId: booking.id,
    plannedAppointmentId: booking.plannedAppointmentId,
    description: requirement.description,
  });
  if (claimed.taken) return claimed;
  await moveTo(tx, booking, 'booked_at_desk');
  await closeTaskOf(tx, booking.id, 'booked_at_desk');
  await closeFollowUpOf(tx, booking.plannedAppointmentId, 'booked_at_desk', { by });
  if (open) await tellWorkflow(tx, booking, toBooking.bookedAtDesk);
  else await tx.update(bookings).set({ settledAt: new Date() }).where(eq(bookings.id, booking.id));
  await audit(tx, by, 'appointment.booked_at_desk', {
    patientId: booking.patientId,
    bookingId: booking.id,
    entryId: claimed.entryId,
  });
  await notifyLive(tx, by.practiceId, 'book', 'tasks', 'followUp');
  return claimed;
}

/** A practice's own booking, as it is now. @throws Refusal not_found */
export async function readOwnBooking(tx: Tx, by: Staff, id: string): Promise<Booking> {
  const [booking] = await tx
    .select()
    .from(bookings)
    .where(and(eq(bookings.id, id), eq(bookings.practiceId, by.practiceId)));
  if (!booking) throw new Refusal('not_found');
  return booking;
}
