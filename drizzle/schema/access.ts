import { foreignKey, index, pgEnum, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id } from './columns.ts';
import { patients, role, users } from './people.ts';

export const accessAct = pgEnum('access_act', ['seen', 'done', 'refused']);

/**
 * Who saw or did what of which patient, from where (NEN 7513). Only added to: a trigger, written by hand in the migrations,
 * refuses changes, and deletion of what is younger than five years.
 */
export const accessEntries = pgTable(
  'access_entries',
  {
    id: id(),
    practiceId: uuid().notNull(),
    userId: uuid().notNull(),
    /** As it was then. */
    role: role().notNull(),
    patientId: uuid().notNull(),
    /** A word of domain/people/access.ts: file, chart, appointment. */
    what: text().notNull(),
    act: accessAct().notNull(),
    /** The network address that asked. */
    address: text().notNull(),
    at: createdAt(),
  },
  (t) => [
    foreignKey({ columns: [t.practiceId, t.userId], foreignColumns: [users.practiceId, users.id] }),
    foreignKey({ columns: [t.practiceId, t.patientId], foreignColumns: [patients.practiceId, patients.id] }),
    index().on(t.patientId, t.at),
    index().on(t.practiceId, t.at),
  ],
);
