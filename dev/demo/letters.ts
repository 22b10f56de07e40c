import { hashOfToken, type LinkPurpose, tokenOf } from '../../domain/bookings/links.ts';
import { letterOf } from '../../domain/messages/deliver.ts';
import { type Channel, nameOf, signatureOf, textsOf } from '../../domain/messages/freeze.ts';
import type { Fields, MessageKind } from '../../domain/messages/templates.ts';
import { bookingLinks, demoInbox, messages } from '../../drizzle/schema/index.ts';
import { location, type ProviderKey, practice, providers } from './house.ts';
import type { DemoPatient } from './people.ts';
import { after, type Scene, type Slot, zone } from './scene.ts';
import { languageOf } from './writing.ts';

/** What became of a booking's messages: `sent` is all that is known of some; who opened an email has its SMS delivered. */
export type Fate = 'sent' | 'delivered' | 'opened' | 'failed';

interface LinkLetters {
  bookingId: string;
  provider: ProviderKey;
  sentAt: Date;
  expiresAt: Date;
  /** When those that have left already did. */
  remindedAt: Date[];
  fate: Fate;
}

/** The link that a patient was sent, by all their channels, and the reminders that have left since. It opens. */
export function draftLinkLetters(
  scene: Scene,
  patient: DemoPatient,
  { bookingId, provider, sentAt, expiresAt, remindedAt, fate }: LinkLetters,
): void {
  const link = draftLink(scene, bookingId, 'choose', sentAt);
  const fields = { ...fieldsOf(scene, patient, provider), expiresAt };
  const letters = { bookingId, link, fields, fate, notAfter: expiresAt };
  draftLetters(scene, patient, { ...letters, kind: 'link', number: 1, sentAt });
  for (const [index, at] of remindedAt.entries())
    draftLetters(scene, patient, { ...letters, kind: 'reminder', number: index + 1, sentAt: at });
}

/** What told a patient of the appointment that they had booked. */
export function draftConfirmation(
  scene: Scene,
  patient: DemoPatient,
  { bookingId, sentAt, slot }: { bookingId: string; sentAt: Date; slot: Slot },
): void {
  const { startsAt, endsAt } = slot;
  const place = `${location.name}, ${location.street}, ${location.postalCode} ${location.city}`;
  const minutes = (endsAt.getTime() - startsAt.getTime()) / 60_000;
  draftLetters(scene, patient, {
    bookingId,
    kind: 'confirmation',
    number: 1,
    link: draftLink(scene, bookingId, 'appointment', sentAt),
    fields: { ...fieldsOf(scene, patient, slot.provider), appointment: { startsAt, minutes, place } },
    sentAt,
    notAfter: startsAt,
    fate: 'delivered',
  });
}

type Link = ReturnType<typeof draftLink>;

function draftLink({ drafts, service }: Scene, bookingId: string, purpose: LinkPurpose, createdAt: Date) {
  const source = { id: drafts.newId(), keyId: service.keys.newest, version: 1, purpose };
  const link = { ...source, tokenHash: hashOfToken(tokenOf(service.keys, source)) };
  drafts.add(bookingLinks, { ...link, bookingId, createdAt });
  return link;
}

interface Letters {
  bookingId: string;
  kind: MessageKind;
  number: number;
  link: Link;
  fields: Fields;
  sentAt: Date;
  notAfter: Date;
  fate: Fate;
}

/** The demo inbox remembers so many days. */
const rememberedDays = 21;

/** Messages that have left, and as the patient received them where that was of late: no worker has anything to do with them. */
function draftLetters(scene: Scene, patient: DemoPatient, letters: Letters): void {
  const { drafts, service } = scene;
  const { kind, link, fields, sentAt, fate, bookingId, number, notAfter } = letters;
  const contacts: [Channel, string | undefined][] = [
    ['sms', patient.mobile],
    ['email', patient.email],
  ];
  for (const [channel, recipient] of contacts) {
    if (!recipient) continue;
    const id = drafts.newId();
    const message = {
      id,
      carrierId: `demo-${id}`,
      patientId: scene.patientIds.get(patient)!,
      bookingId,
      kind,
      number,
      channel,
      linkId: link.id,
      language: fields.language,
      recipient,
      ...textsOf(kind, channel, fields),
      ...signatureOf(channel, scene.practice),
      attachments: [],
      notAfter,
      attemptStartedAt: sentAt,
      attempts: 1,
      sentBy: kind === 'link' ? scene.receptionistId : null,
      sentAt,
      createdAt: sentAt,
      ...outcomeOf(fate, channel, sentAt),
    };
    drafts.add(messages, message);
    if (sentAt.getTime() < scene.now - rememberedDays * 86_400_000) continue;
    const { to, text, html, subject, senderName } = letterOf(service, message, link);
    const mood = fate === 'failed' ? 'bouncing' : 'well';
    const sender = senderName ?? 'Nextvisit';
    drafts.add(demoInbox, { id, channel, recipient: to, sender, subject, body: text, html, mood, receivedAt: sentAt });
  }
}

function outcomeOf(fate: Fate, channel: Channel, sentAt: Date): Partial<typeof messages.$inferInsert> {
  if (fate === 'sent') return { state: 'sent' };
  if (fate === 'failed') return { state: 'failed', reason: channel === 'sms' ? 'unreachable' : 'bounced' };
  const openedAt = fate === 'opened' && channel === 'email' ? after(sentAt, 95) : null;
  return { state: 'delivered', deliveredAt: after(sentAt, 0.1), openedAt };
}

const fieldsOf = ({ service }: Scene, patient: DemoPatient, provider: ProviderKey): Fields => ({
  language: languageOf(patient),
  practice,
  first: patient.firstName,
  provider: nameOf(providers[provider]),
  providerTitle: providers[provider].title,
  zone,
  linkLength: service.keys.urlLength,
});
