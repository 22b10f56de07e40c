import { formats, type Language } from '../../locales/formats.ts';
import { messages as en } from '../../locales/en/messages.ts';
import { messages as nl } from '../../locales/nl/messages.ts';
import { gsm7Length, segmentLength, toGsm7 } from './gsm7.ts';
import { html, type Html, raw } from './html.ts';

const texts = { en, nl };

/** Stands in a frozen text where the URL goes when the message leaves: the ledger keeps no working link. */
export const linkPlaceholder = '{link}';
/** URLs are kept within this many characters, so that an SMS stays one segment. */
const linkLength = 45;

export const withLink = (text: string, url: string) => text.replaceAll(linkPlaceholder, url);

export interface Fields {
  language: Language;
  practice: { name: string; shortName: string; phone: string };
  first: string;
  provider: string;
  zone: string;
  /** When the link ends; for links and reminders. */
  expiresAt?: Date;
  /** For confirmations. */
  appointment?: { startsAt: Date; minutes: number; place: string };
}

export type MessageKind = 'link' | 'reminder' | 'confirmation';

/** An SMS of one segment. When it grows too long, first the telephone number goes, then the provider's name is cut. */
export function smsText(kind: MessageKind, fields: Fields): string {
  const { sms } = texts[fields.language];
  const write = (provider: string) => {
    if (kind !== 'confirmation') return toGsm7(sms[kind](fields.practice.shortName, fields.first, provider, linkPlaceholder));
    const { day, time } = when(fields);
    return toGsm7(sms.confirmation(fields.practice.shortName, fields.first, day, time, provider, linkPlaceholder));
  };
  const full = write(fields.provider);
  const withPhone = kind === 'confirmation' ? full : full + toGsm7(sms.preferToCall(fields.practice.phone));
  if (fits(withPhone)) return withPhone;
  const excess = gsm7Length(full) - linkPlaceholder.length - 2 + linkLength - segmentLength;
  return excess <= 0 ? full : write(fields.provider.slice(0, Math.max(1, fields.provider.length - excess)).trimEnd());
}

const fits = (text: string) => gsm7Length(text.replace(linkPlaceholder, '')) + linkLength <= segmentLength;

export interface EmailText {
  subject: string;
  text: string;
  html: string;
}

export function emailText(kind: MessageKind, fields: Fields): EmailText {
  const { email } = texts[fields.language];
  const { practice, provider, first } = fields;
  const signature = email.signature(practice.name);
  if (kind === 'confirmation') {
    const { longDay, time, appointment } = when(fields);
    const facts: [string, string][] = [
      [email.when, `${longDay}, ${time}`],
      [email.duration, email.minutes(appointment.minutes)],
      [email.where, appointment.place],
    ];
    return {
      subject: email.confirmationSubject(longDay, time),
      text: [
        email.greeting(first),
        email.confirmation(provider),
        facts.map(([name, value]) => `${name}: ${value}`).join('\n'),
        `${email.changeOrCancel}: ${linkPlaceholder}`,
        email.inYourCalendar,
        signature,
      ].join('\n\n'),
      html: letter(fields, [
        paragraph(email.greeting(first)),
        paragraph(email.confirmation(provider)),
        html`<dl style="margin:0 0 24px">${facts.map(
          ([name, value]) => html`<dt style="color:#5b6670">${name}</dt><dd style="margin:0 0 8px;font-weight:600">${value}</dd>`,
        )}</dl>`,
        button(email.changeOrCancel),
        paragraph(email.inYourCalendar),
        paragraph(signature),
      ]),
    };
  }
  const until = formats(fields.language, fields.zone).longDay(fields.expiresAt!.getTime() - 1);
  const after = [email.goodUntil(until), email.preferToCall(practice.phone), signature];
  return {
    subject: kind === 'link' ? email.linkSubject(practice.name) : email.reminderSubject(practice.name),
    text: [email.greeting(first), email[kind](provider), `${email.chooseATime}: ${linkPlaceholder}`, ...after].join('\n\n'),
    html: letter(fields, [paragraph(email.greeting(first)), paragraph(email[kind](provider)), button(email.chooseATime), ...after.map(paragraph)]),
  };
}

function when({ language, zone, appointment }: Fields) {
  const { shortDay, longDay, time } = formats(language, zone);
  const at = appointment!.startsAt;
  return { day: shortDay(at), longDay: longDay(at), time: time(at), appointment: appointment! };
}

const paragraph = (text: string): Html => html`<p style="margin:0 0 16px;white-space:pre-line">${text}</p>`;

const button = (label: string): Html => html`<p style="margin:24px 0"><a href="${linkPlaceholder}"
  style="display:inline-block;padding:14px 24px;border-radius:8px;background:#0b6e75;color:#ffffff;text-decoration:none;font-weight:600">${label}</a></p>`;

function letter({ language, practice }: Fields, body: Html[]): string {
  return html`${raw('<!doctype html>')}<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${practice.name}</title></head><body style="margin:0;background:#f3f6f7">
<div style="max-width:560px;margin:0 auto;padding:32px 24px;background:#ffffff;color:#17242b;font:16px/1.5 system-ui,sans-serif">
<p style="margin:0 0 24px;font-weight:600;color:#0b6e75">${practice.name}</p>${body}</div></body></html>`.toString();
}
