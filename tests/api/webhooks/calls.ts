import type { FastifyInstance } from 'fastify';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

export const publicUrl = 'https://book.practice.example';
export const authToken = 'the-token-of-the-test-account';
export const withTwilio = {
  PUBLIC_URL: publicUrl,
  TWILIO_ACCOUNT_SID: 'AC0123456789',
  TWILIO_AUTH_TOKEN: authToken,
  TWILIO_FROM: '+447700900000',
};

export interface Forging {
  /** Another signature than the right one; null: none. */
  signature?: string | null;
  /** What is sent where it is not what was signed. */
  sent?: Record<string, string>;
  remoteAddress?: string;
}

/** A call as Twilio makes it, signed. */
export function callByTwilio(
  app: FastifyInstance,
  path: string,
  fields: Record<string, string>,
  { signature, sent = fields, remoteAddress = '198.51.100.7' }: Forging = {},
) {
  const right = getExpectedTwilioSignature(authToken, `${publicUrl}${path}`, fields);
  return app.inject({
    method: 'POST',
    url: path,
    remoteAddress,
    payload: new URLSearchParams(sent).toString(),
    headers: {
      host: 'book.practice.example',
      'content-type': 'application/x-www-form-urlencoded',
      ...(signature === null ? {} : { 'x-twilio-signature': signature ?? right }),
    },
  });
}
