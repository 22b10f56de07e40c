import type { Database, Tx } from '../../drizzle/database.ts';
import { type Carrier, CarrierError, type Letter } from '../../gateways/carrier.ts';
import { type LinkKeys, verifiedTokenOf } from '../bookings/links.ts';
import { type Attempt, beginAttempt, recordFailed, recordNotSent, recordSent, recordUncertain } from './ledger.ts';
import { withLink } from './templates.ts';

export interface Delivery {
  database: Database;
  carriers: Record<'sms' | 'email', Carrier>;
  keys: LinkKeys;
  publicUrl: string;
}

/** With the workflow's pauses some two hours; then staff are told that nobody knows whether the message left. */
const lookupAttempts = 20;

/**
 * Sends messages of the ledger, each at most once as far as its carrier lets us know. Their attempts begin in the transaction
 * in which `write` finds them or puts them into the ledger.
 * @returns when to try again, in epoch milliseconds; null when nothing is left to do
 * @throws a carrier's temporary or uncertain failure, when all have been tried: another attempt is wanted
 */
export async function deliver(delivery: Delivery, write: (tx: Tx) => Promise<string[]>): Promise<number | null> {
  const attempts = await delivery.database.transaction(async (tx) => {
    const messageIds = await write(tx);
    return Promise.all(messageIds.map((messageId) => beginAttempt(tx, messageId)));
  });
  const ends = await Promise.allSettled(attempts.map((attempt) => carryOut(delivery, attempt)));
  const again: number[] = [];
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason;
    if (end.value !== null) again.push(end.value);
  }
  return again.length > 0 ? Math.min(...again) : null;
}

async function carryOut(delivery: Delivery, attempt: Attempt): Promise<number | null> {
  if (attempt.do === 'nothing') return null;
  if (attempt.do === 'wait') return attempt.until;
  if (attempt.do === 'let_be')
    throw new CarrierError('uncertain', 'no_answer', 'under way', attempt.until - Date.now());
  const { message } = attempt;
  try {
    const { carrierId } = await carry(delivery, attempt);
    await recordSent(delivery.database, message, carrierId);
    return null;
  } catch (failure) {
    if (!(failure instanceof CarrierError)) throw failure;
    if (failure.kind === 'permanent') return recordFailed(delivery.database, message, failure.reason).then(() => null);
    if (failure.reason === 'lookup_failed' && message.attempts >= lookupAttempts) {
      return recordUncertain(delivery.database, message, failure.reason).then(() => null);
    }
    if (failure.kind === 'temporary') await recordNotSent(delivery.database, message, failure.reason);
    throw failure;
  }
}

async function carry(delivery: Delivery, attempt: Attempt & { do: 'send' }): Promise<{ carrierId: string }> {
  const carrier = delivery.carriers[attempt.message.channel];
  const letter = letterOf(delivery, attempt);
  // Looked for since the message was written, not since the last attempt: any of several uncertain ones may have succeeded.
  const earlier = attempt.earlierAttemptAt && (await carrier.find?.(letter, attempt.message.createdAt));
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
