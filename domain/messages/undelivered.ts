import { and, count, eq, gt, inArray } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookingLinks, bookings, messages } from '../../drizzle/schema/index.ts';
import { audit } from '../audit.ts';
import { type Booking, lockBooking, tellWorkflow } from '../bookings/bookings.ts';
import { toBooking, tryAgain } from '../contract.ts';
import { closeFollowUpOf, moveOnFollowUp, putOnFollowUp } from '../followUp/followUp.ts';
import { notifyLive } from '../live.ts';
import { appointmentFacts, appointmentStands } from './automatic.ts';
import { type Channel, type Correspondence, freezeMessages, readCorrespondence } from './freeze.ts';

type Message = typeof messages.$inferSelect;

/**
 * What is known of a message that will not arrive. For now: surely, but the same message, later, may; uncertain: it may have,
 * and is not tried again, lest it come twice.
 */
export type Undelivered = 'surely' | 'for_now' | 'uncertain';

/** So long after each failure for the moment the message is written again. */
const onceMoreAfterMs = [10 * 60_000, 60 * 60_000];

/**
 * Sees to it that a message which will not arrive leads somewhere; its own row says so already, in the same transaction. A
 * contact that was corrected meanwhile is written to; else, where the practice wants that, the patient's other channel is
 * tried, once for what was written together; else what failed for the moment is written again for later; else the patient
 * stands on Follow Up under Not delivered. Safe to repeat.
 * @param linkLength how many characters of an SMS the link takes; 45 where nobody says
 */
export async function followUndelivered(
  tx: Tx,
  { id, bookingId }: Pick<Message, 'id' | 'bookingId'>,
  known: Undelivered,
  linkLength?: number,
): Promise<void> {
  const booking = await lockBooking(tx, bookingId);
  const [message] = await tx.select().from(messages).where(eq(messages.id, id));
  if (!message || !(await isStillWanted(tx, booking, message))) return;

  const others = await tx
    .select({ state: messages.state })
    .from(messages)
    .where(and(ofRound(message), eq(messages.channel, otherThan(message.channel))));
  const correspondence = await readCorrespondence(tx, bookingId);
  const again =
    known !== 'uncertain' &&
    (whereElse(correspondence, message, others.length > 0) ??
      (known === 'for_now' && others.length === 0 ? await onceMore(tx, correspondence, message) : null));
  if (again) {
    await writeAgain(tx, booking, correspondence, message, { ...again, linkLength });
    await haveDelivered(tx, booking);
    return;
  }
  if (others.some(({ state }) => onItsWay.includes(state))) return;
  if (message.kind === 'confirmation') await putOnFollowUp(tx, booking, 'not_delivered');
  else await moveOnFollowUp(tx, booking, 'not_delivered');
  const { practiceId, patientId } = booking;
  const { kind, channel, reason } = message;
  await audit(
    tx,
    { practiceId, actor: 'system' },
    'message.not_delivered',
    { patientId, bookingId },
    { kind, channel, reason },
  );
  await notifyLive(tx, practiceId, 'messages', 'followUp');
}

/** Its workflow is woken; one that has come to its end, as it does once a confirmation is handed over, is started anew. */
async function haveDelivered(tx: Tx, booking: Booking): Promise<void> {
  if (!booking.settledAt) return tellWorkflow(tx, booking, toBooking.sendOtherwise);
  await tx.update(bookings).set({ settledAt: null }).where(eq(bookings.id, booking.id));
  await tellWorkflow(tx, booking, tryAgain);
  await notifyLive(tx, booking.practiceId, 'bookings');
}

/**
 * A message that was given up has left after all, as its own row says already, in the same transaction: who stands under Not
 * delivered for its sake does so no longer. Something else that was written and did not arrive keeps them there. Safe to repeat.
 */
export async function takeBackUndelivered(tx: Tx, { id, bookingId }: Pick<Message, 'id' | 'bookingId'>): Promise<void> {
  const booking = await lockBooking(tx, bookingId);
  const written = await tx.select().from(messages).where(eq(messages.bookingId, bookingId)).orderBy(messages.id);
  const isConfirmation = written.some((one) => one.id === id && one.kind === 'confirmation');
  const beside = written.filter(({ kind }) => (kind === 'confirmation') === isConfirmation);
  const isSuperseded = ({ kind, number }: Message) => beside.some((one) => one.kind === kind && one.number > number);
  const reaches = ({ kind, number }: Message) =>
    beside.some((one) => one.kind === kind && one.number === number && onItsWay.includes(one.state));
  if (!beside.every((message) => isSuperseded(message) || reaches(message))) return;
  if (isConfirmation) {
    await closeFollowUpOf(tx, booking.plannedAppointmentId, booking.state, { bookingId, category: 'not_delivered' });
  } else if (booking.state === 'link_sent' || booking.state === 'expired') {
    const category = booking.state === 'expired' ? 'olb_link_expired' : 'olb_link_sent';
    const openedBy = beside.findLast(({ kind }) => kind === 'link')?.sentBy ?? null;
    await moveOnFollowUp(tx, booking, category, { insteadOf: 'not_delivered', openedBy });
  }
}

const onItsWay: Message['state'][] = ['waiting', 'sending', 'sent', 'delivered'];
const otherThan = (channel: Channel): Channel => (channel === 'sms' ? 'email' : 'sms');

/** Messages of one kind that were written together, and those that took their place, have one number. */
const ofRound = ({ bookingId, kind, number }: Message) =>
  and(eq(messages.bookingId, bookingId), eq(messages.kind, kind), eq(messages.number, number));

/** Not after the patient's answer or choice, the effort's end, a newer link, or another sending: those say more. */
async function isStillWanted(tx: Tx, booking: Booking, message: Message): Promise<boolean> {
  const { bookingId, kind, number, linkId } = message;
  const [newer] = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.bookingId, bookingId), eq(messages.kind, kind), gt(messages.number, number)))
    .limit(1);
  if (newer) return false;
  if (kind === 'confirmation') return booking.state === 'booked_online' && appointmentStands(tx, bookingId);
  if (booking.state !== 'link_sent' || booking.answer) return false;
  const [link] = await tx
    .select({ replacedAt: bookingLinks.replacedAt })
    .from(bookingLinks)
    .where(inArray(bookingLinks.id, linkId ? [linkId] : []));
  return !link?.replacedAt;
}

/** Where a message is written again. */
interface Again {
  channel: Channel;
  /** With a number of its own; else it takes the other's place. */
  isAnew: boolean;
  /** Not before this. */
  sendAt?: Date;
}

/** By which channel to try; null where neither is left. */
function whereElse(
  { contacts, reach, practice }: Correspondence,
  { channel, recipient }: Message,
  otherWasTried: boolean,
): Again | null {
  if (reach[channel] === 'open' && contacts[channel] !== recipient) return { channel, isAnew: true };
  const other = otherThan(channel);
  return practice.otherChannel && !otherWasTried && reach[other] === 'open' ? { channel: other, isAnew: false } : null;
}

/** The same again, later; null where it has failed too often. */
async function onceMore(tx: Tx, { reach }: Correspondence, message: Message): Promise<Again | null> {
  const { bookingId, kind, channel, recipient } = message;
  const [failed] = await tx
    .select({ times: count() })
    .from(messages)
    .where(
      and(
        eq(messages.bookingId, bookingId),
        eq(messages.kind, kind),
        eq(messages.channel, channel),
        eq(messages.recipient, recipient),
        eq(messages.state, 'failed'),
      ),
    );
  const afterMs = onceMoreAfterMs[failed!.times - 1];
  if (afterMs === undefined || reach[channel] !== 'open') return null;
  return { channel, isAnew: true, sendAt: new Date(Date.now() + afterMs) };
}

/** The same link by another message, its texts as they would be written now. */
async function writeAgain(
  tx: Tx,
  booking: Booking,
  correspondence: Correspondence,
  { kind, number, linkId, sentBy }: Message,
  { channel, isAnew, sendAt, linkLength }: Again & { linkLength: number | undefined },
): Promise<void> {
  const facts = kind === 'confirmation' ? await appointmentFacts(tx, booking.id, correspondence) : null;
  await freezeMessages(tx, correspondence, {
    kind,
    linkId: linkId!,
    linkLength,
    notAfter: booking.linkExpiresAt,
    ...facts,
    channels: [channel],
    ...(isAnew ? {} : { number }),
    ...(sendAt ? { sendAt } : {}),
    ...(sentBy ? { sentBy } : {}),
  });
}
