import { sql } from 'drizzle-orm';
import { foreignKey, index, pgEnum, pgTable, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bookings } from './bookings.ts';
import { createdAt, id, instant } from './columns.ts';
import { departures } from './departures.ts';
import { users } from './people.ts';
import { locations } from './practice.ts';

export const departureTaskOutcome = pgEnum('departure_task_outcome', [
  'link_sent',
  'booked_at_desk',
  'postponed',
  'unbooked',
  'withdrawn',
  'undone',
]);

/** What the receptionist still has to do for one booking of a patient who is leaving. */
export const departureTasks = pgTable(
  'departure_tasks',
  {
    id: id(),
    practiceId: uuid().notNull(),
    locationId: uuid().notNull(),
    departureId: uuid().notNull(),
    bookingId: uuid().notNull(),
    openedAt: createdAt(),
    /** When the booking's workflow took the task under its guard. */
    guardedAt: instant(),
    /** The colleague who is working on it. */
    takenBy: uuid(),
    takenAt: instant(),
    closedAt: instant(),
    outcome: departureTaskOutcome(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    foreignKey({ columns: [t.practiceId, t.departureId], foreignColumns: [departures.practiceId, departures.id] }),
    foreignKey({ columns: [t.practiceId, t.locationId], foreignColumns: [locations.practiceId, locations.id] }),
    foreignKey({ columns: [t.practiceId, t.bookingId], foreignColumns: [bookings.practiceId, bookings.id] }),
    foreignKey({ columns: [t.practiceId, t.takenBy], foreignColumns: [users.practiceId, users.id] }),
    uniqueIndex('departure_tasks_one_a_booking').on(t.bookingId),
    index('departure_tasks_open').on(t.practiceId, t.locationId).where(sql`${t.closedAt} is null`),
    index().on(t.departureId),
  ],
);
