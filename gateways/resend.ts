import type { Carrier } from '../domain/messages/deliver.ts';
import { CarrierError } from './carrierError.ts';

export interface ResendSettings {
  apiKey: string;
  /** The address; the practice's name stands before it. */
  from: string;
  baseUrl: string | null;
}

const timeoutMs = 10_000;

/** Resend's error names: https://resend.com/docs/api-reference/errors */
const permanent: Record<string, string> = {
  validation_error: 'invalid_address',
  invalid_parameter: 'invalid_address',
  missing_required_field: 'refused',
  invalid_attachment: 'refused',
  invalid_idempotent_request: 'refused',
};
const configuration = new Set(['missing_api_key', 'invalid_api_key', 'restricted_api_key', 'invalid_from_address', 'invalid_access']);

/** Email by Resend. The ledger's id is the idempotency key: trying again is always safe. Its SDK answers errors, it never throws. */
export async function resendCarrier(settings: ResendSettings): Promise<Carrier> {
  const { Resend } = await import('resend');
  const client = new Resend(settings.apiKey, settings.baseUrl ? { baseUrl: settings.baseUrl } : undefined);

  return {
    async send({ id, to, senderName, replyTo, subject, text, html, attachments }) {
      const sending = client.emails.send(
        {
          from: senderName ? `"${senderName.replace(/["\\\r\n]/g, '')}" <${settings.from}>` : settings.from,
          to,
          subject: subject ?? '',
          text,
          ...(html ? { html } : {}),
          ...(replyTo ? { replyTo } : {}),
          attachments: attachments.map(({ filename, content, contentType }) => ({
            filename,
            contentType,
            content: Buffer.from(content).toString('base64'),
          })),
        },
        { idempotencyKey: id },
      );
      const { data, error } = await Promise.race([sending, timeLimit()]);
      if (error) throw failureOf(error);
      return { carrierId: data!.id };
    },
  };
}

async function timeLimit(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, timeoutMs).unref());
  throw new CarrierError('temporary', 'no_answer', 'timeout');
}

function failureOf({ name, statusCode }: { name: string; statusCode?: number | null }): CarrierError {
  if (configuration.has(name)) return new CarrierError('temporary', 'configuration', name);
  const reason = permanent[name];
  if (reason && (statusCode ?? 422) < 500) return new CarrierError('permanent', reason, name);
  return new CarrierError('temporary', name === 'rate_limit_exceeded' ? 'rate_limited' : 'carrier_fault', name);
}
