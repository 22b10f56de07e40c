import { date, foreignKey, index, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { bookings } from './bookings.ts';
import { createdAt, id, instant } from './columns.ts';
import { users } from './people.ts';
import { language } from './practice.ts';

/** Steps of bookings' workflows that failed more than once and are tried again; a step that goes well takes its row away. */
export const failingSteps = pgTable(
  'failing_steps',
  {
    practiceId: uuid().notNull(),
    bookingId: uuid().notNull(),
    /** An activity of activities/bookingActivities.ts. */
    step: text().notNull(),
    /** What the step is about: the booking, or the message that is to be delivered. */
    subjectId: uuid().notNull(),
    /** When it was first tried. */
    since: instant().notNull(),
    attempts: integer().notNull(),
    lastFailedAt: instant().notNull(),
    nextAttemptAt: instant(),
    /** A stable word. */
    reason: text().notNull(),
    /** The carrier's, the database's or the network's own code. */
    code: text(),
  },
  (t) => [
    primaryKey({ columns: [t.bookingId, t.step, t.subjectId] }),
    foreignKey({ columns: [t.practiceId, t.bookingId], foreignColumns: [bookings.practiceId, bookings.id] }),
    index().on(t.practiceId),
  ],
);

/** The worker processes, each saying every now and then that it is there; one that ends takes its row away. */
export const workers = pgTable('workers', {
  id: id(),
  host: text().notNull(),
  pid: integer().notNull(),
  /** Which build of the code it runs; empty in development. */
  build: text().notNull(),
  startedAt: createdAt(),
  seenAt: createdAt(),
  /** When it last looked for bookings without a workflow, to the end. */
  sweptAt: instant(),
  /** How many it then had to start. */
  sweepStarted: integer(),
});

/** The daily email to a practice's managers while something needs attention: one a manager and day, its text frozen. */
export const attentionLetters = pgTable(
  'attention_letters',
  {
    id: id(),
    practiceId: uuid().notNull(),
    userId: uuid().notNull(),
    /** The practice's local day. */
    day: date({ mode: 'string' }).notNull(),
    recipient: text().notNull(),
    language: language().notNull(),
    subject: text().notNull(),
    body: text().notNull(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: instant(),
    carrierId: text(),
    sentAt: instant(),
    /** When it was given up; the reason's word beside it. */
    failedAt: instant(),
    reason: text(),
    createdAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.userId, t.day),
    foreignKey({ columns: [t.practiceId, t.userId], foreignColumns: [users.practiceId, users.id] }),
  ],
);
