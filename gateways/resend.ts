import { type Carrier, CarrierError, timeLimitMs } from './carrier.ts';
import { resendFailure } from './resendErrors.ts';

export interface ResendSettings {
  apiKey: string;
  /** The address; the practice's name stands before it. */
  from: string;
  /** Another address than Resend's own. */
  baseUrl: string | null;
}

/**
 * Email by Resend. The ledger's id is the idempotency key, which Resend keeps for 24 hours: trying again is safe.
 * Its SDK does not throw, it answers with `error`.
 */
export async function resendCarrier(settings: ResendSettings, limitMs = timeLimitMs): Promise<Carrier> {
  const { Resend } = await import('resend');
  const client = new Resend(settings.apiKey, settings.baseUrl ? { baseUrl: settings.baseUrl } : undefined);

  return {
    async send({ id, to, senderName, replyTo, subject, text, html, attachments }) {
      const { data, error, headers } = await client.emails.send(
        {
          from: addressWithName(settings.from, senderName),
          to,
          subject: subject ?? '',
          text,
          ...(html ? { html } : {}),
          ...(replyTo ? { replyTo } : {}),
          // Holiday notices and other machines need not answer (RFC 3834).
          headers: { 'Auto-Submitted': 'auto-generated' },
          attachments: attachments.map(({ filename, content, contentType }) => ({
            filename,
            contentType,
            content: Buffer.from(content).toString('base64'),
          })),
        },
        { idempotencyKey: id, signal: AbortSignal.timeout(limitMs) },
      );
      if (error) throw resendFailure(error, headers);
      if (!data?.id) throw new CarrierError('temporary', 'carrier_fault', 'no id');
      return { carrierId: data.id };
    },
  };
}

/** RESEND_FROM may bring a name of its own, which the practice's takes the place of. */
function addressWithName(from: string, name: string | null): string {
  if (!name) return from;
  const address = /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;
  return `"${name.replace(/["\\<>\p{Cc}]/gu, '')}" <${address}>`;
}
