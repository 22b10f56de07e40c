import { eq, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import {
  bookings,
  locations,
  messages,
  patients,
  plannedAppointments,
  practices,
  providers,
} from '../../drizzle/schema/index.ts';
import type { Language } from '../../locales/formats.ts';
import type { BookingLink } from '../bookings/links.ts';
import { emailText } from './email.ts';
import { optedOut, type Reach, reachOf } from './optOut.ts';
import { ownTemplates } from './ownTemplates.ts';
import { smsText } from './sms.ts';
import type { Channel, Fields, MessageKind } from './templates.ts';

export type { Channel };

/** What every message about one booking is written from. */
export interface Correspondence {
  bookingId: string;
  patientId: string;
  practice: typeof practices.$inferSelect;
  contacts: Record<Channel, string | null>;
  reach: Record<Channel, Reach>;
  fields: Fields;
}

export async function readCorrespondence(tx: Tx, bookingId: string): Promise<Correspondence> {
  const [row] = await tx
    .select({
      booking: bookings,
      practice: practices,
      patient: patients,
      provider: providers,
      location: locations,
      optedOut,
      own: ownTemplates,
    })
    .from(bookings)
    .innerJoin(practices, eq(practices.id, bookings.practiceId))
    .innerJoin(patients, eq(patients.id, bookings.patientId))
    .innerJoin(locations, eq(locations.id, bookings.locationId))
    .innerJoin(plannedAppointments, eq(plannedAppointments.id, bookings.plannedAppointmentId))
    .leftJoin(providers, eq(providers.id, plannedAppointments.providerId))
    .where(eq(bookings.id, bookingId));
  const { booking, practice, patient, provider, location, own } = row!;
  const contacts = { sms: patient.mobile, email: patient.email };
  const language: Language = patient.language ?? practice.language;
  return {
    bookingId,
    patientId: patient.id,
    practice,
    contacts,
    reach: reachOf(contacts, row!.optedOut),
    fields: {
      language,
      practice: { name: practice.name, shortName: practice.shortName, phone: location.phone || practice.phone },
      first: patient.firstName,
      provider: nameOf(provider),
      providerTitle: provider?.title,
      zone: practice.timeZone,
      expiresAt: booking.linkExpiresAt ?? undefined,
      own,
    },
  };
}

export const nameOf = (provider: { title: string; name: string } | null) =>
  provider ? `${provider.title} ${provider.name}`.trim() : '';

export interface Frozen {
  kind: MessageKind;
  channels: Channel[];
  linkId: string;
  /** Of the URL that takes the link's place. */
  linkLength?: number | undefined;
  notAfter: Date | null;
  /** Of the messages whose place these take; else the next. */
  number?: number;
  sentBy?: string;
  /** They leave then at the earliest. */
  sendAt?: Date;
  fields?: Partial<Fields>;
  attachments?: { filename: string; content: string; contentType: string }[];
  /** They leave at once: the first attempt of each begins with it. */
  begun?: boolean;
}

/**
 * Writes messages into the ledger with their texts as they will leave, but for the link.
 * @returns them; they leave when the workflow delivers them
 */
export async function freezeMessages(tx: Tx, correspondence: Correspondence, frozen: Frozen): Promise<Message[]> {
  const { bookingId, patientId, practice, contacts } = correspondence;
  const { linkLength } = frozen;
  const fields = { ...correspondence.fields, linkLength, expiresAt: frozen.notAfter ?? undefined, ...frozen.fields };
  return tx
    .insert(messages)
    .values(
      frozen.channels.map((channel) => ({
        practiceId: practice.id,
        patientId,
        bookingId,
        kind: frozen.kind,
        channel,
        number:
          frozen.number ??
          sql<number>`(select coalesce(max(earlier.number), 0) + 1 from messages earlier
            where earlier.booking_id = ${bookingId} and earlier.kind = ${frozen.kind}::message_kind)`,
        linkId: frozen.linkId,
        language: fields.language,
        recipient: contacts[channel]!,
        notAfter: frozen.notAfter,
        sentBy: frozen.sentBy ?? null,
        sendAt: frozen.sendAt ?? null,
        ...textsOf(frozen.kind, channel, fields),
        attachments: channel === 'email' ? (frozen.attachments ?? []) : [],
        ...(frozen.begun ? { ...firstAttempt, ...signatureOf(channel, practice) } : {}),
      })),
    )
    .returning();
}

export type Message = typeof messages.$inferSelect;

/** A message whose first attempt begins with it, and the link that it carries. */
export interface Begun {
  message: Message;
  link: BookingLink;
}

const firstAttempt = { state: 'sending', attemptStartedAt: sql`clock_timestamp()`, attempts: 1 } as const;

/** Whom a message is from, as its first attempt says it. */
export const signatureOf = (channel: Channel, practice: typeof practices.$inferSelect) => ({
  senderName: channel === 'sms' ? practice.smsSender : practice.emailSenderName,
  replyTo: practice.email,
});

/** The text of one message, for the preview and for the ledger. */
export function textsOf(
  kind: MessageKind,
  channel: Channel,
  fields: Fields,
): { subject: string | null; body: string; html: string | null } {
  if (channel === 'sms') return { subject: null, body: smsText(kind, fields), html: null };
  const { subject, text, html } = emailText(kind, fields);
  return { subject, body: text, html };
}
