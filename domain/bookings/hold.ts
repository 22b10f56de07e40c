import { and, eq, sql } from 'drizzle-orm';
import type { Database, Tx } from '../../drizzle/database.ts';
import { bookEntries, bookings, practices } from '../../drizzle/schema/index.ts';
import { claim, undoneIfTaken } from '../book/claim.ts';
import { type BookEntry, latestHold, releaseHold } from '../book/holds.ts';
import { amongRivals } from '../book/rivals.ts';
import { localDay } from '../book/rules/localTime.ts';
import { patientElsewhere } from '../book/standing.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { type Booking, lockBooking } from './bookings.ts';
import { isOffered } from './offer.ts';
import { readRequirement } from './requirement.ts';

/**
 * As `hold`, in a transaction of its own, for a patient among others who may want the same time at the same moment. Where the
 * time is taken, the one the patient had set aside before stays theirs.
 */
export function holdAmongRivals(
  database: Database,
  { bookingId, providerId }: { bookingId: string; providerId: string | null },
  startsAt: Date,
): Promise<Held> {
  return amongRivals({ providerId, startsAt, by: bookingId }, () =>
    undoneIfTaken(database, (tx) => hold(tx, bookingId, startsAt)),
  );
}

export type Held = { taken: true } | { taken: false; entryId: string };

/** How often a patient may keep a hold longer. */
export const mostExtensions = 2;

/**
 * Sets a gap aside for the patient while they confirm. A new hold takes the place of the booking's older one; choosing the
 * same time again keeps the one there is.
 * @throws Refusal already_closed, link_expired; outside_offer, also where the provider is not bookable online any more
 */
export async function hold(tx: Tx, bookingId: string, startsAt: Date): Promise<Held> {
  const booking = await lockBooking(tx, bookingId);
  assertChoosing(booking);
  const requirement = await readRequirement(tx, booking);
  const endsAt = new Date(startsAt.getTime() + requirement.minutes * 60_000);
  const previous = await latestHold(tx, booking.id);
  if (previous && stillKeeps(previous, startsAt, requirement.version)) return { taken: false, entryId: previous.id };

  if (!(await isOffered(tx, booking, requirement, startsAt))) throw new Refusal('outside_offer');
  await releaseHold(tx, booking.id);
  // They booked something else since the page was drawn.
  if ((await patientElsewhere(tx, { patientId: booking.patientId, startsAt, endsAt }, null)).length > 0)
    throw new Refusal('outside_offer');
  const claimed = await claim(tx, {
    practiceId: booking.practiceId,
    locationId: booking.locationId,
    providerId: requirement.providerId!,
    chairIds: requirement.onlineChairIds,
    startsAt,
    endsAt,
    days: [localDay(startsAt.getTime(), requirement.timeZone), localDay(endsAt.getTime() - 1, requirement.timeZone)],
    patientId: booking.patientId,
    kind: 'hold',
    madeBy: 'online',
    bookingId: booking.id,
    plannedAppointmentId: booking.plannedAppointmentId,
    description: requirement.description,
    heldUntil: await keptUntil(tx, booking.practiceId),
    requirementVersion: requirement.version,
  });
  if (claimed.taken) return claimed;
  if (booking.requirementVersion !== requirement.version) {
    await tx.update(bookings).set({ requirementVersion: requirement.version }).where(eq(bookings.id, booking.id));
  }
  await notifyLive(tx, booking.practiceId, 'book');
  return { taken: false, entryId: claimed.entryId };
}

/**
 * Keeps the booking's hold for another hold's length, at most twice.
 * @throws Refusal hold_lapsed when its time is no longer kept, hold_not_extendable after the second time
 */
export async function extendHold(tx: Tx, bookingId: string): Promise<Date> {
  const booking = await lockBooking(tx, bookingId);
  assertOpen(booking);
  const heldUntil = await keptUntil(tx, booking.practiceId);
  const [extended] = await tx
    .update(bookEntries)
    .set({ heldUntil, timesExtended: sql`${bookEntries.timesExtended} + 1` })
    .where(
      and(
        eq(bookEntries.bookingId, bookingId),
        eq(bookEntries.kind, 'hold'),
        eq(bookEntries.status, 'held'),
        sql`${bookEntries.timesExtended} < ${mostExtensions}`,
      ),
    )
    .returning({ heldUntil: bookEntries.heldUntil });
  if (extended) return extended.heldUntil!;
  const latest = await latestHold(tx, bookingId);
  throw new Refusal(latest?.status === 'held' ? 'hold_not_extendable' : 'hold_lapsed');
}

/** @throws Refusal already_closed with the winner's state to be read from the row, link_expired */
export function assertChoosing(booking: Booking): void {
  assertOpen(booking);
  if (booking.linkExpiresAt && booking.linkExpiresAt.getTime() <= Date.now()) throw new Refusal('link_expired');
}

/** @throws Refusal already_closed, also where somebody else said that the link is not for them */
export function assertOpen(booking: Booking): void {
  if (booking.state !== 'link_sent' || booking.answer === 'not_for_me') throw new Refusal('already_closed');
}

const stillKeeps = (hold: BookEntry, startsAt: Date, version: number) =>
  hold.status === 'held' &&
  hold.startsAt.getTime() === startsAt.getTime() &&
  hold.requirementVersion === version &&
  hold.heldUntil!.getTime() > Date.now();

/** Until when a hold that begins now is kept, by the database's clock: rivals judge by that. */
async function keptUntil(tx: Tx, practiceId: string): Promise<Date> {
  const [practice] = await tx
    .select({ until: sql<string>`clock_timestamp() + ${practices.holdMinutes} * interval '1 minute'` })
    .from(practices)
    .where(eq(practices.id, practiceId));
  return new Date(practice!.until);
}
