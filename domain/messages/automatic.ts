import { and, eq, gte, ne } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookEntries, locations, messages, providers } from '../../drizzle/schema/index.ts';
import { lockBooking } from '../bookings/bookings.ts';
import { ensureLink, type LinkKeys } from '../bookings/links.ts';
import { calendarAttachment } from './calendar.ts';
import { type Channel, freezeMessages, nameOf, readCorrespondence } from './freeze.ts';

/** Messages that no one presses a button for. Both verbs are safe to repeat under the booking's lock. */

/** Writes the reminder that is due now, by the channels the link went out on and that are still open; only the latest of several that were missed. */
export async function reminderMessages(tx: Tx, keys: LinkKeys, bookingId: string): Promise<void> {
  const booking = await lockBooking(tx, bookingId);
  const due = booking.reminderTimes.filter((time) => time.getTime() <= Date.now()).at(-1);
  if (booking.state !== 'link_sent' || !due) return;
  const [since] = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.bookingId, bookingId), eq(messages.kind, 'reminder'), gte(messages.createdAt, due)));
  if (since) return;
  const correspondence = await readCorrespondence(tx, bookingId);
  const linked = await channelsOfLink(tx, bookingId);
  const channels = linked.filter((channel) => correspondence.reach[channel] === 'open');
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

/** Writes the confirmation of the appointment, with its calendar file, unless it was cancelled. @returns the messages not yet sent */
export async function confirmationMessages(tx: Tx, keys: LinkKeys, bookingId: string): Promise<string[]> {
  // Sent at once; the server locks the booking first, and only then reads.
  const [booking, written, correspondence, linked, appointment] = await Promise.all([
    lockBooking(tx, bookingId),
    confirmationsOf(tx, bookingId),
    readCorrespondence(tx, bookingId),
    channelsOfLink(tx, bookingId),
    readAppointment(tx, bookingId),
  ]);
  if (written.length > 0)
    return written.filter(({ state }) => state === 'waiting' || state === 'sending').map(({ id }) => id);
  const channels = linked.filter((channel) => correspondence.reach[channel] === 'open');
  if (channels.length === 0 || !appointment) return [];
  const { fields } = correspondence;
  const { entry, place, provider, providerTitle } = appointment;
  const linkId = await ensureLink(tx, keys, booking, 'appointment');
  const calendar = calendarAttachment({
    ...entry,
    language: fields.language,
    practice: { ...fields.practice, email: correspondence.practice.email },
    provider,
    place,
  });
  return freezeMessages(tx, correspondence, {
    kind: 'confirmation',
    channels,
    linkId,
    linkLength: keys.urlLength,
    notAfter: entry.startsAt,
    fields: {
      provider,
      providerTitle,
      appointment: {
        startsAt: entry.startsAt,
        minutes: (entry.endsAt.getTime() - entry.startsAt.getTime()) / 60_000,
        place,
      },
    },
    attachments: [calendar],
  });
}

async function confirmationsOf(tx: Tx, bookingId: string) {
  return tx
    .select({ id: messages.id, state: messages.state })
    .from(messages)
    .where(and(eq(messages.bookingId, bookingId), eq(messages.kind, 'confirmation')));
}

/** The channels that the link was sent by. */
async function channelsOfLink(tx: Tx, bookingId: string): Promise<Channel[]> {
  const rows = await tx
    .selectDistinct({ channel: messages.channel })
    .from(messages)
    .where(and(eq(messages.bookingId, bookingId), eq(messages.kind, 'link')));
  return rows.map(({ channel }) => channel);
}

async function readAppointment(tx: Tx, bookingId: string) {
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
