import { type Carrier, CarrierError, type Taken, timeLimitMs } from './carrier.ts';
import { twilioFailure, undeliveredFailure } from './twilioErrors.ts';

export interface TwilioSettings {
  accountSid: string;
  authToken: string;
  from: string | null;
  messagingServiceSid: string | null;
  /** Another address than Twilio's own. */
  baseUrl: string | null;
}

/** Twilio's dates have whole seconds, and its clock need not be ours. */
const clockSlackMs = 60_000;

/** SMS by Twilio's Messages resource. It knows no idempotency key: an uncertain attempt is looked up before another. */
export async function twilioCarrier(settings: TwilioSettings, limitMs = timeLimitMs): Promise<Required<Carrier>> {
  const { default: twilio } = await import('twilio');
  // A kept connection that the other side has just closed fails after the request was written: uncertain, and all for
  // nothing. A handshake for each letter is cheaper than that.
  const client = twilio(settings.accountSid, settings.authToken, { timeout: limitMs, keepAlive: false });
  if (settings.baseUrl) client.api.baseUrl = settings.baseUrl;

  return {
    async send({ to, text, senderName }) {
      const { messagingServiceSid, from } = settings;
      const sender = messagingServiceSid ? { messagingServiceSid } : { from: senderName ?? from ?? undefined };
      const { sid } = await answered(client.messages.create({ ...sender, to, body: text }), limitMs);
      if (!sid) throw new CarrierError('uncertain', 'carrier_fault', 'no sid');
      return { carrierId: sid };
    },

    async find({ to, text }, since) {
      // The filter by date sent passes over what still waits in Twilio's queue; newest first, so a page is enough.
      const page = answered(client.messages.list({ to, limit: 50, pageSize: 50 }), limitMs).catch(lookupFailed);
      const same = (await page).filter(
        // A trial account writes a line before the text.
        ({ body, dateCreated }) =>
          body?.trim().endsWith(text.trim()) && dateCreated.getTime() >= since.getTime() - clockSlackMs,
      );
      const underWay = same.find(({ status }) => !['failed', 'undelivered', 'canceled'].includes(status));
      if (underWay) return { carrierId: underWay.sid } satisfies Taken;
      const failure = same[0] && undeliveredFailure(same[0].errorCode);
      if (failure?.kind === 'permanent') throw failure;
      return null;
    },
  };
}

/** @throws CarrierError of what Twilio said, or that it said nothing within the limit */
async function answered<T>(call: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CarrierError('uncertain', 'no_answer', 'time limit')), limitMs);
  });
  try {
    return await Promise.race([call, limit]);
  } catch (error) {
    throw twilioFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

/** As long as nobody can say what became of the attempt, no other may follow. */
function lookupFailed({ code, retryAfterMs }: CarrierError): never {
  throw new CarrierError('uncertain', 'lookup_failed', code, retryAfterMs);
}
