import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Tx } from '../../drizzle/database.ts';
import { messages } from '../../drizzle/schema/index.ts';
import { lockBooking } from '../bookings/bookings.ts';
import { liveNotice, notifyLive } from '../live.ts';
import type { Message } from './freeze.ts';
import { optOut } from './optOut.ts';
import { followUndelivered } from './undelivered.ts';

/** What becomes of a message once it is told, or given up. Each is safe to repeat. */

/** Stable words of why a message is not to leave any more. */
export const dropReasons = ['too_late', 'booking_closed', 'contact_removed', 'opted_out', 'link_replaced'] as const;
export type DropReason = (typeof dropReasons)[number];

/** A stable word, and the carrier's own code. */
export interface Failure {
  reason: string | null;
  code: string | null;
  /** Another message, later, may arrive. */
  isPassing?: boolean;
}

/**
 * The carrier took the message, and is asked after `askAfterMs` what became of it. Safe to repeat, and never back: the
 * carrier may have called before its answer came.
 */
export async function recordSent(
  tx: Tx,
  message: Message,
  carrierId: string,
  askAfterMs: number | undefined,
): Promise<void> {
  const askAfter = askAfterMs === undefined ? sql`null::interval` : sql`${askAfterMs / 1000} * interval '1 second'`;
  await tx.execute(sql`
    with sent as (
      update messages set state = 'sent', carrier_id = ${carrierId}, reason = null, carrier_code = null,
        sent_at = coalesce(sent_at, clock_timestamp()), ask_at = clock_timestamp() + ${askAfter}
      where id = ${message.id} and state in ('waiting', 'sending', 'uncertain') returning practice_id)
    select ${liveNotice(sql`practice_id`, 'messages', 'followUp')} from sent`);
}

/**
 * The attempt is over and the next one may begin at once; `reason` is a stable word. Where the carrier may yet have taken
 * the letter, that stays on record.
 */
export async function recordNotSent(
  tx: Tx,
  message: Message,
  { reason, code }: Failure,
  mayBeTaken: boolean,
): Promise<void> {
  const uncertainSince = mayBeTaken ? sql`coalesce(${messages.uncertainSince}, ${messages.attemptStartedAt})` : null;
  await tx
    .update(messages)
    .set({ attemptStartedAt: null, uncertainSince, reason, carrierCode: code })
    .where(stillOpen(message));
}

/** No further attempt is made. */
export async function recordFailed(
  database: Database,
  message: Message,
  failure: Failure,
  linkLength?: number,
): Promise<void> {
  await database.transaction(async (tx) => {
    // Before its messages', as everywhere: what follows needs it.
    await lockBooking(tx, message.bookingId);
    if (await ends(tx, message, { state: 'failed', reason: failure.reason, carrierCode: failure.code }))
      await afterFailure(tx, message, failure, linkLength);
  });
}

/** What a message that surely did not arrive leads to, whether its carrier refused it or told so later. */
export async function afterFailure(
  tx: Tx,
  message: Pick<Message, 'id' | 'bookingId' | 'practiceId' | 'channel' | 'recipient'>,
  { reason, isPassing }: Failure,
  linkLength?: number,
): Promise<void> {
  const { practiceId, channel, recipient } = message;
  // The carrier knows of a STOP that we were not told of.
  if (reason === 'opted_out') await optOut(tx, { practiceId, channel, contact: recipient }, 'carrier');
  await followUndelivered(tx, message, isPassing ? 'for_now' : 'surely', linkLength);
  await notifyLive(tx, practiceId, 'messages', 'followUp');
}

/** Nobody can say whether the message left, and no further attempt is made, lest it be sent twice: a person decides. */
export async function recordUncertain(database: Database, message: Message, { reason, code }: Failure): Promise<void> {
  await database.transaction(async (tx) => {
    await lockBooking(tx, message.bookingId);
    if (!(await ends(tx, message, { state: 'uncertain', reason, carrierCode: code }))) return;
    await followUndelivered(tx, message, 'uncertain');
    await notifyLive(tx, message.practiceId, 'messages', 'followUp');
  });
}

/** The message is not to leave any more, and never left. Under the booking's lock. */
export async function drop(tx: Tx, message: Message, reason: DropReason, linkLength?: number): Promise<void> {
  if (!(await ends(tx, message, { state: 'dropped', reason }))) return;
  await notifyLive(tx, message.practiceId, 'messages', 'followUp');
  if (reason === 'contact_removed' || reason === 'opted_out')
    await followUndelivered(tx, message, 'surely', linkLength);
}

/** What was looked up never left, and will not. */
export async function recordDropped(
  database: Database,
  message: Message,
  reason: DropReason,
  linkLength?: number,
): Promise<void> {
  await database.transaction(async (tx) => {
    await lockBooking(tx, message.bookingId);
    await drop(tx, message, reason, linkLength);
  });
}

/** Ends a message of which nothing else has become. @returns whether it did */
async function ends(tx: Tx, message: Message, end: Partial<Message>): Promise<boolean> {
  const ended = await tx.update(messages).set(end).where(stillOpen(message)).returning({ id: messages.id });
  return ended.length > 0;
}

/**
 * What a message becomes that is given up, whatever it is under way with: nobody can say of an attempt without an answer that
 * nothing came of it.
 */
export const givenUp = sql`(case when ${messages.attemptStartedAt} is null and ${messages.uncertainSince} is null
  then 'dropped' else 'uncertain' end)::message_state`;

/** Meanwhile its carrier may have called: an earlier attempt was taken after all, and nothing takes that back. */
const stillOpen = ({ id }: Message) => and(eq(messages.id, id), inArray(messages.state, ['waiting', 'sending']));
