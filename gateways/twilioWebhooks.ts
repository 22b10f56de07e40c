import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import type { DeliveryReport } from './carrier.ts';
import { undeliveredFailure } from './twilioErrors.ts';

/** What Twilio's calls say, and whether it was Twilio who said it. */

export type TwilioCall = Record<string, string>;

/** By the signature over the address that Twilio was given and every field; says nothing of when it was made. */
export const isFromTwilio = (authToken: string, signature: unknown, url: string, call: TwilioCall): boolean =>
  typeof signature === 'string' && validateRequest(authToken, signature, url, call);

/** A text that somebody wrote to our number. */
export interface InboundText {
  carrierId: string;
  /** E.164. */
  sender: string;
  body: string;
}

/** Null: not a text that we could keep. */
export function readInboundText({ MessageSid, From, Body }: TwilioCall): InboundText | null {
  if (!MessageSid || !/^\+[1-9]\d{4,14}$/.test(From ?? '')) return null;
  return { carrierId: MessageSid, sender: From!, body: (Body ?? '').replaceAll('\0', '').slice(0, 1_600) };
}

interface Status {
  carrierId: string;
  letterId: string | null;
  status: string;
  errorCode: number | null;
}

/** What a message's status means; null where it says nothing that we know. */
export function reportOfStatus({ carrierId, letterId, status, errorCode }: Status): DeliveryReport | null {
  const about = { carrierId, letterId, at: new Date(), reason: null, code: null };
  switch (status) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
    case 'sent':
      return { ...about, became: 'sent' };
    case 'delivered':
    case 'read':
      return { ...about, became: 'delivered' };
    case 'undelivered':
    case 'failed': {
      const { kind, reason, code } = undeliveredFailure(errorCode);
      return { ...about, became: 'failed', reason, code, isPassing: kind === 'temporary' };
    }
    case 'canceled':
      return { ...about, became: 'failed', reason: 'refused', code: status };
    default:
      return null;
  }
}

/** A status that Twilio calls with; `letterId` is what the address that it calls says. */
export function readStatusCall(call: TwilioCall, letterId: string | null): DeliveryReport | null {
  const { MessageSid: carrierId, MessageStatus: status, ErrorCode } = call;
  if (!carrierId || !status) return null;
  return reportOfStatus({ carrierId, letterId, status, errorCode: Number(ErrorCode) || null });
}
