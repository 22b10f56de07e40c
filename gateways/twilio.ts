import type { Carrier } from '../domain/messages/deliver.ts';
import { CarrierError } from './carrierError.ts';

export interface TwilioSettings {
  accountSid: string;
  authToken: string;
  from: string | null;
  messagingServiceSid: string | null;
  baseUrl: string | null;
}

const timeoutMs = 10_000;

/** Twilio's codes that no retry can mend: https://www.twilio.com/docs/api/errors */
const permanent: Record<number, string> = {
  21211: 'invalid_number',
  21214: 'unreachable_number',
  21217: 'invalid_number',
  21265: 'invalid_number',
  21401: 'invalid_number',
  21408: 'country_not_enabled',
  21421: 'invalid_number',
  21606: 'sender_not_allowed',
  21610: 'opted_out',
  21611: 'carrier_queue_full',
  21612: 'unreachable_number',
  21614: 'landline',
  21617: 'text_too_long',
};

/** SMS by Twilio's Messages resource. It knows no idempotency key: an uncertain attempt is looked up before another. */
export async function twilioCarrier(settings: TwilioSettings): Promise<Carrier> {
  const { default: twilio } = await import('twilio');
  const client = twilio(settings.accountSid, settings.authToken, { timeout: timeoutMs, maxRetries: 0, autoRetry: false });
  if (settings.baseUrl) client.api.baseUrl = settings.baseUrl;

  return {
    async send({ to, text, senderName }) {
      const sender = settings.messagingServiceSid
        ? { messagingServiceSid: settings.messagingServiceSid }
        : { from: senderName ?? settings.from! };
      try {
        const { sid } = await client.messages.create({ ...sender, to, body: text });
        return { carrierId: sid };
      } catch (error) {
        throw failureOf(error);
      }
    },

    async find({ to, text }, since) {
      try {
        const recent = await client.messages.list({ to, dateSentAfter: since, limit: 50 });
        const same = recent.find(({ body }) => body === text);
        return same ? { carrierId: same.sid } : null;
      } catch (error) {
        throw new CarrierError('uncertain', 'lookup_failed', failureOf(error).reason);
      }
    },
  };
}

function failureOf(error: unknown): CarrierError {
  const { status, code } = error as { status?: number; code?: number | string };
  if (typeof status === 'number') {
    if (status === 429 || code === 20429) return new CarrierError('temporary', 'rate_limited', code ?? status);
    if (status >= 500) return new CarrierError('uncertain', 'carrier_fault', status);
    if (status === 401 || status === 403) return new CarrierError('temporary', 'configuration', code ?? status);
    return new CarrierError('permanent', permanent[Number(code)] ?? 'refused', code ?? status);
  }
  // Nothing was said before the connection stood; afterwards the message may have been taken.
  const neverSaid = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
  return new CarrierError(neverSaid ? 'temporary' : 'uncertain', 'no_answer', code ?? 'unknown');
}
