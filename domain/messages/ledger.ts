import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Database, Tx } from '../../drizzle/database.ts';
import { bookingLinks, bookings, messages, patients, practices } from '../../drizzle/schema/index.ts';
import { earliestOutsideQuietHours } from '../book/rules/quietHours.ts';
import { lockBooking } from '../bookings/bookings.ts';
import { liveNotice, notifyLive } from '../live.ts';
import { type Message, signatureOf } from './freeze.ts';
import { optedOut, optOut, type Reach, reachOf } from './optOut.ts';
import type { Channel } from './templates.ts';
import { followUndelivered } from './undelivered.ts';

export type { Message };

/** Stable words of why a message is not to leave any more. */
export const dropReasons = ['too_late', 'booking_closed', 'contact_removed', 'opted_out', 'link_replaced'] as const;
export type DropReason = (typeof dropReasons)[number];

export type Attempt =
  | { do: 'nothing' }
  | { do: 'wait'; until: number }
  /** An earlier attempt may still be under way for so many milliseconds. */
  | { do: 'let_be'; forMs: number }
  /** It is not wanted any more, but an earlier attempt may have been taken. */
  | { do: 'look_up'; message: Message; link: typeof bookingLinks.$inferSelect | null; unwanted: DropReason }
  | {
      do: 'send';
      message: Message;
      link: typeof bookingLinks.$inferSelect | null;
      /** An attempt that was begun, and of which nothing is known. */
      earlierAttemptAt: Date | null;
    };

/** An answer that comes this soon after the person acted is welcome at any hour. */
const awakeMs = 15 * 60_000;
/** Longer than a carrier's call may last: an attempt younger than this may still be under way. */
const attemptMs = 30_000;

/**
 * Begins an attempt to send each of a booking's messages, after asking the booking's row, under its lock, whether they should
 * leave at all. The attempts are on record when the transaction commits, before anything is said to a carrier.
 */
export async function beginAttempts(tx: Tx, messageIds: string[], linkLength?: number): Promise<Attempt[]> {
  if (messageIds.length === 0) return [];
  const letters = await tx
    .select({
      message: messages,
      booking: bookings,
      practice: practices,
      email: patients.email,
      mobile: patients.mobile,
      optedOut,
      link: bookingLinks,
      // By the database's clock, which wrote when it began: a process whose own is ahead would send it again.
      attemptAge: sql<string | null>`extract(epoch from clock_timestamp() - ${messages.attemptStartedAt}) * 1000`,
      // One that took another's place is as old as that one: nobody acted just now.
      firstWrittenAt: sql<string>`(
        select min(first.created_at) from messages first where first.booking_id = ${messages.bookingId}
          and first.kind = ${messages.kind} and first.number = ${messages.number})`,
    })
    .from(messages)
    .innerJoin(bookings, eq(bookings.id, messages.bookingId))
    .innerJoin(practices, eq(practices.id, bookings.practiceId))
    .innerJoin(patients, eq(patients.id, bookings.patientId))
    .leftJoin(bookingLinks, eq(bookingLinks.id, messages.linkId))
    .where(inArray(messages.id, messageIds))
    // The booking's row before its messages', as everywhere.
    .for('update', { of: [bookings, messages] });
  return Promise.all(letters.map((letter) => beginAttempt(tx, letter, linkLength)));
}

interface LetterNow {
  message: Message;
  booking: typeof bookings.$inferSelect;
  practice: typeof practices.$inferSelect;
  email: string | null;
  mobile: string | null;
  optedOut: Channel[];
  link: typeof bookingLinks.$inferSelect | null;
  /** Milliseconds since the last attempt began; null where none is under way. */
  attemptAge: string | null;
  firstWrittenAt: string;
}

async function beginAttempt(tx: Tx, now: LetterNow, linkLength?: number): Promise<Attempt> {
  const { message, booking, practice, link } = now;
  if (message.state !== 'waiting' && message.state !== 'sending') return { do: 'nothing' };
  const contacts = { sms: now.mobile, email: now.email };
  const contact = contacts[message.channel];

  const reach = reachOf(contacts, now.optedOut)[message.channel];
  const unwanted = whyDropped(message, booking.state, reach, link);
  // An attempt that never came back may have left something behind too.
  const uncertainSince = message.uncertainSince ?? message.attemptStartedAt;
  if (unwanted && !uncertainSince) {
    await drop(tx, message, unwanted, linkLength);
    return { do: 'nothing' };
  }
  const underWayMs = attemptMs - Number(now.attemptAge ?? attemptMs);
  if (underWayMs > 0) return { do: 'let_be', forMs: underWayMs };
  if (unwanted) return { do: 'look_up', message: { ...message, uncertainSince }, link, unwanted };
  const awake = Date.now() - Date.parse(now.firstWrittenAt) < awakeMs && message.kind !== 'reminder';
  const quietFor = { fromMinute: practice.quietFromMinute, untilMinute: practice.quietUntilMinute };
  const earliest = awake ? Date.now() : earliestOutsideQuietHours(Date.now(), practice.timeZone, quietFor);
  if (earliest > Date.now()) return { do: 'wait', until: earliest };

  const begun = {
    recipient: contact!,
    // As the first attempt said it: a carrier's idempotency key is good for the very same letter only.
    ...(message.attempts === 0 ? signatureOf(message.channel, practice) : {}),
    uncertainSince,
  };
  await tx
    .update(messages)
    .set({
      ...begun,
      state: 'sending',
      attemptStartedAt: sql`clock_timestamp()`,
      attempts: message.attempts + 1,
    })
    .where(eq(messages.id, message.id));
  return {
    do: 'send',
    message: { ...message, ...begun },
    link,
    earlierAttemptAt: message.attemptStartedAt,
  };
}

async function drop(tx: Tx, message: Message, reason: DropReason, linkLength?: number): Promise<void> {
  const dropped = await tx
    .update(messages)
    .set({ state: 'dropped', reason })
    .where(stillOpen(message))
    .returning({ id: messages.id });
  if (dropped.length === 0) return;
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

function whyDropped(
  message: Message,
  state: (typeof bookings.$inferSelect)['state'],
  reach: Reach,
  link: typeof bookingLinks.$inferSelect | null,
): DropReason | null {
  const wanted = message.kind === 'confirmation' ? state === 'booked_online' : state === 'link_sent';
  if (!wanted) return 'booking_closed';
  if (link?.replacedAt) return 'link_replaced';
  if (reach !== 'open') return reach === 'opted_out' ? 'opted_out' : 'contact_removed';
  if (message.notAfter && message.notAfter.getTime() <= Date.now()) return 'too_late';
  return null;
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

/** Takes the attempt back that was begun: nothing was said to the carrier. `sendAt` is the message's place in the send rate. */
export async function takeBack(
  tx: Tx,
  message: Message,
  earlierAttemptAt: Date | null,
  sendAt = message.sendAt,
): Promise<void> {
  await tx
    .update(messages)
    .set({ sendAt, attemptStartedAt: earlierAttemptAt, attempts: message.attempts })
    .where(eq(messages.id, message.id));
}

/** Meanwhile its carrier may have called: an earlier attempt was taken after all, and nothing takes that back. */
const stillOpen = ({ id }: Message) => and(eq(messages.id, id), inArray(messages.state, ['waiting', 'sending']));

/** A stable word, and the carrier's own code. */
export interface Failure {
  reason: string | null;
  code: string | null;
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
    const failed = await tx
      .update(messages)
      .set({ state: 'failed', reason: failure.reason, carrierCode: failure.code })
      .where(stillOpen(message))
      .returning({ id: messages.id });
    if (failed.length > 0) await afterFailure(tx, message, failure, linkLength);
  });
}

/** What a message that surely did not arrive leads to, whether its carrier refused it or told so later. */
export async function afterFailure(
  tx: Tx,
  message: Pick<Message, 'id' | 'bookingId' | 'practiceId' | 'channel' | 'recipient'>,
  { reason }: Failure,
  linkLength?: number,
): Promise<void> {
  const { practiceId, channel, recipient } = message;
  // The carrier knows of a STOP that we were not told of.
  if (reason === 'opted_out') await optOut(tx, { practiceId, channel, contact: recipient }, 'carrier');
  await followUndelivered(tx, message, 'surely', linkLength);
  await notifyLive(tx, practiceId, 'messages', 'followUp');
}

/** Nobody can say whether the message left, and no further attempt is made, lest it be sent twice: a person decides. */
export async function recordUncertain(database: Database, message: Message, { reason, code }: Failure): Promise<void> {
  await database.transaction(async (tx) => {
    await lockBooking(tx, message.bookingId);
    const parked = await tx
      .update(messages)
      .set({ state: 'uncertain', reason, carrierCode: code })
      .where(stillOpen(message))
      .returning({ id: messages.id });
    if (parked.length === 0) return;
    await followUndelivered(tx, message, 'uncertain');
    await notifyLive(tx, message.practiceId, 'messages', 'followUp');
  });
}

/** The carrier's ids of the patient's other messages: what is looked up is none of these. */
export async function carrierIdsBeside(tx: Tx, { id, patientId, channel }: Message): Promise<Set<string>> {
  const others = await tx
    .select({ carrierId: messages.carrierId })
    .from(messages)
    .where(and(eq(messages.patientId, patientId), eq(messages.channel, channel), ne(messages.id, id)));
  return new Set(others.flatMap(({ carrierId }) => carrierId ?? []));
}
