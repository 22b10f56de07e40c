import type { Database, Tx } from '../../drizzle/database.ts';
import { type Carrier, CarrierError, type Letter } from '../../gateways/carrier.ts';
import { linkPath } from '../bookings/linkPath.ts';
import { type BookingLink, LinkKeyFault, type LinkKeys, verifiedTokenOf } from '../bookings/links.ts';
import { type Attempt, beginAttempts, carrierIdsBeside, takeBack } from './attempts.ts';
import type { Begun, Message } from './freeze.ts';
import { recordDropped, recordFailed, recordNotSent, recordSent, recordUncertain } from './outcomes.ts';
import { takePlace } from './sendRate.ts';
import { type Channel, withLink } from './templates.ts';
import { unsubscribeToken, withWayOut } from './unsubscribe.ts';

export interface Delivery {
  database: Database;
  carriers: Record<Channel, Carrier>;
  keys: LinkKeys;
  publicUrl: string;
}

/** For so long it is asked, again and again, whether an SMS left; then staff are told that nobody knows. */
const lookupMs = 2 * 3_600_000;

/**
 * Sends messages of the ledger, each at most once as far as its carrier lets us know. Their attempts begin in the transaction
 * in which `write` finds them, by their ids, or puts them into the ledger, begun.
 * @returns when to try again, in epoch milliseconds; null when nothing is left to do
 * @throws a carrier's temporary or uncertain failure, when all have been tried: another attempt is wanted
 */
export async function deliver(
  delivery: Delivery,
  write: (tx: Tx) => Promise<string[] | Begun[]>,
): Promise<number | null> {
  const attempts = await delivery.database.transaction(async (tx) => {
    const found = await write(tx);
    if (!areBegun(found)) return beginAttempts(tx, found, delivery.keys.urlLength);
    return found.map((begun): Attempt => ({ do: 'send', ...begun, earlierAttemptAt: null }));
  });
  const ends = await Promise.allSettled(attempts.map((attempt) => carryOut(delivery, attempt)));
  const again: number[] = [];
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason;
    if (end.value !== null) again.push(end.value);
  }
  return again.length > 0 ? Math.min(...again) : null;
}

const areBegun = (found: string[] | Begun[]): found is Begun[] => typeof found[0] === 'object';

async function carryOut(delivery: Delivery, attempt: Attempt): Promise<number | null> {
  if (attempt.do === 'nothing') return null;
  if (attempt.do === 'wait') return attempt.until;
  if (attempt.do === 'let_be') throw new CarrierError('uncertain', 'no_answer', 'under way', attempt.forMs);
  const { message } = attempt;
  const { database } = delivery;
  const carrier = delivery.carriers[message.channel];
  if (attempt.do === 'look_up') return lookUp(delivery, carrier, attempt).then(() => null);
  const sendAt = carrier.perMinute ? await takePlace(database, message, carrier.perMinute) : null;
  if (sendAt) {
    await takeBack(database, message, attempt.earlierAttemptAt, sendAt);
    return sendAt.getTime();
  }
  const uncertainForMs = message.uncertainSince ? Date.now() - message.uncertainSince.getTime() : 0;
  try {
    if (uncertainForMs > (carrier.keyLifeMs ?? Number.POSITIVE_INFINITY))
      throw new CarrierError('uncertain', 'lookup_failed', 'key forgotten');
    const { carrierId } = await carry(delivery, carrier, attempt);
    await recordSent(database, message, carrierId, carrier.askAfterMs);
    return null;
  } catch (failure) {
    if (failure instanceof LinkKeyFault) await takeBack(database, message, attempt.earlierAttemptAt);
    if (!(failure instanceof CarrierError)) throw failure;
    if (failure.kind === 'permanent')
      return recordFailed(database, message, failure, delivery.keys.urlLength).then(() => null);
    const hopeless = failure.reason === 'lookup_failed' && uncertainForMs > lookupMs;
    if (hopeless || failure.reason === 'changed_meanwhile')
      return recordUncertain(database, message, failure).then(() => null);
    // With a key that is known again the letter may go out at once; without one it is looked up first.
    const mayBeTaken = failure.kind === 'uncertain' || (!carrier.find && message.uncertainSince !== null);
    if (failure.kind === 'temporary' || carrier.keyLifeMs) await recordNotSent(database, message, failure, mayBeTaken);
    throw failure;
  }
}

/** What may have left before it became unwanted is sent, never left, or nobody can say. @throws when it must be asked again */
async function lookUp(
  delivery: Delivery,
  carrier: Carrier,
  { message, link, unwanted }: Attempt & { do: 'look_up' },
): Promise<void> {
  const { database, keys } = delivery;
  const unknown = () => recordUncertain(database, message, { reason: unwanted, code: null });
  if (!carrier.find) return unknown();
  try {
    const letter = letterOf(delivery, message, link);
    const found = await carrier.find(letter, message.createdAt, await carrierIdsBeside(database, message));
    if (found) await recordSent(database, message, found.carrierId, carrier.askAfterMs);
    else await recordDropped(database, message, unwanted, keys.urlLength);
  } catch (failure) {
    const hopeless = Date.now() - message.uncertainSince!.getTime() > lookupMs;
    if (failure instanceof LinkKeyFault || (failure instanceof CarrierError && hopeless)) return unknown();
    throw failure;
  }
}

async function carry(
  { database, ...delivery }: Delivery,
  carrier: Carrier,
  attempt: Attempt & { do: 'send' },
): Promise<{ carrierId: string }> {
  const { message, link, earlierAttemptAt } = attempt;
  const letter = letterOf(delivery, message, link);
  if (earlierAttemptAt && carrier.find) {
    // Since the message was written, not since the last attempt: any of several uncertain ones may have succeeded.
    const earlier = await carrier.find(letter, message.createdAt, await carrierIdsBeside(database, message));
    if (earlier) return earlier;
  }
  return carrier.send(letter);
}

/** What leaves for a message: its frozen texts with the link in its place. @throws LinkKeyFault */
export function letterOf(
  { keys, publicUrl }: Pick<Delivery, 'keys' | 'publicUrl'>,
  message: Pick<
    Message,
    'id' | 'channel' | 'language' | 'recipient' | 'senderName' | 'replyTo' | 'subject' | 'attachments' | 'body' | 'html'
  >,
  link: Pick<BookingLink, 'id' | 'keyId' | 'version' | 'purpose' | 'tokenHash'> | null,
): Letter {
  const url = link ? publicUrl + linkPath(link.purpose, verifiedTokenOf(keys, link)) : '';
  const { id, channel, language, recipient: to, senderName, replyTo, subject, attachments } = message;
  const frozen = { text: withLink(message.body, url), html: message.html && withLink(message.html, url) };
  const unsubscribeUrl = channel === 'email' ? `${publicUrl}/u/${unsubscribeToken(keys, id, link?.keyId)}` : null;
  const worded = unsubscribeUrl ? withWayOut(frozen, language, unsubscribeUrl) : frozen;
  return { id, to, senderName, replyTo, unsubscribeUrl, subject, attachments, ...worded };
}
