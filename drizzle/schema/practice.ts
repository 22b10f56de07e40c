import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { createdAt, id } from './columns.ts';

export const language = pgEnum('language', ['en', 'nl']);

/** The tenant: its zone, language, policies and the switches of its features. */
export const practices = pgTable(
  'practices',
  {
    id: id(),
    name: text().notNull(),
    /** Stands at the head of an SMS. */
    shortName: text().notNull(),
    phone: text().notNull(),
    email: text(),
    timeZone: text().notNull(),
    language: language().notNull().default('en'),
    /** Without the Appointment Workflow a departure brings no prompts. */
    appointmentWorkflow: boolean().notNull().default(true),
    onlineAppointmentsTab: boolean().notNull().default(true),
    /** Managers get an email on each day on which some booking needs attention. */
    attentionEmail: boolean().notNull().default(false),
    /** Least days between this visit and the planned one, where the planned appointment names none. */
    defaultIntervalDays: integer().notNull().default(1),
    linkValidityDays: integer().notNull().default(14),
    /** Days after sending on which a reminder is due. */
    reminderDays: integer().array().notNull().default(sql`'{3,8}'`),
    /** Minutes after local midnight at which reminders leave. */
    reminderMinute: integer().notNull().default(600),
    holdMinutes: integer().notNull().default(10),
    quietFromMinute: integer().notNull().default(1200),
    quietUntilMinute: integer().notNull().default(480),
    /** Alphanumeric sender of an SMS; empty: the carrier's number. */
    smsSender: text(),
    emailSenderName: text().notNull(),
    /** Whether a message that failed for good is tried once by the patient's other channel. */
    otherChannel: boolean().notNull().default(true),
    /** The shortest appointment worth leaving room for, in minutes. */
    shortestUsefulMinutes: integer().notNull().default(15),
    /** How long a record must be kept after its last appointment, also when its patient asks for erasure. */
    recordYears: integer().notNull().default(20),
    /** How long the texts of messages are kept. */
    messageMonths: integer().notNull().default(12),
    createdAt: createdAt(),
  },
  (t) => [
    check('practices_interval', sql`${t.defaultIntervalDays} in (1, 2, 3, 4, 5, 6, 7, 14, 21, 28)`),
    check('practices_validity', sql`${t.linkValidityDays} between 1 and 90`),
    check('practices_hold', sql`${t.holdMinutes} between 2 and 60`),
    check('practices_quiet', sql`${t.quietFromMinute} between 0 and 1439 and ${t.quietUntilMinute} between 0 and 1439`),
    check('practices_keeping', sql`${t.recordYears} between 1 and 50 and ${t.messageMonths} between 1 and 60`),
    check('practices_reminder_minute', sql`${t.reminderMinute} between 0 and 1439`),
  ],
);

export const locations = pgTable(
  'locations',
  {
    id: id(),
    practiceId: uuid()
      .notNull()
      .references(() => practices.id),
    name: text().notNull(),
    street: text().notNull(),
    postalCode: text().notNull(),
    city: text().notNull(),
    phone: text().notNull(),
    createdAt: createdAt(),
  },
  (t) => [unique().on(t.practiceId, t.id)],
);

/** When a location is open, in minutes after local midnight; a day may have several rows. Weekdays by ISO: 1 is Monday. */
export const openingHours = pgTable(
  'opening_hours',
  {
    practiceId: uuid().notNull(),
    locationId: uuid().notNull(),
    weekday: integer().notNull(),
    fromMinute: integer().notNull(),
    untilMinute: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.locationId, t.weekday, t.fromMinute] }),
    foreignKey({ columns: [t.practiceId, t.locationId], foreignColumns: [locations.practiceId, locations.id] }),
    check(
      'opening_hours_times',
      sql`${t.weekday} between 1 and 7 and ${t.fromMinute} >= 0 and ${t.fromMinute} < ${t.untilMinute} and ${t.untilMinute} <= 1440`,
    ),
  ],
);

export const chairs = pgTable(
  'chairs',
  {
    id: id(),
    practiceId: uuid().notNull(),
    locationId: uuid().notNull(),
    name: text().notNull(),
    position: integer().notNull().default(0),
    active: boolean().notNull().default(true),
    createdAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    foreignKey({ columns: [t.practiceId, t.locationId], foreignColumns: [locations.practiceId, locations.id] }),
    index().on(t.locationId),
  ],
);

/** A treatment code with its Estimated Time. */
export const services = pgTable(
  'services',
  {
    id: id(),
    practiceId: uuid()
      .notNull()
      .references(() => practices.id),
    code: text().notNull(),
    nameEn: text().notNull(),
    nameNl: text().notNull(),
    estimatedMinutes: integer().notNull(),
    active: boolean().notNull().default(true),
    createdAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    unique().on(t.practiceId, t.code),
    check('services_estimated_time', sql`${t.estimatedMinutes} between 0 and 480`),
  ],
);
