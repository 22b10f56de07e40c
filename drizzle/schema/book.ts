import { sql } from 'drizzle-orm';
import {
  bigserial,
  boolean,
  check,
  customType,
  date,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { bookings } from './bookings.ts';
import { plannedAppointments } from './chart.ts';
import { createdAt, id, instant } from './columns.ts';
import { departures } from './departures.ts';
import { patients, providers } from './people.ts';
import { chairs, locations, practices } from './practice.ts';

const tstzrange = customType<{ data: string }>({ dataType: () => 'tstzrange' });

export const entryKind = pgEnum('entry_kind', ['appointment', 'hold', 'block']);

/** Appointments: booked … cancelled. Holds: held, confirmed, released, lapsed. Blocks: booked, cancelled. */
export const entryStatus = pgEnum('entry_status', [
  'booked',
  'arrived',
  'in_chair',
  'departed',
  'did_not_attend',
  'cancelled',
  'held',
  'confirmed',
  'released',
  'lapsed',
]);

export const blockReason = pgEnum('block_reason', ['closure', 'absence', 'emergency', 'other']);
export const madeBy = pgEnum('made_by', ['desk', 'online']);

/**
 * All that takes time in the book. Two exclusion constraints (provider × time, chair × time), written by hand in the
 * migrations, judge who gets a time; they cover living rows without `overlapAllowed`.
 */
export const bookEntries = pgTable(
  'book_entries',
  {
    id: id(),
    practiceId: uuid().notNull(),
    locationId: uuid().notNull(),
    kind: entryKind().notNull(),
    status: entryStatus().notNull(),
    /** None: a block of a chair, or of the whole location where the chair is none too. */
    providerId: uuid(),
    chairId: uuid(),
    startsAt: instant().notNull(),
    endsAt: instant().notNull(),
    during: tstzrange().notNull().generatedAlwaysAs(sql`tstzrange(starts_at, ends_at)`),
    living: boolean().notNull().generatedAlwaysAs(sql`status not in ('cancelled', 'released', 'lapsed')`),
    /** Set when staff book over something on purpose; the row stays busy for patients. */
    overlapAllowed: boolean().notNull().default(false),
    patientId: uuid(),
    bookingId: uuid(),
    plannedAppointmentId: uuid(),
    departureId: uuid(),
    /** What a departed one goes back to where its departure is undone. */
    statusBeforeDeparture: entryStatus(),
    madeBy: madeBy().notNull().default('desk'),
    blockReason: blockReason(),
    description: text().notNull().default(''),
    note: text().notNull().default(''),
    /** Until when a hold keeps its time. */
    heldUntil: instant(),
    timesExtended: integer().notNull().default(0),
    /** The requirement that a hold was chosen under. */
    requirementVersion: integer(),
    createdAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    foreignKey({ columns: [t.practiceId, t.locationId], foreignColumns: [locations.practiceId, locations.id] }),
    foreignKey({ columns: [t.practiceId, t.providerId], foreignColumns: [providers.practiceId, providers.id] }),
    foreignKey({ columns: [t.practiceId, t.chairId], foreignColumns: [chairs.practiceId, chairs.id] }),
    foreignKey({ columns: [t.practiceId, t.patientId], foreignColumns: [patients.practiceId, patients.id] }),
    foreignKey({ columns: [t.practiceId, t.bookingId], foreignColumns: [bookings.practiceId, bookings.id] }),
    foreignKey({
      columns: [t.practiceId, t.plannedAppointmentId],
      foreignColumns: [plannedAppointments.practiceId, plannedAppointments.id],
    }),
    foreignKey({ columns: [t.practiceId, t.departureId], foreignColumns: [departures.practiceId, departures.id] }),
    // Days of the practice's: when the clock goes back one of them has an hour more.
    check(
      'book_entries_times',
      sql`${t.startsAt} < ${t.endsAt} and ${t.endsAt} - ${t.startsAt} <= interval '31 days 1 hour'`,
    ),
    check(
      'book_entries_appointment',
      sql`${t.kind} = 'block' or (${t.providerId} is not null and ${t.chairId} is not null and ${t.patientId} is not null)`,
    ),
    check(
      'book_entries_hold',
      sql`${t.kind} <> 'hold' or (${t.bookingId} is not null and (${t.status} <> 'held' or ${t.heldUntil} is not null))`,
    ),
    uniqueIndex('book_entries_one_hold')
      .on(t.bookingId)
      .where(sql`${t.kind} = 'hold' and ${t.status} in ('held', 'confirmed')`),
    uniqueIndex('book_entries_one_living')
      .on(t.plannedAppointmentId)
      .where(
        sql`${t.plannedAppointmentId} is not null and ${t.kind} = 'appointment' and ${t.status} not in ('cancelled', 'did_not_attend')`,
      ),
    index('book_entries_location_day')
      .on(t.locationId, t.startsAt)
      .where(sql`${t.status} not in ('cancelled', 'released', 'lapsed')`),
    index('book_entries_provider_day')
      .on(t.providerId, t.startsAt)
      .where(sql`${t.status} not in ('cancelled', 'released', 'lapsed')`),
    index('book_entries_chair_day')
      .on(t.chairId, t.startsAt)
      .where(sql`${t.status} not in ('cancelled', 'released', 'lapsed')`),
    index('book_entries_booking').on(t.bookingId).where(sql`${t.bookingId} is not null`),
    index('book_entries_departure').on(t.departureId).where(sql`${t.departureId} is not null`),
    index('book_entries_during').using('gist', t.during).where(sql`${t.living}`),
    index('book_entries_location_blocks').on(t.locationId, t.startsAt).where(sql`${t.kind} = 'block'`),
    index('book_entries_provider_blocks').on(t.providerId, t.startsAt).where(sql`${t.kind} = 'block'`),
    index('book_entries_patient').on(t.patientId, t.startsAt),
    index('book_entries_online')
      .on(t.practiceId, t.createdAt)
      .where(sql`${t.madeBy} = 'online' and ${t.kind} = 'appointment'`),
  ],
);

/**
 * What takes time in the book, written out by day so that a search reads few and short rows. Only triggers on the entries
 * write here, in the entry's own transaction; `busy_day()` says how a day is written, `domain/book/rules/busyDays.ts` reads it.
 */
export const busyDays = pgTable(
  'busy_days',
  {
    practiceId: uuid()
      .notNull()
      .references(() => practices.id),
    /** A provider; or a location, with its chairs and with what closes all of it. */
    placeId: uuid().notNull(),
    /** In UTC, whatever the practice's zone. */
    day: date().notNull(),
    /** 0 in the row that holds the day; others are marks: it changed while somebody else was writing it out. */
    mark: bigserial({ mode: 'number' }).notNull(),
    /** Null where nothing takes time, '!' in a mark. */
    busy: text(),
  },
  (t) => [
    primaryKey({ columns: [t.placeId, t.day, t.mark] }),
    index('busy_days_marked').on(t.placeId, t.day).where(sql`${t.mark} > 0`),
  ],
);
