import { sql } from 'drizzle-orm';
import {
  date,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { plannedAppointments } from './chart.ts';
import { createdAt, id, instant } from './columns.ts';
import { departures } from './departures.ts';
import { patients } from './people.ts';
import { locations } from './practice.ts';

export const bookingState = pgEnum('booking_state', [
  'departing',
  'link_sent',
  'confirmed',
  'booked_online',
  'booked_at_desk',
  'postponed',
  'unbooked',
  'expired',
  'withdrawn',
  'undone',
]);

/** What a patient can say on the link's page instead of choosing a time. */
export const patientAnswer = pgEnum('patient_answer', ['no_time_suits', 'call_me', 'not_for_me']);

/** One effort to book one planned appointment, from one departure to its outcome. Its row is the lock of every transition. */
export const bookings = pgTable(
  'bookings',
  {
    id: id(),
    practiceId: uuid().notNull(),
    patientId: uuid().notNull(),
    plannedAppointmentId: uuid().notNull(),
    /** A booking opened from Follow Up has that of the effort before it. */
    departureId: uuid(),
    locationId: uuid().notNull(),
    /** The how-many-eth effort for the planned appointment, from 1. */
    number: integer().notNull(),
    state: bookingState().notNull(),
    /** The day of the visit from which the interval counts. */
    visitDay: date({ mode: 'string' }).notNull(),
    /** When what is left of the departure goes to Follow Up. */
    departureEndsAt: instant().notNull(),
    linkSentAt: instant(),
    linkExpiresAt: instant(),
    reminderTimes: instant().array().notNull().default(sql`'{}'`),
    /** The requirement the patient was shown last. */
    requirementVersion: integer().notNull(),
    /** The patient's latest answer since the link was sent. */
    answer: patientAnswer(),
    answeredAt: instant(),
    confirmedAt: instant(),
    /** When its outcome was reached. */
    closedAt: instant(),
    /** When its workflow had nothing left to do; until then the sweep keeps a workflow running for it. */
    settledAt: instant(),
    /** Since when the sweep finds no workflow for it and starts one each time; none once it has found one running. */
    workflowMissingSince: instant(),
    /** What needed attention until then was looked at by a manager, who gave a reason. */
    attentionClosedAt: instant(),
    createdAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    unique().on(t.plannedAppointmentId, t.number),
    foreignKey({ columns: [t.practiceId, t.patientId], foreignColumns: [patients.practiceId, patients.id] }),
    foreignKey({ columns: [t.practiceId, t.locationId], foreignColumns: [locations.practiceId, locations.id] }),
    foreignKey({
      columns: [t.practiceId, t.plannedAppointmentId],
      foreignColumns: [plannedAppointments.practiceId, plannedAppointments.id],
    }),
    foreignKey({ columns: [t.practiceId, t.departureId], foreignColumns: [departures.practiceId, departures.id] }),
    uniqueIndex('bookings_one_open').on(t.plannedAppointmentId).where(sql`${t.closedAt} is null`),
    index('bookings_unsettled_of_practice').on(t.practiceId).where(sql`${t.settledAt} is null`),
    index('bookings_unsettled').on(t.id).where(sql`${t.settledAt} is null`),
    index().on(t.patientId),
    index().on(t.departureId),
  ],
);

export const linkPurpose = pgEnum('link_purpose', ['choose', 'appointment']);

/** A URL given to a patient. Only the token's SHA-256 is kept; the token is derived anew from `keyId` when a message leaves. */
export const bookingLinks = pgTable(
  'booking_links',
  {
    id: id(),
    practiceId: uuid().notNull(),
    bookingId: uuid().notNull(),
    purpose: linkPurpose().notNull().default('choose'),
    version: integer().notNull().default(1),
    keyId: text().notNull(),
    /** `gone:` and the link's id once nobody should be recognised by it any more. */
    tokenHash: text().notNull().unique(),
    /** When a newer link took its place, or the booking's plan was withdrawn. */
    replacedAt: instant(),
    /** Never written: whoever opens a link may be a mail scanner. */
    openedAt: instant(),
    createdAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    unique().on(t.bookingId, t.purpose, t.version),
    foreignKey({ columns: [t.practiceId, t.bookingId], foreignColumns: [bookings.practiceId, bookings.id] }),
    index('booking_links_tokens').on(t.createdAt).where(sql`${t.tokenHash} not like 'gone:%'`),
  ],
);
