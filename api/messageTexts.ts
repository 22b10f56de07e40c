import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { linkPath } from '../domain/bookings/linkPath.ts';
import { emailBlocks } from '../domain/messages/email.ts';
import { smsSegments } from '../domain/messages/gsm7.ts';
import { faultsOf, type Which } from '../domain/messages/ownTemplates.ts';
import { cutsNames, smsText } from '../domain/messages/sms.ts';
import { longestFields, readExample, usualFields } from '../domain/messages/templateExamples.ts';
import { allowedFields, partsOf, type TextPart, textOf } from '../domain/messages/templateRules.ts';
import { type Fields, type Template, texts, withLink } from '../domain/messages/templates.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Language } from '../locales/formats.ts';
import { texts as words } from '../locales/texts.ts';
import { type FormState, untouched } from '../views/reader.ts';
import type { Fault, Preview, SmsPreview } from '../views/settings/MessagePreview.tsx';
import type { TextSection } from '../views/settings/MessageTextPage.tsx';
import { text } from './fields.ts';
import type { Values } from './form.ts';

const languages: Language[] = ['en', 'nl'];

/** Of a message's address, such as 'link-sms'. @throws Refusal not_found */
export function messageOf(address: string): Which {
  const [, kind, channel] = /^(link|reminder|confirmation)-(sms|email)$/.exec(address) ?? [];
  if (!kind) throw new Refusal('not_found');
  return { kind, channel } as Which;
}

const nameOf = (part: TextPart, language: Language) =>
  `${part === 'subject' ? 'subject' : 'text'}${language === 'en' ? 'En' : 'Nl'}`;

const longest: Record<TextPart, number> = { sms: 480, subject: 120, email: 3_000 };

/** As it is kept: one kind of line end, no spaces at the ends of lines, one empty line between paragraphs at most. */
const tidy = (typed: string) =>
  typed
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
const tidyLine = (typed: string) => tidy(typed).replace(/\s+/g, ' ');

const partForm = (part: TextPart) =>
  z
    .string('required')
    .transform(part === 'subject' ? tidyLine : tidy)
    .pipe(text(longest[part]));

/** Both languages' templates of one message. */
export const templatesForm = ({ channel }: Which) =>
  z
    .strictObject(
      Object.fromEntries(
        languages.flatMap((language) => partsOf(channel).map((part) => [nameOf(part, language), partForm(part)])),
      ),
    )
    .transform((typed) => templatesFrom(typed, channel));

function templatesFrom(typed: Values, channel: Which['channel']): Record<Language, Template> {
  const typedAs = (part: TextPart, language: Language) => {
    const value = typed[nameOf(part, language)];
    return typeof value === 'string' ? value : '';
  };
  const template = (language: Language): Template =>
    channel === 'sms'
      ? { subject: null, body: typedAs('sms', language) }
      : { subject: typedAs('subject', language), body: typedAs('email', language) };
  return { en: template('en'), nl: template('nl') };
}

/** Texts that may not be right yet, as they would be kept. */
export function typedTemplates(typed: Values, { channel }: Which): Record<Language, Template> {
  const { en, nl } = templatesFrom(typed, channel);
  const tidied = ({ subject, body }: Template) => ({ subject: subject && tidyLine(subject), body: tidy(body) });
  return { en: tidied(en), nl: tidied(nl) };
}

/** What the form shows of each language, the reader's first: the texts as they stand or were typed, what is wrong with them, and the preview. */
export async function textSections(
  app: FastifyInstance,
  { staff: by, viewer }: Pick<FastifyRequest, 'staff' | 'viewer'>,
  which: Which,
  templates: Record<Language, Template>,
  { values, errors }: FormState = untouched,
): Promise<TextSection[]> {
  const { kind, channel } = which;
  const { linkKeys, publicUrl } = app.configuration;
  const found = await faultsOf(app.database, by, which, templates, linkKeys.urlLength);
  const example = await readExample(app.database, by);
  const url = publicUrl + linkPath(kind === 'confirmation' ? 'appointment' : 'choose', '…');
  return languages
    .toSorted((one) => (one === viewer.language ? -1 : 1))
    .map((language) => {
      const template = templates[language];
      const parts = partsOf(channel).map((part) => {
        const name = nameOf(part, language);
        const fault = formFault(errors[name]) ?? found[language]?.[part] ?? null;
        const typed = values[name];
        return {
          part,
          name,
          value: typeof typed === 'string' ? typed : textOf(template, part),
          fault,
          maxLength: longest[part],
          fields: allowedFields[kind][part].map((field) => ({ field, name: texts[language].fields[field] })),
        };
      });
      const own = [{ ...template, kind, channel }];
      const usual = {
        ...usualFields(example, language, words(language).templates.exampleFirst, linkKeys.urlLength),
        own,
      };
      const atLongest = { ...longestFields(example, language, linkKeys.urlLength), own };
      const faults = parts.flatMap(({ fault }) => fault ?? []);
      const preview: Preview =
        faults.length > 0
          ? { faults }
          : channel === 'sms'
            ? { sms: smsPreview(which, usual, url), longest: smsPreview(which, atLongest, url) }
            : { email: emailPreview(which, usual, url) };
      return { language, parts, preview };
    });
}

const formFault = (code: string | undefined): Fault | null => (code === undefined ? null : { code });

function smsPreview({ kind }: Which, fields: Fields, url: string): SmsPreview {
  const body = smsText(kind, fields);
  const sent = withLink(body, 'x'.repeat(fields.linkLength ?? url.length));
  return { text: withLink(body, url), letters: sent.length, segments: smsSegments(sent), cut: cutsNames(kind, fields) };
}

function emailPreview({ kind }: Which, fields: Fields, url: string) {
  const { subject, blocks } = emailBlocks(kind, fields);
  return {
    subject,
    blocks: blocks.map((block) => (block.kind === 'paragraph' ? { ...block, text: withLink(block.text, url) } : block)),
  };
}
