import type { Database } from '../../drizzle/database.ts';
import { type LinkKeys, verifiedTokenOf } from '../bookings/links.ts';
import { type Attempt, beginAttempt, type Message, recordFailed, recordNotSent, recordSent } from './ledger.ts';
import { withLink } from './templates.ts';

/** What a carrier of one channel can do; the gateways fulfil it. */
export interface Carrier {
  send(letter: Letter): Promise<{ carrierId: string }>;
  /** Looks for a message that may have been taken already; only where the carrier knows no idempotency key. */
  find?(letter: Pick<Letter, 'to' | 'text'>, since: Date): Promise<{ carrierId: string } | null>;
}

export interface Letter {
  /** The ledger's id, the carrier's idempotency key. */
  id: string;
  to: string;
  senderName: string | null;
  replyTo: string | null;
  subject: string | null;
  text: string;
  html: string | null;
  attachments: { filename: string; content: string; contentType: string }[];
}

/** How a carrier's refusal is told: whether the message surely did not leave, and whether another try can help. */
export interface CarrierFailure extends Error {
  kind: 'permanent' | 'temporary' | 'uncertain';
  reason: string;
}

export interface Delivery {
  database: Database;
  carriers: Record<'sms' | 'email', Carrier>;
  keys: LinkKeys;
  publicUrl: string;
}

/**
 * Sends one message of the ledger, at most once as far as its carrier lets us know.
 * @returns when to try again, in epoch milliseconds; null when nothing is left to do
 * @throws the carrier's temporary or uncertain failure: another attempt is wanted
 */
export async function deliver(delivery: Delivery, messageId: string): Promise<number | null> {
  const attempt = await delivery.database.transaction((tx) => beginAttempt(tx, messageId));
  if (attempt.do === 'nothing') return null;
  if (attempt.do === 'wait') return attempt.until;
  const { message } = attempt;
  try {
    const { carrierId } = await carry(delivery, attempt);
    await recordSent(delivery.database, message, carrierId);
    return null;
  } catch (failure) {
    if (!isCarrierFailure(failure)) throw failure;
    if (failure.kind === 'permanent') return recordFailed(delivery.database, message, failure.reason).then(() => null);
    if (failure.kind === 'temporary') await recordNotSent(delivery.database, message, failure.reason);
    throw failure;
  }
}

async function carry(delivery: Delivery, attempt: Attempt & { do: 'send' }): Promise<{ carrierId: string }> {
  const carrier = delivery.carriers[attempt.message.channel];
  const letter = letterOf(delivery, attempt);
  const earlier = attempt.earlierAttemptAt && (await carrier.find?.(letter, attempt.earlierAttemptAt));
  return earlier || carrier.send(letter);
}

function letterOf({ keys, publicUrl }: Delivery, { message, link, practice }: Attempt & { do: 'send' }): Letter {
  const url = link ? `${publicUrl}/${link.purpose === 'choose' ? 'b' : 'a'}/${verifiedTokenOf(keys, link)}` : '';
  return {
    id: message.id,
    to: message.recipient,
    senderName: message.channel === 'sms' ? practice.smsSender : practice.emailSenderName,
    replyTo: practice.email,
    subject: message.subject,
    text: withLink(message.body, url),
    html: message.html && withLink(message.html, url),
    attachments: message.attachments,
  };
}

const isCarrierFailure = (error: unknown): error is CarrierFailure =>
  error instanceof Error && 'kind' in error && 'reason' in error && (error as { kind: Message['state'] | string }).kind !== undefined;
