import { randomBytes } from 'node:crypto';
import { endOfDepartureDay, linkExpiry, reminderTimes } from '../../domain/book/rules/reminders.ts';
import { hashOfToken } from '../../domain/bookings/links.ts';
import { toBooking } from '../../domain/contract.ts';
import { type Channel, nameOf, textsOf } from '../../domain/messages/freeze.ts';
import type { Fields, MessageKind } from '../../domain/messages/templates.ts';
import {
  bookingLinks,
  bookings,
  departureTasks,
  followUps,
  messages,
  usageEvents,
  workflowMessages,
} from '../../drizzle/schema/index.ts';
import { location, type ProviderKey, practice, providers } from './house.ts';
import type { DemoPatient } from './people.ts';
import { dayOf, type Scene, type Slot, zone } from './scene.ts';
import { draftAppointment, languageOf } from './writing.ts';

/** The defaults of the practice's row. */
const validityDays = 14;
const reminderRule = { afterDays: [3, 8], minute: 600, zone, quiet: { fromMinute: 1200, untilMinute: 480 } };

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
  category: 'postponed' | 'unbooked' | 'olb_link_expired',
  more: { dueOn?: string; note?: string } = {},
): void {
  const { drafts, receptionistId } = scene;
  const sentAt = after(visit.departedAt, 3);
  const expiresAt = new Date(linkExpiry(sentAt.getTime(), validityDays, zone));
  const closedAt = {
    postponed: sentAt,
    unbooked: new Date(endOfDepartureDay(dayOf(visit.departedAt), zone)),
    olb_link_expired: expiresAt,
  }[category];
  const state = category === 'olb_link_expired' ? 'expired' : category;
  const bookingId = draftBooking(scene, visit, {
    state,
    closedAt,
    ...(state === 'expired' ? linkTimes(sentAt, expiresAt) : {}),
  });
  draftTask(
    scene,
    visit,
    bookingId,
    state === 'expired' ? 'link_sent' : state,
    state === 'expired' ? sentAt : closedAt,
  );
  if (state === 'expired') draftLinkMessages(scene, visit, bookingId, 'hygienist', sentAt, expiresAt);
  drafts.add(workflowMessages, { bookingId, name: toBooking.departed });
  drafts.add(followUps, {
    id: drafts.newId(),
    patientId: scene.patientIds.get(visit.patient)!,
    plannedAppointmentId: visit.plannedAppointmentId,
    bookingId,
    category,
    dueOn: more.dueOn ?? null,
    note: more.note ?? '',
    openedBy: category === 'postponed' ? receptionistId : null,
    openedAt: closedAt,
  });
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
  const sentAt = after(booking.departedAt, 3);
  const expiresAt = new Date(linkExpiry(sentAt.getTime(), validityDays, zone));
  const writtenAt = after(confirmedAt, 0.05);
  const bookingId = draftBooking(scene, booking, {
    state: 'booked_online',
    ...linkTimes(sentAt, expiresAt),
    confirmedAt,
    closedAt: writtenAt,
    settledAt: writtenAt,
  });
  draftTask(scene, booking, bookingId, 'link_sent', sentAt);
  draftLinkMessages(scene, booking, bookingId, slot.provider, sentAt, expiresAt);
  draftMessages(scene, booking, bookingId, 'confirmation', writtenAt, slot.startsAt, {
    ...fieldsOf(patient, slot.provider),
    appointment: {
      startsAt: slot.startsAt,
      minutes: (slot.endsAt.getTime() - slot.startsAt.getTime()) / 60_000,
      place: place(),
    },
  });
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

function draftLinkMessages(
  scene: Scene,
  visit: Visit,
  bookingId: string,
  provider: ProviderKey,
  sentAt: Date,
  expiresAt: Date,
): void {
  draftMessages(scene, visit, bookingId, 'link', sentAt, expiresAt, {
    ...fieldsOf(visit.patient, provider),
    expiresAt,
  });
}

/** Delivered messages. Their links lead nowhere any more: the tokens' hashes are of tokens that nobody has. */
function draftMessages(
  scene: Scene,
  { patient }: Visit,
  bookingId: string,
  kind: MessageKind,
  sentAt: Date,
  notAfter: Date,
  fields: Fields,
): void {
  const { drafts } = scene;
  const linkId = drafts.newId();
  const purpose = kind === 'confirmation' ? 'appointment' : 'choose';
  const tokenHash = hashOfToken(randomBytes(18).toString('base64url'));
  drafts.add(bookingLinks, {
    id: linkId,
    bookingId,
    purpose,
    keyId: 'demo',
    tokenHash,
    replacedAt: notAfter < new Date(scene.now) ? notAfter : null,
    createdAt: sentAt,
  });
  const contacts: [Channel, string | undefined][] = [
    ['sms', patient.mobile],
    ['email', patient.email],
  ];
  for (const [channel, recipient] of contacts) {
    if (!recipient) continue;
    const id = drafts.newId();
    drafts.add(messages, {
      id,
      carrierId: `demo-${id}`,
      patientId: scene.patientIds.get(patient)!,
      bookingId,
      kind,
      channel,
      linkId,
      language: fields.language,
      recipient,
      ...textsOf(kind, channel, fields),
      state: 'delivered',
      notAfter,
      attemptStartedAt: sentAt,
      attempts: 1,
      sentBy: kind === 'link' ? scene.receptionistId : null,
      sentAt,
      deliveredAt: after(sentAt, 0.1),
      createdAt: sentAt,
    });
  }
}

function linkTimes(sentAt: Date, expiresAt: Date): Pick<Booking, 'linkSentAt' | 'linkExpiresAt' | 'reminderTimes'> {
  const reminders = reminderTimes({ sentAt: sentAt.getTime(), expiresAt: expiresAt.getTime(), ...reminderRule });
  return { linkSentAt: sentAt, linkExpiresAt: expiresAt, reminderTimes: reminders.map((time) => new Date(time)) };
}

const fieldsOf = (patient: DemoPatient, provider: ProviderKey): Fields => ({
  language: languageOf(patient),
  practice,
  first: patient.firstName,
  provider: nameOf(providers[provider]),
  zone,
});

const place = () => `${location.name}, ${location.street}, ${location.postalCode} ${location.city}`;

const after = (instant: Date, minutes: number) => new Date(instant.getTime() + minutes * 60_000);
