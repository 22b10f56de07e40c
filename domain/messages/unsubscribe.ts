import { createHmac, timingSafeEqual } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookings, locations, messages, optOuts, patients, practices } from '../../drizzle/schema/index.ts';
import type { Language } from '../../locales/formats.ts';
import type { LinkKeys } from '../bookings/links.ts';
import { Refusal } from '../refusal.ts';
import { html } from './html.ts';
import { optIn, optOut } from './optOut.ts';
import { texts } from './templates.ts';

/** The way out of emails (RFC 8058): an address that names the message by its id alone, signed so that nobody makes one up. */

const idLength = 22;
const tokenPattern = /^[\w-]{44}$/;

/** @param keyId the key of the link that goes along, so that the letter stays the same when keys change between attempts */
export const unsubscribeToken = (keys: LinkKeys, messageId: string, keyId = keys.newest): string =>
  Buffer.from(messageId.replaceAll('-', ''), 'hex').toString('base64url') +
  signatureOf(keys.secrets[keyId]!, messageId);

const signatureOf = (secret: string, messageId: string) =>
  createHmac('sha256', secret).update(`unsubscribe ${messageId}`).digest('base64url').slice(0, idLength);

/** The message that a token names; null for one that we did not sign with a key that is still on the ring. */
export function messageOfToken(keys: LinkKeys, token: string): string | null {
  if (!tokenPattern.test(token)) return null;
  const hex = Buffer.from(token.slice(0, idLength), 'base64url').toString('hex');
  const messageId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const signature = Buffer.from(token.slice(idLength));
  const isOurs = Object.values(keys.secrets).some((secret) =>
    timingSafeEqual(signature, Buffer.from(signatureOf(secret, messageId))),
  );
  return isOurs ? messageId : null;
}

/** What the page behind the token shows; nothing of the patient. */
export interface Subscription {
  practiceId: string;
  contact: string;
  practiceName: string;
  phone: string;
  timeZone: string;
  language: Language;
  optedOut: boolean;
}

/** @throws Refusal not_found */
export async function readSubscription(tx: Tx, keys: LinkKeys, token: string): Promise<Subscription> {
  const messageId = messageOfToken(keys, token);
  const [row] = messageId
    ? await tx
        .select({ message: messages, practice: practices, phone: locations.phone, language: patients.language })
        .from(messages)
        .innerJoin(practices, eq(practices.id, messages.practiceId))
        .innerJoin(patients, eq(patients.id, messages.patientId))
        .innerJoin(bookings, eq(bookings.id, messages.bookingId))
        .innerJoin(locations, eq(locations.id, bookings.locationId))
        .where(eq(messages.id, messageId))
    : [];
  if (row?.message.channel !== 'email' || row.message.recipient === '') throw new Refusal('not_found');
  const { message, practice } = row;
  const contact = message.recipient.toLowerCase();
  const { practiceId, channel } = optOuts;
  const gone = await tx.$count(
    optOuts,
    and(eq(practiceId, practice.id), eq(channel, 'email'), eq(optOuts.contact, contact)),
  );
  return {
    practiceId: practice.id,
    contact,
    practiceName: practice.name,
    phone: row.phone || practice.phone,
    timeZone: practice.timeZone,
    language: row.language ?? practice.language,
    optedOut: gone > 0,
  };
}

/** No more emails of the practice to the address that the message went to, or emails again. @throws Refusal not_found */
export async function subscribe(tx: Tx, keys: LinkKeys, token: string, wanted: boolean): Promise<void> {
  const { practiceId, contact } = await readSubscription(tx, keys, token);
  const email = { practiceId, channel: 'email', contact } as const;
  await (wanted ? optIn(tx, email) : optOut(tx, email, 'unsubscribed'));
}

/** The last line of every email, in both its forms: the way out for people, beside the header for mailboxes. */
export function withWayOut(letter: { text: string; html: string | null }, language: Language, url: string) {
  const { unsubscribe, unsubscribeHere } = texts[language];
  const line = html`<p style="margin:32px 0 0;color:#5b6670;font-size:13px">${unsubscribe} <a href="${url}" style="color:#5b6670">${unsubscribeHere}</a></p>`;
  return {
    text: `${letter.text}\n\n${unsubscribe} ${unsubscribeHere}: ${url}`,
    html: letter.html?.replace(/(<\/div>)?<\/body><\/html>\s*$/, (end) => `${line}${end}`) ?? null,
  };
}
