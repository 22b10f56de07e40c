import { messages as en } from '../../locales/en/messages.ts';
import { formats, type Language } from '../../locales/formats.ts';
import { messages as nl } from '../../locales/nl/messages.ts';

export const texts = { en, nl };

export type Channel = 'sms' | 'email';
export type MessageKind = 'link' | 'reminder' | 'confirmation';

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
}

/** Stands in a frozen text where the URL goes when the message leaves: the ledger keeps no working link. */
export const linkPlaceholder = '{link}';

/** A frozen text or its HTML with the URL, which must need no escaping. */
export const withLink = (text: string, url: string) => text.replaceAll(linkPlaceholder, () => url);

/** A field on one line, which can't pass itself off as the link's place. */
export const oneLine = (field: string) =>
  field
    .replaceAll(linkPlaceholder, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** The appointment's day and time in the practice's zone. */
export function when({ language, zone, appointment }: Fields) {
  const { shortDay, longDay, time } = formats(language, zone);
  const { startsAt, minutes, place } = appointment!;
  return { day: shortDay(startsAt), longDay: longDay(startsAt), time: time(startsAt), minutes, place };
}
