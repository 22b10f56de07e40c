import { type Carrier, CarrierError, type Taken, timeLimitMs, withinLimit } from './carrier.ts';
import { retryAfterOf } from './retryAfter.ts';
import { showsNames } from './senderNames.ts';
import { twilioFailure, undeliveredFailure } from './twilioErrors.ts';
import { reportOfStatus } from './twilioWebhooks.ts';

export interface TwilioSettings {
  accountSid: string;
  authToken: string;
  from: string | null;
  messagingServiceSid: string | null;
  /** Another address than Twilio's own. */
  baseUrl: string | null;
  /** Where Twilio tells what becomes of a message; without it Twilio is asked instead. */
  statusUrl: string | null;
  /** How many SMS of one practice leave in a minute. */
  perMinute: number;
}

/** What Twilio answers, and sends nothing, where this name can't stand as the sender there. */
const nameRefused = ['21612', '21657'];

/** Twilio's dates have whole seconds, and its clock need not be ours. */
const clockSlackMs = 60_000;

/** SMS by Twilio's Messages resource. It knows no idempotency key: an uncertain attempt is looked up before another. */
export async function twilioCarrier(
  settings: TwilioSettings,
  limitMs = timeLimitMs,
): Promise<Carrier & Required<Pick<Carrier, 'find' | 'ask'>>> {
  const { default: twilio } = await import('twilio');
  // A kept connection that the other side has just closed fails after the request was written: uncertain, and all for
  // nothing. A handshake for each letter is cheaper than that.
  const httpClient = new (class extends twilio.RequestClient {
    // The SDK's own errors say nothing of the headers.
    override async request<Data>(options: Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0]) {
      const answer = await super.request<Data>(options as never);
      if (answer.statusCode !== 429) return answer;
      throw new CarrierError('temporary', 'rate_limited', 429, retryAfterOf(answer.headers['retry-after']));
    }
  })({ timeout: limitMs, keepAlive: false });
  const client = twilio(settings.accountSid, settings.authToken, { httpClient });
  if (settings.baseUrl) client.api.baseUrl = settings.baseUrl;

  return {
    async send({ id, to, text, senderName }) {
      const { messagingServiceSid, from } = settings;
      const statusCallback = settings.statusUrl ? `${settings.statusUrl}?message=${id}` : undefined;
      const create = (sender: { messagingServiceSid: string } | { from: string | undefined }) =>
        client.messages.create({ ...sender, to, body: text, statusCallback });
      const byNumber = () => create({ from: from ?? undefined });
      const until = Date.now() + limitMs;
      const byName = (name: string) =>
        create({ from: name }).catch((error: unknown) => {
          // Once the limit is over nobody waits for this attempt any more: another may follow.
          if (!from || Date.now() >= until || !nameRefused.includes(twilioFailure(error).code ?? '')) throw error;
          return byNumber();
        });
      const isNamed = senderName !== null && showsNames(to);
      const taken = messagingServiceSid ? create({ messagingServiceSid }) : isNamed ? byName(senderName) : byNumber();
      const { sid } = await answered(taken, limitMs);
      if (!sid) throw new CarrierError('uncertain', 'carrier_fault', 'no sid');
      return { carrierId: sid };
    },

    async find({ to, text }, since, others = new Set()) {
      // The filter by date sent passes over what still waits in Twilio's queue; newest first, so a page is enough.
      const page = answered(client.messages.list({ to, limit: 50, pageSize: 50 }), limitMs).catch(lookupFailed);
      const same = (await page).filter(
        // A trial account writes a line before the text.
        ({ sid, body, dateCreated }) =>
          !others.has(sid) &&
          body?.trim().endsWith(text.trim()) &&
          dateCreated.getTime() >= since.getTime() - clockSlackMs,
      );
      const underWay = same.find(({ status }) => !['failed', 'undelivered', 'canceled'].includes(status));
      if (underWay) return { carrierId: underWay.sid } satisfies Taken;
      const failure = same[0] && undeliveredFailure(same[0].errorCode);
      if (failure?.kind === 'permanent') throw failure;
      return null;
    },

    async ask(carrierId) {
      const { status, errorCode } = await answered(client.messages(carrierId).fetch(), limitMs);
      const report = reportOfStatus({ carrierId, letterId: null, status, errorCode });
      return report ? [report] : [];
    },
  };
}

/** @throws CarrierError of what Twilio said, or that it said nothing within the limit */
async function answered<T>(call: Promise<T>, limitMs: number): Promise<T> {
  try {
    return await withinLimit(call, limitMs, 'uncertain');
  } catch (error) {
    throw twilioFailure(error);
  }
}

/** As long as nobody can say what became of the attempt, no other may follow. */
function lookupFailed({ code, retryAfterMs }: CarrierError): never {
  throw new CarrierError('uncertain', 'lookup_failed', code, retryAfterMs);
}
