import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookingLinks, bookings, messages, patients, practices } from '../../drizzle/schema/index.ts';
import { earliestOutsideQuietHours, isAwake } from '../book/rules/quietHours.ts';
import { type Message, signatureOf } from './freeze.ts';
import { optedOut, type Reach, reachOf } from './optOut.ts';
import { type DropReason, drop } from './outcomes.ts';
import type { Channel } from './templates.ts';

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
  // Not since it was written, which a message that failed at night may lead to, or a worker that was away.
  const actedAt = { link: booking.linkSentAt, confirmation: booking.confirmedAt, reminder: null }[message.kind];
  const awake = actedAt !== null && isAwake(actedAt.getTime(), Date.now());
  const quietFor = { fromMinute: practice.quietFromMinute, untilMinute: practice.quietUntilMinute };
  const earliest = awake ? Date.now() : earliestOutsideQuietHours(Date.now(), practice.timeZone, quietFor);
  // Better at night than never: a confirmation says what the patient has chosen, and when to come.
  const wouldBeLate =
    message.kind === 'confirmation' && message.notAfter !== null && message.notAfter.getTime() <= earliest;
  if (earliest > Date.now() && !wouldBeLate) return { do: 'wait', until: earliest };

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

/** The carrier's ids of the patient's other messages: what is looked up is none of these. */
export async function carrierIdsBeside(tx: Tx, { id, patientId, channel }: Message): Promise<Set<string>> {
  const others = await tx
    .select({ carrierId: messages.carrierId })
    .from(messages)
    .where(and(eq(messages.patientId, patientId), eq(messages.channel, channel), ne(messages.id, id)));
  return new Set(others.flatMap(({ carrierId }) => carrierId ?? []));
}
