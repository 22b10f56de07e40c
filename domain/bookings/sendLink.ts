import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookEntries, bookingLinks, bookings, followUps } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { linkExpiry, reminderTimes } from '../book/rules/reminders.ts';
import { standsInBook } from '../book/standing.ts';
import { toBooking } from '../contract.ts';
import { closeTaskOf, readTask } from '../departures/tasks.ts';
import { putOnFollowUp } from '../followUp/followUp.ts';
import { notifyLive } from '../live.ts';
import { type Channel, freezeMessages, readCorrespondence } from '../messages/freeze.ts';
import { linksOnTheirWay } from '../messages/linksOnTheirWay.ts';
import { Refusal } from '../refusal.ts';
import { type Booking, lockBooking, lockOpenBookingOf, moveTo, tellWorkflow } from './bookings.ts';
import { ensureLink, type LinkKeys } from './links.ts';
import { onlineObstacle, readRequirement } from './requirement.ts';

/**
 * Sends the booking link of a departure task: the task is done, the patient stands on Follow Up under OLB Link Sent, and
 * the messages, their texts frozen, wait in the ledger for the workflow to deliver them.
 * @throws Refusal not_found; already_sent or already_closed when somebody was first; no_appointment_workflow,
 *   not_bookable_online, no_expected_time; no_channel when none is chosen or a chosen one has no contact on file,
 *   opted_out when the patient wants no messages by a chosen one
 */
export async function sendLink(
  tx: Tx,
  keys: LinkKeys,
  by: Staff,
  taskId: string,
  channels: Channel[],
): Promise<Booking> {
  const task = await readTask(tx, by.practiceId, taskId);
  const booking = await lockBooking(tx, task.bookingId, by.practiceId);
  if (booking.state === 'link_sent') throw new Refusal('already_sent');
  if (booking.state !== 'departing') throw new Refusal('already_closed');
  await closeTaskOf(tx, booking.id, 'link_sent');
  // Before the first one nothing is on its way.
  return (await send(tx, keys, by, booking, channels))!;
}

/**
 * Sends the link again from Follow Up. While the link is good the same link goes out anew and lives longer; after its end
 * the next booking is opened, and older links say that they were replaced. Safe to repeat: nothing goes out by a channel on
 * which the link is on its way already.
 * @returns the booking; null where it is on its way by all that were chosen, and nothing was changed
 * @throws Refusal as sendLink; never_sent where no link was sent for the planned appointment before: a first one goes out at
 *   a departure
 */
export async function resendLink(
  tx: Tx,
  keys: LinkKeys,
  by: Staff,
  followUpId: string,
  channels: Channel[],
): Promise<Booking | null> {
  const [followUp] = await tx
    .select()
    .from(followUps)
    .where(and(eq(followUps.id, followUpId), eq(followUps.practiceId, by.practiceId)));
  if (!followUp) throw new Refusal('not_found');
  const open = await lockOpenBookingOf(tx, followUp.plannedAppointmentId);
  if (followUp.closedAt || (open && open.state !== 'link_sent')) throw new Refusal('already_closed');
  if (!open && !(await wasSent(tx, followUp.plannedAppointmentId))) throw new Refusal('never_sent');
  return send(tx, keys, by, open ?? (await openNextBooking(tx, await lockBooking(tx, followUp.bookingId))), channels);
}

/** Whether a link was sent in any of the efforts for a planned appointment. */
async function wasSent(tx: Tx, plannedAppointmentId: string): Promise<boolean> {
  const sent = await tx
    .select({ id: bookings.id })
    .from(bookings)
    .where(and(eq(bookings.plannedAppointmentId, plannedAppointmentId), isNotNull(bookings.linkSentAt)))
    .limit(1);
  return sent.length > 0;
}

/**
 * Opens the booking that follows a closed one, for the same visit.
 * @throws Refusal already_booked while the planned appointment stands in the book, already_sent when somebody was first
 */
export async function openNextBooking(tx: Tx, closed: Booking): Promise<Booking> {
  const [standing] = await tx
    .select({ id: bookEntries.id })
    .from(bookEntries)
    .where(
      and(eq(bookEntries.plannedAppointmentId, closed.plannedAppointmentId), sql.raw(standsInBook('book_entries'))),
    );
  if (standing) throw new Refusal('already_booked');
  await tx
    .update(bookingLinks)
    .set({ replacedAt: new Date() })
    .where(and(eq(bookingLinks.bookingId, closed.id), isNull(bookingLinks.replacedAt)));
  const [next] = await tx
    .insert(bookings)
    .values({
      practiceId: closed.practiceId,
      patientId: closed.patientId,
      plannedAppointmentId: closed.plannedAppointmentId,
      departureId: closed.departureId,
      locationId: closed.locationId,
      visitDay: closed.visitDay,
      departureEndsAt: closed.departureEndsAt,
      requirementVersion: closed.requirementVersion,
      state: 'departing',
      number: sql`(select max(earlier.number) + 1 from ${bookings} earlier where earlier.planned_appointment_id = ${closed.plannedAppointmentId})`,
    })
    .onConflictDoNothing()
    .returning();
  if (!next) throw new Refusal('already_sent');
  return next;
}

/** @returns null where the link is on its way by every channel, and nothing was changed */
async function send(tx: Tx, keys: LinkKeys, by: Staff, booking: Booking, chosen: Channel[]): Promise<Booking | null> {
  const requirement = await readRequirement(tx, booking);
  const obstacle = onlineObstacle(requirement);
  if (obstacle) throw new Refusal(obstacle);
  if (!requirement.toBeBooked || requirement.deleted) throw new Refusal('not_to_be_booked');
  const correspondence = await readCorrespondence(tx, booking.id);
  const { reach } = correspondence;
  if (chosen.length === 0 || chosen.some((channel) => reach[channel] === 'no_contact'))
    throw new Refusal('no_channel', 'channels');
  if (chosen.some((channel) => reach[channel] === 'opted_out')) throw new Refusal('opted_out', 'channels');
  const onTheirWay = await linksOnTheirWay(tx, booking.id);
  const channels = chosen.filter((channel) => !onTheirWay.includes(channel));
  if (channels.length === 0) return null;

  const { practice } = correspondence;
  const sentAt = new Date();
  const linkExpiresAt = new Date(linkExpiry(sentAt.getTime(), practice.linkValidityDays, practice.timeZone));
  const sent = await moveTo(tx, booking, 'link_sent', {
    linkSentAt: sentAt,
    linkExpiresAt,
    answer: null,
    answeredAt: null,
    reminderTimes: reminderTimes({
      sentAt: sentAt.getTime(),
      expiresAt: linkExpiresAt.getTime(),
      afterDays: practice.reminderDays,
      minute: practice.reminderMinute,
      zone: practice.timeZone,
      quiet: { fromMinute: practice.quietFromMinute, untilMinute: practice.quietUntilMinute },
    }).map((time) => new Date(time)),
    requirementVersion: requirement.version,
  });
  const linkId = await ensureLink(tx, keys, booking, 'choose');
  await freezeMessages(tx, correspondence, {
    kind: 'link',
    channels,
    linkId,
    linkLength: keys.urlLength,
    notAfter: linkExpiresAt,
    sentBy: by.userId,
  });
  await putOnFollowUp(tx, booking, 'olb_link_sent', { by });
  await tellWorkflow(tx, booking, toBooking.sendLink);
  await audit(
    tx,
    by,
    'booking.link_sent',
    { patientId: booking.patientId, bookingId: booking.id },
    { channels: channels.join(' ') },
  );
  await notifyLive(tx, by.practiceId, 'tasks', 'followUp');
  return sent;
}
