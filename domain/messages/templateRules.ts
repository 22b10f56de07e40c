import type { Language } from '../../locales/formats.ts';
import { likenessInGsm7 } from './gsm7.ts';
import { type Channel, defaultTemplate, type Fields, type MessageKind, type Template, texts } from './templates.ts';
import { type FieldName, type Piece, readTemplate, type TemplateFault } from './templateText.ts';

/** A text that a practice can write: the whole of an SMS, or one of the two of an email. */
export type TextPart = 'sms' | 'subject' | 'email';

export const partsOf = (channel: Channel): TextPart[] => (channel === 'sms' ? ['sms'] : ['subject', 'email']);
export const textOf = (template: Template, part: TextPart): string =>
  part === 'subject' ? (template.subject ?? '') : template.body;

/**
 * What a text may name. An SMS lies open on a telephone: of the patient it says the first name, and no more than when and with
 * whom; a subject, which every mail program lists, not even the name.
 */
const inInvitations: Record<TextPart, FieldName[]> = {
  sms: ['first', 'practice', 'provider', 'link', 'phone', 'until'],
  subject: ['practice', 'provider', 'until'],
  email: ['first', 'practice', 'provider', 'link', 'phone', 'until'],
};
export const allowedFields: Record<MessageKind, Record<TextPart, FieldName[]>> = {
  link: inInvitations,
  reminder: inInvitations,
  confirmation: {
    sms: ['first', 'practice', 'provider', 'day', 'time', 'link', 'phone'],
    subject: ['practice', 'provider', 'day', 'time'],
    email: ['first', 'practice', 'provider', 'day', 'time', 'duration', 'place', 'link', 'phone'],
  },
};

/** What is wrong with a text; `found` is what the reader is shown of it. */
export type TextFault =
  | TemplateFault
  | { code: 'required' | 'template_link_missing' | 'template_link_twice' | 'sms_letters' }
  /** Even with the names cut short the text is longer than one SMS, by so many characters. */
  | { code: 'template_sms_long'; found: string };

/** The first thing that is wrong with a text by itself, whatever it is filled with; null: nothing. */
export function faultOf(kind: MessageKind, part: TextPart, language: Language, text: string): TextFault | null {
  if (text.trim() === '') return { code: 'required' };
  const names = texts[language].fields;
  const pieces = readTemplate(text, names, part === 'sms');
  if (!Array.isArray(pieces)) return pieces;
  const fields = pieces.flatMap((piece) => ('field' in piece ? [piece.field] : []));
  const strange = fields.find((field) => !allowedFields[kind][part].includes(field));
  if (strange) return { code: 'template_unknown_field', found: `{${names[strange]}}` };
  const links = pieces.filter((piece) => 'field' in piece && piece.field === 'link');
  if (links.length > 1) return { code: 'template_link_twice' };
  const needsLink = kind !== 'confirmation' && part !== 'subject';
  if (needsLink && !links.some(({ optional }) => optional === 0)) return { code: 'template_link_missing' };
  if (part === 'sms' && likenessInGsm7(wordsOf(pieces)) === null) return { code: 'sms_letters' };
  return null;
}

const wordsOf = (pieces: Piece[]): string =>
  pieces.map((piece) => ('words' in piece ? piece.words : (piece.otherwise ?? ''))).join('');

/** The template that counts: the practice's own, unless it is none by the rules of now, lest a message have no link. */
export function templateFor(kind: MessageKind, channel: Channel, { language, own }: Fields): Template {
  const theirs = own?.find((one) => one.kind === kind && one.channel === channel);
  const fits = theirs && partsOf(channel).every((part) => !faultOf(kind, part, language, textOf(theirs, part)));
  return fits ? theirs : defaultTemplate(kind, channel, language);
}

/** A text that has no fault, in pieces. */
export function piecesOf(text: string, part: TextPart, language: Language): Piece[] {
  const pieces = readTemplate(text, texts[language].fields, part === 'sms');
  if (!Array.isArray(pieces)) throw new Error(`not a template: ${pieces.code}`);
  return pieces;
}
