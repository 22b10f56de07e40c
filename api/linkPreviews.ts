import type { FastifyInstance } from 'fastify';
import { linkExpiry } from '../domain/book/rules/reminders.ts';
import { linkPath } from '../domain/bookings/linkPath.ts';
import { type Channel, readCorrespondence, textsOf } from '../domain/messages/freeze.ts';
import { smsSegments } from '../domain/messages/gsm7.ts';
import { withLink } from '../domain/messages/templates.ts';

/** The channels on file for a booking's patient, each with its contact, whether it may be used, and how the link's message would read now. */
export async function linkPreviews(app: FastifyInstance, bookingId: string) {
  const { linkKeys, publicUrl } = app.configuration;
  const { contacts, reach, fields, practice } = await readCorrespondence(app.database, bookingId);
  const expiresAt = new Date(linkExpiry(Date.now(), practice.linkValidityDays, practice.timeZone));
  return (['sms', 'email'] as Channel[]).flatMap((channel) => {
    const contact = contacts[channel];
    if (!contact) return [];
    const { subject, body } = textsOf('link', channel, { ...fields, expiresAt, linkLength: linkKeys.urlLength });
    const optedOut = reach[channel] === 'opted_out';
    const url = 'x'.repeat(linkKeys.urlLength);
    const segments = channel === 'sms' ? smsSegments(withLink(body, url)) : null;
    const letters = withLink(body, url).length;
    return [
      {
        channel,
        contact,
        optedOut,
        subject,
        segments,
        letters,
        preview: withLink(body, publicUrl + linkPath('choose', '…')),
      },
    ];
  });
}
