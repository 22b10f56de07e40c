import { createHash } from 'node:crypto';
import { type Carrier, CarrierError, timeLimitMs, withinLimit } from './carrier.ts';
import { resendFailure } from './resendErrors.ts';
import { becameByEvent } from './resendEvents.ts';

export interface ResendSettings {
  apiKey: string;
  /** The address; the practice's name stands before it. */
  from: string;
  /** Another address than Resend's own. */
  baseUrl: string | null;
  /** Of the calls that Resend makes; without it Resend is asked instead. */
  webhookSecret: string | null;
  /** How many emails of one practice leave in a minute. */
  perMinute: number;
}

/** Resend knows a key again for 24 hours; an hour is kept for clocks and for what is under way. */
export const keyLifeMs = 23 * 3_600_000;

/**
 * Email by Resend. The ledger's id and the recipient are the idempotency key: trying again is safe while Resend knows it,
 * and a contact that was corrected meanwhile gets a letter of its own. Its SDK does not throw, it answers with `error`.
 */
export async function resendCarrier(
  settings: ResendSettings,
  limitMs = timeLimitMs,
): Promise<Carrier & Required<Pick<Carrier, 'ask'>>> {
  const { Resend } = await import('resend');
  const client = new Resend(settings.apiKey, settings.baseUrl ? { baseUrl: settings.baseUrl } : undefined);

  return {
    async send({ id, to, senderName, replyTo, unsubscribeUrl, subject, text, html, attachments }) {
      const { data, error, headers } = await client.emails.send(
        {
          from: addressWithName(settings.from, senderName),
          to,
          subject: subject ?? '',
          text,
          ...(html ? { html } : {}),
          ...(replyTo ? { replyTo } : {}),
          // Holiday notices and other machines need not answer (RFC 3834).
          headers: {
            'Auto-Submitted': 'auto-generated',
            ...(unsubscribeUrl ? oneClick(unsubscribeUrl) : {}),
          },
          // Comes back with every event, so that one is understood whose answer was lost.
          tags: [{ name: 'message', value: id }],
          attachments: attachments.map(({ filename, content, contentType }) => ({
            filename,
            contentType,
            content: Buffer.from(content).toString('base64'),
          })),
        },
        { idempotencyKey: keyOf(id, to), signal: AbortSignal.timeout(limitMs) },
      );
      if (error) throw resendFailure(error, headers);
      if (!data?.id) throw new CarrierError('uncertain', 'carrier_fault', 'no id');
      return { carrierId: data.id };
    },

    async ask(carrierId) {
      // A question may be asked again at any time.
      const { data, error, headers } = await withinLimit(client.emails.get(carrierId), limitMs, 'temporary');
      if (error) throw resendFailure(error, headers);
      const became = data && becameByEvent(data.last_event);
      return became ? [{ carrierId, letterId: null, code: null, at: new Date(), ...became }] : [];
    },
  };
}

const oneClick = (url: string) => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

const keyOf = (id: string, to: string) => `${id}/${createHash('sha256').update(to).digest('base64url').slice(0, 12)}`;

/** RESEND_FROM may bring a name of its own, which the practice's takes the place of. */
function addressWithName(from: string, name: string | null): string {
  if (!name) return from;
  const address = /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;
  return `"${name.replace(/["\\<>\p{Cc}]/gu, '')}" <${address}>`;
}
