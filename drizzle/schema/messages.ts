import { sql } from 'drizzle-orm';
import { bigserial, foreignKey, index, integer, jsonb, pgEnum, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { bookingLinks, bookings } from './bookings.ts';
import { createdAt, id, instant } from './columns.ts';
import { patients, users } from './people.ts';
import { language, practices } from './practice.ts';

export const messageKind = pgEnum('message_kind', ['link', 'reminder', 'confirmation']);
export const messageChannel = pgEnum('message_channel', ['sms', 'email']);
export const messageState = pgEnum('message_state', [
  'waiting',
  'sending',
  'sent',
  'delivered',
  'failed',
  'uncertain',
  'dropped',
]);

/** The ledger: one row for one message on one channel, its text frozen before the first attempt. */
export const messages = pgTable(
  'messages',
  {
    id: id(),
    practiceId: uuid().notNull(),
    patientId: uuid().notNull(),
    bookingId: uuid().notNull(),
    kind: messageKind().notNull(),
    channel: messageChannel().notNull(),
    /** The how-many-eth of its kind for the booking, from 1; those written together, or in another's place, share it. */
    number: integer().notNull().default(1),
    /** The link whose URL takes the placeholder's place in the text when the message leaves. */
    linkId: uuid(),
    language: language().notNull(),
    recipient: text().notNull(),
    subject: text(),
    body: text().notNull(),
    html: text(),
    attachments: jsonb().$type<{ filename: string; content: string; contentType: string }[]>().notNull().default([]),
    state: messageState().notNull().default('waiting'),
    notAfter: instant(),
    attemptStartedAt: instant(),
    attempts: integer().notNull().default(0),
    /** Who signs and where answers go, as the first attempt said it: every other says the same. */
    senderName: text(),
    replyTo: text(),
    /** The first attempt of which nobody knows whether it left something with the carrier. */
    uncertainSince: instant(),
    /** Its place in the carrier's send rate. */
    sendAt: instant(),
    /** The carrier's own id. */
    carrierId: text(),
    /** A stable word of why it failed or was dropped. */
    reason: text(),
    /** The carrier's own code of the reason. */
    carrierCode: text(),
    sentBy: uuid(),
    sentAt: instant(),
    deliveredAt: instant(),
    /** When an email was first shown, as far as its carrier can tell: a hint, no more. */
    openedAt: instant(),
    /** When the carrier is asked next what has become of it; none: it is at its end. */
    askAt: instant(),
    createdAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    unique().on(t.bookingId, t.kind, t.channel, t.number),
    foreignKey({ columns: [t.practiceId, t.patientId], foreignColumns: [patients.practiceId, patients.id] }),
    foreignKey({ columns: [t.practiceId, t.bookingId], foreignColumns: [bookings.practiceId, bookings.id] }),
    foreignKey({ columns: [t.practiceId, t.linkId], foreignColumns: [bookingLinks.practiceId, bookingLinks.id] }),
    foreignKey({ columns: [t.practiceId, t.sentBy], foreignColumns: [users.practiceId, users.id] }),
    index().on(t.patientId),
    index('messages_sent').on(t.practiceId, t.channel, t.sentAt).where(sql`${t.sentAt} is not null`),
    index('messages_carrier').on(t.carrierId).where(sql`${t.carrierId} is not null`),
    index('messages_to_ask').on(t.askAt).where(sql`${t.askAt} is not null`),
    index('messages_recipient').on(t.recipient, t.createdAt),
    index('messages_uncertain').on(t.practiceId).where(sql`${t.state} = 'uncertain'`),
    index('messages_texts').on(t.createdAt).where(sql`${t.body} <> ''`),
  ],
);

/** Starts and signals on their way to the workflows, in the order of their ids for each booking. */
export const workflowMessages = pgTable(
  'workflow_messages',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    practiceId: uuid()
      .notNull()
      .references(() => practices.id),
    bookingId: uuid().notNull(),
    /** A name of domain/contract.ts. */
    name: text().notNull(),
    /** Where it comes from, as `domain/origin.ts` says it. */
    requestId: text(),
    traceParent: text(),
    createdAt: createdAt(),
    sentAt: instant(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: instant(),
    /** Set when only a person can help; the reason stands in `lastError`. */
    parkedAt: instant(),
    lastError: text(),
  },
  (t) => [
    foreignKey({ columns: [t.practiceId, t.bookingId], foreignColumns: [bookings.practiceId, bookings.id] }),
    index('workflow_messages_waiting').on(t.id).where(sql`${t.sentAt} is null and ${t.parkedAt} is null`),
    index('workflow_messages_unsent').on(t.bookingId).where(sql`${t.sentAt} is null`),
  ],
);

/** What the demo carriers received, as the patient's telephone or mailbox would show it. */
export const demoInbox = pgTable('demo_inbox', {
  /** The message's id in the ledger. */
  id: uuid().primaryKey(),
  channel: messageChannel().notNull(),
  recipient: text().notNull(),
  sender: text().notNull(),
  subject: text(),
  body: text().notNull(),
  html: text(),
  attachments: jsonb().$type<{ filename: string; content: string; contentType: string }[]>().notNull().default([]),
  /** How the carrier fared that took it. */
  mood: text().notNull().default('well'),
  receivedAt: createdAt(),
});
