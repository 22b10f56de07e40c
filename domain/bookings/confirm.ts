import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Database, Tx } from '../../drizzle/database.ts';
import { bookEntries, bookings, plannedAppointments } from '../../drizzle/schema/index.ts';
import { claim } from '../book/claim.ts';
import { type BookEntry, latestHold } from '../book/holds.ts';
import { localDay } from '../book/rules/localTime.ts';
import { toBooking } from '../contract.ts';
import { liveNotice } from '../live.ts';
import { lastReminderLeft } from '../messages/lastReminder.ts';
import { originNow } from '../origin.ts';
import { Refusal } from '../refusal.ts';
import { type Booking, lockBooking } from './bookings.ts';
import { assertChoosing } from './hold.ts';
import { hashOfToken, tokenPattern } from './links.ts';
import { onlineChairs, readRequirement } from './requirement.ts';

export type Confirmed =
  | { taken: true }
  | {
      taken: false;
      entryId: string;
      startsAt: Date;
      /** Somebody has confirmed it before; nothing was changed. */
      already: boolean;
    };

/**
 * The patient's yes by their link, where all is as they were shown it: one statement that commits by itself.
 * @returns the entry; null where there is more to it, and `confirm` knows what
 */
export async function confirmByLink(database: Database, token: string): Promise<string | null> {
  if (!tokenPattern.test(token)) return null;
  const link = sql`(
    select booking_id from booking_links where token_hash = ${hashOfToken(token)} and purpose = 'choose' and replaced_at is null)`;
  const kept = await keepHeld(database, link);
  if (kept?.reminding) await lastReminderLeft(database, kept.bookingId);
  return kept?.entryId ?? null;
}

/**
 * The patient's yes: the hold becomes confirmed, and is never released again by time or by staff. Safe to repeat: a second
 * click answers as the first. A hold that ran out is simply taken again while its time is free and may still be booked online.
 * @throws Refusal already_closed, link_expired, requirement_changed, hold_lapsed (nothing was chosen yet, or its time has come)
 */
export async function confirm(tx: Tx, bookingId: string): Promise<Confirmed> {
  // Sent at once; the server locks the booking first, and only then looks for what it holds.
  const [booking, hold, version] = await Promise.all([
    lockBooking(tx, bookingId),
    latestHold(tx, bookingId),
    requiredVersion(tx, bookingId),
  ]);
  if (booking.state === 'confirmed' || booking.state === 'booked_online') {
    const { id, startsAt } = (hold ?? (await appointmentOf(tx, bookingId)))!;
    return { taken: false, entryId: id, startsAt, already: true };
  }
  if (booking.state !== 'link_sent') throw new Refusal('already_closed');
  if (!hold || hold.status === 'released' || hold.startsAt <= new Date()) throw new Refusal('hold_lapsed');
  if (version !== hold.requirementVersion) throw new Refusal('requirement_changed');

  const id = sql`${bookingId}::uuid`;
  const kept = (await keepHeld(tx, id)) ?? ((await takeAgain(tx, booking, hold)) && (await keepHeld(tx, id)));
  return kept ? { taken: false, entryId: kept.entryId, startsAt: hold.startsAt, already: false } : { taken: true };
}

type Kept = {
  bookingId: string;
  entryId: string;
  /** Whether a reminder may be on its way to the carrier. */
  reminding: boolean;
};

/**
 * Confirms the hold that a booking has, tells its workflow and the open screens: all of it, or nothing where no hold stands
 * that fits what is required now. A hold that stands is good also when the link ran out meanwhile, and also after its
 * minutes while nobody took it, it is still to come, and patients may book its provider and chair. The booking's row is
 * locked first, then the planned appointment's, and both are read anew when others held them.
 */
async function keepHeld(tx: Tx, bookingId: SQL): Promise<Kept | null> {
  const { requestId, traceParent } = originNow();
  const [kept] = await tx.execute<Kept>(sql`
    with chosen as (
      select booking.id, booking.practice_id, booking.patient_id, hold.id as entry_id
      from bookings booking
      join planned_appointments planned on planned.id = booking.planned_appointment_id
      join book_entries hold on hold.booking_id = booking.id and hold.kind = 'hold' and hold.status = 'held'
        and hold.requirement_version = planned.requirement_version and hold.starts_at > clock_timestamp()
        and (hold.held_until > clock_timestamp()
          or hold.chair_id in (${sql.raw(onlineChairs('hold.provider_id', 'hold.location_id'))}))
      where booking.id = ${bookingId} and booking.state = 'link_sent'
      for update of booking for share of planned),
    kept as (
      update book_entries entry set status = 'confirmed' from chosen
      where entry.id = chosen.entry_id and entry.status = 'held' returning chosen.*),
    moved as (
      update bookings booking set state = 'confirmed', confirmed_at = clock_timestamp() from kept where booking.id = kept.id),
    told as (
      insert into workflow_messages (practice_id, booking_id, name, request_id, trace_parent)
      select practice_id, id, ${toBooking.bookingConfirmed}, ${requestId}, ${traceParent} from kept),
    noted as (
      insert into audit_entries (practice_id, actor, action, patient_id, booking_id, entry_id)
      select practice_id, 'patient', 'booking.confirmed', patient_id, id, entry_id from kept)
    select id as "bookingId", entry_id as "entryId", exists (
        select from messages where booking_id = kept.id and kind = 'reminder' and state in ('waiting', 'sending')) as reminding,
      ${liveNotice(sql`practice_id`, 'book', 'followUp')} from kept`);
  return kept ?? null;
}

/** @returns whether the time is held again; not where it may no longer be booked online */
async function takeAgain(tx: Tx, booking: Booking, hold: BookEntry): Promise<boolean> {
  assertChoosing(booking);
  const requirement = await readRequirement(tx, booking);
  if (!requirement.bookableOnline) return false;
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
  return !claimed.taken;
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
