import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';

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
