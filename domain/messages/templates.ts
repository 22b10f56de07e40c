import type { Channel } from '../../gateways/carrier.ts';
import { messages as en } from '../../locales/en/messages.ts';
import { formats, type Language } from '../../locales/formats.ts';
import { messages as nl } from '../../locales/nl/messages.ts';

export const texts = { en, nl };

export type { Channel };
export type MessageKind = 'link' | 'reminder' | 'confirmation';

/** A template of a message: an SMS has no subject. */
export interface Template {
  subject: string | null;
  body: string;
}

/** What the texts of messages are written from. */
export interface Fields {
  language: Language;
  practice: { name: string; shortName: string; phone: string };
  /** The patient's first name: all that a message says of the patient. */
  first: string;
  /** With the title. */
  provider: string;
  /** The title that `provider` begins with; left out of an SMS that grows too long. */
  providerTitle?: string;
  zone: string;
  /** When the link ends; for links and reminders. */
  expiresAt?: Date;
  /** How many characters an SMS keeps free for the link; 45 where nobody says. */
  linkLength?: number;
  /** For confirmations. */
  appointment?: { startsAt: Date; minutes: number; place: string };
  /** The practice's own templates in this language; where it has none the default counts. */
  own?: (Template & { kind: MessageKind; channel: Channel })[];
}

/** The template of a practice that wrote none of its own. */
export function defaultTemplate(kind: MessageKind, channel: Channel, language: Language): Template {
  const { sms, subject, email } = texts[language].templates[kind];
  return channel === 'sms' ? { subject: null, body: sms } : { subject, body: email };
}

/** Stands in a frozen text where the URL goes when the message leaves: the ledger keeps no working link. */
export const linkPlaceholder = '{link}';

/** A frozen text or its HTML with the URL, which must need no escaping. */
export const withLink = (text: string, url: string) => text.replaceAll(linkPlaceholder, () => url);

/** A field on one line, which can't pass itself off as the link's place. */
export const oneLine = (field: string) =>
  field
    .replaceAll(linkPlaceholder, '')
    .replace(/[{}]/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** The days and times that a message names, in the practice's zone; empty where it has none. */
export function when({ language, zone, expiresAt, appointment }: Fields, days: 'shortDay' | 'longDay') {
  const f = formats(language, zone);
  return {
    // The link ends with its last day, at a midnight.
    until: expiresAt ? f[days](expiresAt.getTime() - 1) : '',
    day: appointment ? f[days](appointment.startsAt) : '',
    time: appointment ? f.time(appointment.startsAt) : '',
    duration: appointment ? texts[language].minutes(appointment.minutes) : '',
    place: appointment ? oneLine(appointment.place) : '',
  };
}
