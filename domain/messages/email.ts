import { formats } from '../../locales/formats.ts';
import { type Html, html, raw } from './html.ts';
import { type Fields, linkPlaceholder, type MessageKind, oneLine, texts, when } from './templates.ts';

export interface EmailText {
  subject: string;
  /** The same words as `html`, for readers of plain text. */
  text: string;
  html: string;
}

/** An email in the patient's language: a greeting, what it is about, one button, who signs. */
export function emailText(kind: MessageKind, given: Fields): EmailText {
  const fields: Fields = {
    ...given,
    first: oneLine(given.first),
    provider: oneLine(given.provider),
    practice: { ...given.practice, name: oneLine(given.practice.name), phone: unbroken(given.practice.phone) },
  };
  return kind === 'confirmation' ? confirmation(fields) : invitation(kind, fields);
}

/** A telephone number stays on one line of the page. */
const unbroken = (phone: string) => oneLine(phone).replaceAll(' ', '\u00a0');

function invitation(kind: 'link' | 'reminder', fields: Fields): EmailText {
  const { language, practice, provider, first, zone, expiresAt } = fields;
  const { email } = texts[language];
  const after: string[] = [];
  // The link ends with its last day, at a midnight.
  if (expiresAt) after.push(email.goodUntil(formats(language, zone).longDay(expiresAt.getTime() - 1)));
  after.push(email.preferToCall(practice.phone), email.signature(practice.name));
  return written(fields, {
    subject: kind === 'link' ? email.linkSubject(practice.name) : email.reminderSubject(practice.name),
    before: [email.greeting(first), email[kind](provider)],
    facts: [],
    button: email.chooseATime,
    after,
  });
}

function confirmation(fields: Fields): EmailText {
  const { language, practice, provider, first } = fields;
  const { email } = texts[language];
  const { longDay, time, minutes, place } = when(fields);
  return written(fields, {
    subject: email.confirmationSubject(longDay, time),
    before: [email.greeting(first), email.confirmation(provider)],
    facts: [
      [email.when, `${longDay}, ${time}`],
      [email.duration, email.minutes(minutes)],
      [email.where, oneLine(place)],
    ],
    button: email.changeOrCancel,
    after: [email.inYourCalendar, email.preferToCall(practice.phone), email.signature(practice.name)],
  });
}

interface Parts {
  subject: string;
  before: string[];
  facts: [name: string, value: string][];
  button: string;
  after: string[];
}

function written(fields: Fields, { subject, before, facts, button, after }: Parts): EmailText {
  const lines = facts.map(([name, value]) => `${name}: ${value}`).join('\n');
  return {
    subject,
    text: [...before, lines, `${button}: ${linkPlaceholder}`, ...after].filter(Boolean).join('\n\n'),
    html: letter(fields, subject, [
      ...before.map(paragraph),
      ...(facts.length > 0 ? [factList(facts)] : []),
      buttonTo(button),
      ...after.map(paragraph),
    ]),
  };
}

const paragraph = (text: string): Html => html`<p style="margin:0 0 16px;white-space:pre-line">${text}</p>`;

const factList = (facts: Parts['facts']): Html =>
  html`<dl style="margin:0 0 24px">${facts.map(
    ([name, value]) =>
      html`<dt style="color:#5b6670">${name}</dt><dd style="margin:0 0 8px;font-weight:600">${value}</dd>`,
  )}</dl>`;

const buttonTo = (label: string): Html => html`<p style="margin:24px 0"><a href="${linkPlaceholder}"
  style="display:inline-block;padding:14px 24px;border-radius:8px;background:#0b6e75;color:#ffffff;text-decoration:none;font-weight:600">${label}</a></p>`;

const letter = ({ language, practice }: Fields, subject: string, body: Html[]): string =>
  html`${raw('<!doctype html>')}<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${subject}</title></head><body style="margin:0;background:#f3f6f7">
<div style="max-width:560px;margin:0 auto;padding:32px 24px;background:#ffffff;color:#17242b;font:16px/1.5 system-ui,sans-serif">
<p style="margin:0 0 24px;font-weight:600;color:#0b6e75">${practice.name}</p>${body}</div></body></html>`.toString();
