import { sql } from 'drizzle-orm';
import { check, foreignKey, index, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, instant } from './columns.ts';
import { messageChannel, messageKind } from './messages.ts';
import { users } from './people.ts';
import { language, practices } from './practice.ts';

/** What practices wrote in place of the messages' default texts, with all that they wrote before: rows are only added. */
export const messageTemplates = pgTable(
  'message_templates',
  {
    id: id(),
    practiceId: uuid()
      .notNull()
      .references(() => practices.id),
    kind: messageKind().notNull(),
    channel: messageChannel().notNull(),
    language: language().notNull(),
    /** Of an email. */
    subject: text(),
    /** None: the default text counts again. */
    body: text(),
    changedBy: uuid().notNull(),
    createdAt: createdAt(),
    /** Set when the next one took its place; the one without counts. */
    replacedAt: instant(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    uniqueIndex('message_templates_current')
      .on(t.practiceId, t.language, t.kind, t.channel)
      .where(sql`${t.replacedAt} is null`),
    index().on(t.practiceId, t.kind, t.channel),
    foreignKey({ columns: [t.practiceId, t.changedBy], foreignColumns: [users.practiceId, users.id] }),
    check(
      'message_templates_subject',
      sql`(${t.subject} is not null) = (${t.channel} = 'email' and ${t.body} is not null)`,
    ),
  ],
);
