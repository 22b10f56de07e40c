import { foreignKey, index, jsonb, pgEnum, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { bookEntries } from './book.ts';
import { createdAt, id } from './columns.ts';
import { patients, providers } from './people.ts';
import { practices } from './practice.ts';

export const usageKind = pgEnum('usage_kind', ['planned_treatment_booking']);

/** What the Feature Usage Report counts; an appointment counts once. */
export const usageEvents = pgTable(
  'usage_events',
  {
    id: id(),
    practiceId: uuid().notNull(),
    kind: usageKind().notNull(),
    appointmentId: uuid().notNull(),
    providerId: uuid().notNull(),
    occurredAt: createdAt(),
  },
  (t) => [
    unique().on(t.kind, t.appointmentId),
    foreignKey({ columns: [t.practiceId, t.appointmentId], foreignColumns: [bookEntries.practiceId, bookEntries.id] }),
    foreignKey({ columns: [t.practiceId, t.providerId], foreignColumns: [providers.practiceId, providers.id] }),
    index().on(t.practiceId, t.occurredAt),
  ],
);

export const auditActor = pgEnum('audit_actor', ['staff', 'patient', 'system']);

/** Who changed what. `details` holds ids, words of the vocabulary and times; no contacts, no tokens. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: id(),
    practiceId: uuid()
      .notNull()
      .references(() => practices.id),
    actor: auditActor().notNull(),
    userId: uuid(),
    /** A dotted word: departure.written, booking.link_sent, appointment.moved. */
    action: text().notNull(),
    patientId: uuid(),
    bookingId: uuid(),
    entryId: uuid(),
    details: jsonb().$type<Record<string, string | number | boolean | null>>().notNull().default({}),
    at: createdAt(),
  },
  (t) => [
    foreignKey({ columns: [t.practiceId, t.patientId], foreignColumns: [patients.practiceId, patients.id] }),
    index().on(t.patientId, t.at),
    index().on(t.practiceId, t.at),
  ],
);
