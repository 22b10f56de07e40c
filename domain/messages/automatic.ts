import { and, desc, eq, gte, ne } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookEntries, locations, messages, providers } from '../../drizzle/schema/index.ts';
import { changesOf } from '../book/appointments.ts';
import { isAwake } from '../book/rules/quietHours.ts';
import { type Booking, lockBooking } from '../bookings/bookings.ts';
import { ensureLink, type LinkKeys, type LinkNow, makeLink, readLink } from '../bookings/links.ts';
import { calendarAttachment } from './calendar.ts';
import {
  type Begun,
  type Channel,
  type Correspondence,
  type Frozen,
  freezeMessages,
  nameOf,
  readCorrespondence,
} from './freeze.ts';
import type { MessageKind } from './templates.ts';

/** Messages that no one presses a button for, and their repetition. Each is safe to repeat under the booking's lock. */

/** So far may the database's clock be behind the engine's; reminders are a day apart. */
const clocksMs = 3_600_000;

/** Writes the reminder that is due now, by the channels the link went out on and that are still open; only the latest of several that were missed. */
export async function reminderMessages(tx: Tx, keys: LinkKeys, bookingId: string, waitedFor = 0): Promise<void> {
  const booking = await lockBooking(tx, bookingId);
  const clock = Math.max(Date.now(), waitedFor);
  const due = booking.reminderTimes.filter((time) => time.getTime() <= clock).at(-1);
  if (booking.state !== 'link_sent' || !due) return;
  const [since] = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.bookingId, bookingId),
        eq(messages.kind, 'reminder'),
        gte(messages.createdAt, new Date(due.getTime() - clocksMs)),
      ),
    );
  if (since) return;
  const correspondence = await readCorrespondence(tx, bookingId);
  const channels = channelsThatReach(correspondence, await latestOf(tx, bookingId, 'link'));
  if (channels.length === 0) return;
  const linkId = await ensureLink(tx, keys, booking, 'choose');
  await freezeMessages(tx, correspondence, {
    kind: 'reminder',
    channels,
    linkId,
    linkLength: keys.urlLength,
    notAfter: booking.linkExpiresAt,
  });
}

/**
 * Writes the confirmation of the appointment, with its calendar file, unless it was cancelled.
 * @returns the messages, begun while the patient waits for them; else the ids of those that have not left, whose attempts begin
 *   as others do: in quiet hours they wait, unless the appointment comes first; after it they come too late
 */
export async function confirmationMessages(tx: Tx, keys: LinkKeys, bookingId: string): Promise<string[] | Begun[]> {
  // Sent at once; the server locks the booking first, and only then reads.
  const [booking, written, linked, source] = await Promise.all([
    lockBooking(tx, bookingId),
    latestOf(tx, bookingId, 'confirmation'),
    latestOf(tx, bookingId, 'link'),
    readSource(tx, bookingId),
  ]);
  if (written.length > 0)
    return written.filter(({ state }) => state === 'waiting' || state === 'sending').map(({ id }) => id);
  const now = Date.now();
  const isAhead = source.appointment !== null && source.appointment.entry.startsAt.getTime() > now;
  const begun = isAhead && booking.confirmedAt !== null && isAwake(booking.confirmedAt.getTime(), now);
  const channels = channelsThatReach(source.correspondence, linked);
  const letters = await writeConfirmation(tx, keys, booking, source, { channels, begun });
  return begun ? letters : letters.map(({ message }) => message.id);
}

/**
 * Writes the confirmation anew for each channel on which it failed, or nobody knows whether it left. Under the booking's
 * lock. @returns what there was to do
 */
export async function repeatConfirmation(
  tx: Tx,
  keys: LinkKeys,
  booking: Booking,
): Promise<'written' | 'on_its_way' | 'nothing_to_repeat'> {
  const latest = await latestOf(tx, booking.id, 'confirmation');
  const source = await readSource(tx, booking.id);
  const { reach } = source.correspondence;
  const channels = latest
    .filter(({ channel, state }) => (state === 'failed' || state === 'uncertain') && reach[channel] === 'open')
    .map(({ channel }) => channel);
  if ((await writeConfirmation(tx, keys, booking, source, { channels, begun: false })).length > 0) return 'written';
  return latest.some(({ state }) => state === 'waiting' || state === 'sending') ? 'on_its_way' : 'nothing_to_repeat';
}

/** What a confirmation is written from. */
interface Source {
  correspondence: Correspondence;
  appointment: Appointment | null;
  /** How often it was changed since it was booked. */
  changes: number;
  link: LinkNow;
}

async function readSource(tx: Tx, bookingId: string): Promise<Source> {
  const [correspondence, appointment, changes, link] = await Promise.all([
    readCorrespondence(tx, bookingId),
    readAppointment(tx, bookingId),
    changesOf(tx, bookingId),
    readLink(tx, bookingId, 'appointment'),
  ]);
  return { correspondence, appointment, changes, link };
}

/** @returns the messages with their link; none where no channel is given, or the appointment was cancelled */
async function writeConfirmation(
  tx: Tx,
  keys: LinkKeys,
  booking: Booking,
  { correspondence, appointment, changes, link: { living, next } }: Source,
  { channels, begun }: { channels: Channel[]; begun: boolean },
): Promise<Begun[]> {
  if (channels.length === 0 || !appointment) return [];
  // Sent at once: the messages come after their link.
  const [link, letters] = await Promise.all([
    living ?? makeLink(tx, keys, booking, 'appointment', next),
    freezeMessages(tx, correspondence, {
      kind: 'confirmation',
      channels,
      linkId: living?.id ?? next.id,
      linkLength: keys.urlLength,
      begun,
      ...factsOf(appointment, correspondence, changes),
    }),
  ]);
  return letters.map((message) => ({ message, link }));
}

/** What a confirmation says of the appointment, and until when; null where none stands. */
export async function appointmentFacts(
  tx: Tx,
  bookingId: string,
  correspondence: Correspondence,
): Promise<Facts | null> {
  const [appointment, changes] = await Promise.all([readAppointment(tx, bookingId), changesOf(tx, bookingId)]);
  return appointment && factsOf(appointment, correspondence, changes);
}

type Facts = Pick<Frozen, 'notAfter' | 'fields' | 'attachments'>;

function factsOf(
  { entry, place, provider, providerTitle }: Appointment,
  { fields, practice }: Correspondence,
  sequence: number,
): Facts {
  const calendar = calendarAttachment({
    ...entry,
    sequence,
    language: fields.language,
    practice: { ...fields.practice, email: practice.email },
    provider,
    place,
  });
  const minutes = (entry.endsAt.getTime() - entry.startsAt.getTime()) / 60_000;
  return {
    notAfter: entry.startsAt,
    fields: { provider, providerTitle, appointment: { startsAt: entry.startsAt, minutes, place } },
    attachments: [calendar],
  };
}

type Latest = Pick<typeof messages.$inferSelect, 'id' | 'channel' | 'state' | 'recipient'>;

/** The booking's last message of a kind by each channel that one was written for. */
async function latestOf(tx: Tx, bookingId: string, kind: MessageKind): Promise<Latest[]> {
  const { id, channel, state, recipient } = messages;
  return tx
    .selectDistinctOn([channel], { id, channel, state, recipient })
    .from(messages)
    .where(and(eq(messages.bookingId, bookingId), eq(messages.kind, kind)))
    .orderBy(channel, desc(messages.number));
}

/** Of the link's channels those that are open and did not fail for the contact of now; where all did, all are tried again. */
function channelsThatReach({ reach, contacts }: Correspondence, linked: Latest[]): Channel[] {
  const open = linked.filter(({ channel }) => reach[channel] === 'open');
  const good = open.filter(({ channel, state, recipient }) => state !== 'failed' || recipient !== contacts[channel]);
  return (good.length > 0 ? good : open).map(({ channel }) => channel);
}

/** Whether the booking's appointment is in the book and was not cancelled. */
export const appointmentStands = async (tx: Tx, bookingId: string): Promise<boolean> =>
  (await readAppointment(tx, bookingId)) !== null;

interface Appointment {
  entry: typeof bookEntries.$inferSelect;
  provider: string;
  providerTitle: string;
  place: string;
}

async function readAppointment(tx: Tx, bookingId: string): Promise<Appointment | null> {
  const [row] = await tx
    .select({ entry: bookEntries, location: locations, provider: providers })
    .from(bookEntries)
    .innerJoin(locations, eq(locations.id, bookEntries.locationId))
    .innerJoin(providers, eq(providers.id, bookEntries.providerId))
    .where(
      and(
        eq(bookEntries.bookingId, bookingId),
        eq(bookEntries.kind, 'appointment'),
        ne(bookEntries.status, 'cancelled'),
      ),
    );
  if (!row) return null;
  const { entry, location, provider } = row;
  return {
    entry,
    provider: nameOf(provider),
    providerTitle: provider.title,
    place: `${location.name}, ${location.street}, ${location.postalCode} ${location.city}`,
  };
}
