import { endOfDepartureDay, linkExpiry, reminderTimes } from '../../domain/book/rules/reminders.ts';
import { toBooking } from '../../domain/contract.ts';
import { bookings, departureTasks, followUps, usageEvents, workflowMessages } from '../../drizzle/schema/index.ts';
import type { ProviderKey } from './house.ts';
import { draftConfirmation, draftLinkLetters, type Fate } from './letters.ts';
import type { DemoPatient } from './people.ts';
import { after, dayOf, type Scene, type Slot, zone } from './scene.ts';
import { draftAppointment } from './writing.ts';

export interface Visit {
  patient: DemoPatient;
  departureId: string;
  departedAt: Date;
  plannedAppointmentId: string;
}

type Booking = typeof bookings.$inferInsert;

function draftBooking(
  { drafts, locationId, patientIds }: Scene,
  visit: Visit,
  more: Partial<Booking> & Pick<Booking, 'state'>,
): string {
  const id = drafts.newId();
  const visitDay = dayOf(visit.departedAt);
  drafts.add(bookings, {
    id,
    patientId: patientIds.get(visit.patient)!,
    plannedAppointmentId: visit.plannedAppointmentId,
    departureId: visit.departureId,
    locationId,
    number: 1,
    visitDay,
    departureEndsAt: new Date(endOfDepartureDay(visitDay, zone)),
    requirementVersion: 1,
    createdAt: visit.departedAt,
    ...more,
  });
  return id;
}

/** A departure whose task is still to do; its workflow starts with the first worker. */
export function draftOpenTask(scene: Scene, visit: Visit): void {
  const bookingId = draftBooking(scene, visit, { state: 'departing' });
  const { departureId, departedAt } = visit;
  scene.drafts.add(departureTasks, {
    id: scene.drafts.newId(),
    locationId: scene.locationId,
    departureId,
    bookingId,
    openedAt: departedAt,
  });
  scene.drafts.add(workflowMessages, { bookingId, name: toBooking.departed });
}

/**
 * A departure that came to nothing yet: its patient stands on Follow Up. Its workflow starts with the first worker, as the
 * list links to it.
 */
export function draftFollowUp(
  scene: Scene,
  visit: Visit,
  state: 'postponed' | 'unbooked',
  more: { dueOn?: string; note?: string } = {},
): void {
  const isPostponed = state === 'postponed';
  const closedAt = isPostponed
    ? after(visit.departedAt, 3)
    : new Date(endOfDepartureDay(dayOf(visit.departedAt), zone));
  const bookingId = draftBooking(scene, visit, { state, closedAt });
  draftTask(scene, visit, bookingId, state, closedAt);
  scene.drafts.add(workflowMessages, { bookingId, name: toBooking.departed });
  putOnFollowUp(scene, visit, bookingId, state, closedAt, {
    ...more,
    openedBy: isPostponed ? scene.receptionistId : null,
  });
}

/**
 * A link that the patient was sent and has not used: who it is for stands on Follow Up, under what has become of it. The
 * reminders that were due have left; its workflow, which starts with the first worker, finds them there and waits for the rest.
 */
export function draftSentLink(scene: Scene, visit: Visit, provider: ProviderKey, fate: Fate): void {
  const { sentAt, expiresAt, reminders } = linkOf(scene, visit);
  const isOver = expiresAt.getTime() <= scene.now;
  const bookingId = draftBooking(scene, visit, {
    state: isOver ? 'expired' : 'link_sent',
    closedAt: isOver ? expiresAt : null,
    ...timesOf({ sentAt, expiresAt, reminders }),
  });
  draftTask(scene, visit, bookingId, 'link_sent', sentAt);
  const remindedAt = reminders.filter((time) => time.getTime() <= scene.now);
  draftLinkLetters(scene, visit.patient, { bookingId, provider, sentAt, expiresAt, remindedAt, fate });
  scene.drafts.add(workflowMessages, { bookingId, name: toBooking.departed });
  if (isOver) putOnFollowUp(scene, visit, bookingId, 'olb_link_expired', expiresAt);
  else if (fate === 'failed') putOnFollowUp(scene, visit, bookingId, 'not_delivered', after(sentAt, 1));
  else putOnFollowUp(scene, visit, bookingId, 'olb_link_sent', sentAt, { openedBy: scene.receptionistId });
}

export interface OnlineBooking extends Visit {
  slot: Slot;
  confirmedAt: Date;
  description: string;
  status: 'departed' | 'booked' | 'arrived' | 'in_chair' | 'did_not_attend';
  /** Of the appointment itself, where the patient has been there. */
  departureOfAppointment: string | null;
}

/** A booking that the patient made online some time ago, with all that belongs to it: link, messages, appointment, statistic. */
export function draftOnlineBooking(scene: Scene, booking: OnlineBooking): void {
  const { drafts } = scene;
  const { slot, confirmedAt, patient, plannedAppointmentId } = booking;
  const { sentAt, expiresAt, reminders } = linkOf(scene, booking);
  const writtenAt = after(confirmedAt, 0.05);
  const bookingId = draftBooking(scene, booking, {
    state: 'booked_online',
    ...timesOf({ sentAt, expiresAt, reminders }),
    confirmedAt,
    closedAt: writtenAt,
    settledAt: writtenAt,
  });
  draftTask(scene, booking, bookingId, 'link_sent', sentAt);
  const remindedAt = reminders.filter((time) => time < confirmedAt);
  const { provider } = slot;
  draftLinkLetters(scene, patient, { bookingId, provider, sentAt, expiresAt, remindedAt, fate: 'delivered' });
  draftConfirmation(scene, patient, { bookingId, sentAt: writtenAt, slot });
  drafts.add(followUps, {
    id: drafts.newId(),
    patientId: scene.patientIds.get(patient)!,
    plannedAppointmentId,
    bookingId,
    category: 'olb_link_sent',
    openedBy: scene.receptionistId,
    openedAt: sentAt,
    closedAt: writtenAt,
    closedReason: 'booked_online',
  });
  const appointmentId = draftAppointment(scene, slot, patient, {
    status: booking.status,
    description: booking.description,
    departureId: booking.departureOfAppointment,
    bookingId,
    plannedAppointmentId,
    madeBy: 'online',
    requirementVersion: 1,
    createdAt: confirmedAt,
  });
  drafts.add(usageEvents, {
    id: drafts.newId(),
    kind: 'planned_treatment_booking',
    appointmentId,
    providerId: scene.providerIds[slot.provider],
    occurredAt: confirmedAt,
  });
}

function draftTask(
  { drafts, locationId }: Scene,
  visit: Visit,
  bookingId: string,
  outcome: NonNullable<(typeof departureTasks.$inferInsert)['outcome']>,
  closedAt: Date,
): void {
  const { departureId, departedAt } = visit;
  drafts.add(departureTasks, {
    id: drafts.newId(),
    locationId,
    departureId,
    bookingId,
    openedAt: departedAt,
    guardedAt: departedAt,
    closedAt,
    outcome,
  });
}

function putOnFollowUp(
  { drafts, patientIds }: Scene,
  visit: Visit,
  bookingId: string,
  category: NonNullable<(typeof followUps.$inferInsert)['category']>,
  openedAt: Date,
  more: Partial<typeof followUps.$inferInsert> = {},
): void {
  drafts.add(followUps, {
    id: drafts.newId(),
    patientId: patientIds.get(visit.patient)!,
    plannedAppointmentId: visit.plannedAppointmentId,
    bookingId,
    category,
    openedAt,
    ...more,
  });
}

interface Link {
  sentAt: Date;
  expiresAt: Date;
  reminders: Date[];
}

/** The link as it was sent at a departure, by the practice's rules. */
function linkOf({ practice }: Scene, { departedAt }: Visit): Link {
  const sentAt = after(departedAt, 3);
  const expiresAt = linkExpiry(sentAt.getTime(), practice.linkValidityDays, zone);
  const reminders = reminderTimes({
    sentAt: sentAt.getTime(),
    expiresAt,
    afterDays: practice.reminderDays,
    minute: practice.reminderMinute,
    zone,
    quiet: { fromMinute: practice.quietFromMinute, untilMinute: practice.quietUntilMinute },
  });
  return { sentAt, expiresAt: new Date(expiresAt), reminders: reminders.map((time) => new Date(time)) };
}

const timesOf = ({ sentAt, expiresAt, reminders }: Link) => ({
  linkSentAt: sentAt,
  linkExpiresAt: expiresAt,
  reminderTimes: reminders,
});
