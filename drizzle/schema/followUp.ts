import { sql } from 'drizzle-orm';
import { date, foreignKey, index, pgEnum, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bookings } from './bookings.ts';
import { plannedAppointments } from './chart.ts';
import { createdAt, id, instant } from './columns.ts';
import { patients, users } from './people.ts';

export const followUpCategory = pgEnum('follow_up_category', [
  'olb_link_sent',
  'olb_link_expired',
  'unbooked',
  'postponed',
  'not_delivered',
  'call_requested',
  'cancelled_online',
  'wrong_contact',
]);

/** Who must not be forgotten; one open row for a planned appointment. */
export const followUps = pgTable(
  'follow_ups',
  {
    id: id(),
    practiceId: uuid().notNull(),
    patientId: uuid().notNull(),
    plannedAppointmentId: uuid().notNull(),
    bookingId: uuid().notNull(),
    category: followUpCategory().notNull(),
    /** When to look at it again, a local day. */
    dueOn: date({ mode: 'string' }),
    note: text().notNull().default(''),
    openedBy: uuid(),
    openedAt: createdAt(),
    closedAt: instant(),
    closedBy: uuid(),
    /** booked_online, booked_at_desk, withdrawn, undone, or staff's own words. */
    closedReason: text(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    foreignKey({ columns: [t.practiceId, t.patientId], foreignColumns: [patients.practiceId, patients.id] }),
    foreignKey({
      columns: [t.practiceId, t.plannedAppointmentId],
      foreignColumns: [plannedAppointments.practiceId, plannedAppointments.id],
    }),
    foreignKey({ columns: [t.practiceId, t.bookingId], foreignColumns: [bookings.practiceId, bookings.id] }),
    foreignKey({ columns: [t.practiceId, t.openedBy], foreignColumns: [users.practiceId, users.id] }),
    foreignKey({ columns: [t.practiceId, t.closedBy], foreignColumns: [users.practiceId, users.id] }),
    uniqueIndex('follow_ups_one_open').on(t.plannedAppointmentId).where(sql`${t.closedAt} is null`),
    index('follow_ups_open').on(t.practiceId, t.category).where(sql`${t.closedAt} is null`),
    index('follow_ups_words')
      .on(t.closedAt)
      .where(sql`${t.note} <> '' or (${t.closedBy} is not null and ${t.closedReason} <> '')`),
    index().on(t.patientId),
    index().on(t.bookingId),
  ],
);
