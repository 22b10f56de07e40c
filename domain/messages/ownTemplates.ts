import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { messageTemplates, practices, users } from '../../drizzle/schema/index.ts';
import type { Language } from '../../locales/formats.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { Refusal } from '../refusal.ts';
import { longFault } from './sms.ts';
import { longestFields, readExample } from './templateExamples.ts';
import { faultOf, partsOf, type TextFault, type TextPart, textOf } from './templateRules.ts';
import { type Channel, defaultTemplate, type Fields, type MessageKind, type Template } from './templates.ts';

/** Which of the messages a template is for. */
export interface Which {
  kind: MessageKind;
  channel: Channel;
}

/** For a query that reads `patients` and their `practices`: the practice's own templates in the patient's language. */
export const ownTemplates = sql<NonNullable<Fields['own']>>`coalesce((
  select jsonb_agg(jsonb_build_object('kind', own.kind, 'channel', own.channel, 'subject', own.subject, 'body', own.body))
  from message_templates own where own.practice_id = practices.id and own.replaced_at is null and own.body is not null
    and own.language = coalesce(patients.language, practices.language)), '[]')`;

/** A template as it counts now. */
export interface StandingTemplate extends Which {
  language: Language;
  template: Template;
  /** The practice's own, and since when; null: the default. */
  ownSince: Date | null;
}

const { practiceId, kind, channel, language, subject, body, createdAt, replacedAt, changedBy } = messageTemplates;

/** All twelve: of each message by each channel in each language. */
export async function listTemplates(tx: Tx, by: Staff): Promise<StandingTemplate[]> {
  const own = await tx
    .select({ kind, channel, language, subject, body, createdAt })
    .from(messageTemplates)
    .where(and(eq(practiceId, by.practiceId), isNull(replacedAt)));
  return (['link', 'reminder', 'confirmation'] as const).flatMap((one) =>
    (['sms', 'email'] as const).flatMap((by) =>
      (['en', 'nl'] as const).map((inLanguage) => {
        const row = own.find((row) => row.kind === one && row.channel === by && row.language === inLanguage);
        const which = { kind: one, channel: by, language: inLanguage };
        if (row?.body == null) return { ...which, template: defaultTemplate(one, by, inLanguage), ownSince: null };
        return { ...which, template: { subject: row.subject, body: row.body }, ownSince: row.createdAt };
      }),
    ),
  );
}

export interface TemplateChange {
  id: string;
  at: Date;
  by: string;
  language: Language;
  /** What it was changed to; null: back to the default. */
  template: Template | null;
  /** Whether it counts now. */
  stands: boolean;
}

const mostChanges = 50;

/** Who changed a message's templates to what, the newest first; the latest fifty. */
export async function templateHistory(tx: Tx, by: Staff, which: Which): Promise<TemplateChange[]> {
  const rows = await tx
    .select({ id: messageTemplates.id, at: createdAt, by: users.name, language, subject, body, replacedAt })
    .from(messageTemplates)
    .innerJoin(users, eq(users.id, changedBy))
    .where(ofMessage(by, which))
    .orderBy(desc(messageTemplates.id))
    .limit(mostChanges);
  return rows.map(({ subject: line, body: text, replacedAt: over, ...change }) => ({
    ...change,
    template: text === null ? null : { subject: line, body: text },
    stands: over === null,
  }));
}

const ofMessage = (by: Staff, which: Which) =>
  and(eq(practiceId, by.practiceId), eq(kind, which.kind), eq(channel, which.channel));

export type TemplateFaults = Partial<Record<Language, Partial<Record<TextPart, TextFault>>>>;

/** What is wrong with texts as they were typed. @param linkLength how many characters of an SMS the link takes */
export async function faultsOf(
  tx: Tx,
  by: Staff,
  which: Which,
  typed: Record<Language, Template>,
  linkLength: number | undefined,
): Promise<TemplateFaults> {
  const example = await readExample(tx, by);
  const faults: TemplateFaults = {};
  for (const [inLanguage, template] of Object.entries(typed) as [Language, Template][]) {
    const found: Partial<Record<TextPart, TextFault>> = {};
    for (const part of partsOf(which.channel)) {
      const fault =
        faultOf(which.kind, part, inLanguage, textOf(template, part)) ??
        (part === 'sms' && longFault(which.kind, template, longestFields(example, inLanguage, linkLength)));
      if (fault) found[part] = fault;
    }
    if (Object.keys(found).length > 0) faults[inLanguage] = found;
  }
  return faults;
}

/**
 * Changes a message's templates in both languages. One that reads as the default is the default, and follows it. Messages
 * that are written already keep their texts. Safe to repeat: what stands already is no change.
 * @returns what is wrong with them, in which case nothing was changed
 */
export async function changeTemplates(
  tx: Tx,
  by: Staff,
  which: Which,
  typed: Record<Language, Template>,
  linkLength: number | undefined,
): Promise<TemplateFaults> {
  const faults = await faultsOf(tx, by, which, typed, linkLength);
  if (Object.keys(faults).length > 0) return faults;
  await lockTemplates(tx, by);
  for (const [inLanguage, template] of Object.entries(typed) as [Language, Template][])
    await changeTemplate(tx, by, { ...which, language: inLanguage }, template);
  return {};
}

/** Back to the default, in one language. Safe to repeat. */
export async function resetTemplate(tx: Tx, by: Staff, which: Which & { language: Language }): Promise<void> {
  await lockTemplates(tx, by);
  await changeTemplate(tx, by, which, defaultTemplate(which.kind, which.channel, which.language));
}

/** Colleagues who save at the same time come one after the other; the history has both. */
async function lockTemplates(tx: Tx, by: Staff): Promise<void> {
  await tx.select({ id: practices.id }).from(practices).where(eq(practices.id, by.practiceId)).for('no key update');
}

async function changeTemplate(
  tx: Tx,
  by: Staff,
  which: Which & { language: Language },
  template: Template,
): Promise<void> {
  const isCurrent = and(ofMessage(by, which), eq(language, which.language), isNull(replacedAt));
  const standard = defaultTemplate(which.kind, which.channel, which.language);
  const [current] = await tx.select({ subject, body }).from(messageTemplates).where(isCurrent);
  const standing = current?.body == null ? standard : current;
  if (reads(standing, template)) return;
  const isDefault = reads(standard, template);
  await tx.update(messageTemplates).set({ replacedAt: sql`clock_timestamp()` }).where(isCurrent);
  const words = isDefault ? { subject: null, body: null } : template;
  await tx.insert(messageTemplates).values({ ...which, ...words, practiceId: by.practiceId, changedBy: by.userId });
  await audit(tx, by, 'template.changed', {}, { ...which, toDefault: isDefault });
}

const reads = (one: { subject: string | null; body: string | null }, other: Template) =>
  one.subject === other.subject && one.body === other.body;

/** @throws Refusal not_found where the message has no such text in its history */
export async function templateOf(tx: Tx, by: Staff, which: Which, changeId: string): Promise<TemplateChange> {
  const change = (await templateHistory(tx, by, which)).find(({ id }) => id === changeId);
  if (!change) throw new Refusal('not_found');
  return change;
}
