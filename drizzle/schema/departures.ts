import { sql } from 'drizzle-orm';
import { date, foreignKey, pgTable, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, instant } from './columns.ts';
import { patients, users } from './people.ts';
import { locations } from './practice.ts';

/** The checkout of a patient's day: one row a patient and day, however many appointments. */
export const departures = pgTable(
  'departures',
  {
    id: id(),
    practiceId: uuid().notNull(),
    patientId: uuid().notNull(),
    locationId: uuid().notNull(),
    /** The practice's local day. */
    day: date({ mode: 'string' }).notNull(),
    departedAt: createdAt(),
    departedBy: uuid().notNull(),
    undoneAt: instant(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    foreignKey({ columns: [t.practiceId, t.patientId], foreignColumns: [patients.practiceId, patients.id] }),
    foreignKey({ columns: [t.practiceId, t.locationId], foreignColumns: [locations.practiceId, locations.id] }),
    foreignKey({ columns: [t.practiceId, t.departedBy], foreignColumns: [users.practiceId, users.id] }),
    uniqueIndex('departures_one_a_day').on(t.patientId, t.day).where(sql`${t.undoneAt} is null`),
  ],
);
