import { sql } from 'drizzle-orm';
import { foreignKey, index, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, instant } from './columns.ts';
import { messageChannel } from './messages.ts';
import { patients } from './people.ts';
import { practices } from './practice.ts';

/** A contact that wants no more messages of a practice by a channel. It belongs to the contact: who gets another may be written to. */
export const optOuts = pgTable(
  'opt_outs',
  {
    practiceId: uuid()
      .notNull()
      .references(() => practices.id),
    channel: messageChannel().notNull(),
    /** E.164, or an email address in lower case. */
    contact: text().notNull(),
    /** A stable word of how it was said: text, unsubscribed, complained or carrier. */
    said: text().notNull(),
    since: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.practiceId, t.channel, t.contact] })],
);

/** What patients wrote back by SMS. */
export const inboundTexts = pgTable(
  'inbound_texts',
  {
    id: id(),
    practiceId: uuid().notNull(),
    patientId: uuid().notNull(),
    sender: text().notNull(),
    body: text().notNull(),
    /** The carrier's own id: a text that is brought twice is kept once. */
    carrierId: text().notNull().unique(),
    receivedAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    foreignKey({ columns: [t.practiceId, t.patientId], foreignColumns: [patients.practiceId, patients.id] }),
    index().on(t.patientId),
    index('inbound_texts_kept').on(t.receivedAt).where(sql`${t.sender} <> ''`),
  ],
);

/** The ids of carriers' events that were taken in: what is brought again, or replayed, changes nothing. */
export const carrierEvents = pgTable(
  'carrier_events',
  {
    carrier: text().notNull(),
    id: text().notNull(),
    receivedAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.carrier, t.id] }), index().on(t.receivedAt)],
);

/** Until when a practice's places in a carrier's send rate are taken. */
export const sendRates = pgTable(
  'send_rates',
  {
    practiceId: uuid()
      .notNull()
      .references(() => practices.id),
    channel: messageChannel().notNull(),
    takenUntil: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.practiceId, t.channel] })],
);

/** How the demo carrier of a channel fares; no row: well. */
export const demoCarriers = pgTable('demo_carriers', {
  channel: messageChannel().primaryKey(),
  /** A word of gateways/demoInbox.ts. */
  mood: text().notNull(),
});
