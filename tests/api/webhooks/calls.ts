import type { FastifyInstance } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

export const publicUrl = 'https://book.practice.example';
export const authToken = 'the-token-of-the-test-account';
export const withTwilio = {
  PUBLIC_URL: publicUrl,
  TWILIO_ACCOUNT_SID: 'AC0123456789',
  TWILIO_AUTH_TOKEN: authToken,
  TWILIO_FROM: '+447700900000',
};
export const webhookSecret = `whsec_${Buffer.from('a-secret-for-the-tests-of-calls').toString('base64')}`;
export const withResend = {
  PUBLIC_URL: publicUrl,
  RESEND_API_KEY: 're_test',
  RESEND_FROM: 'bookings@practice.example',
  RESEND_WEBHOOK_SECRET: webhookSecret,
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

export interface ForgingByResend {
  secret?: string;
  signedAt?: Date;
  /** What is sent where it is not what was signed. */
  sent?: string;
  unsigned?: boolean;
}

/** A call as Resend makes it, signed by svix's own way. */
export function callByResend(
  app: FastifyInstance,
  eventId: string,
  event: object,
  { secret = webhookSecret, signedAt = new Date(), sent, unsigned }: ForgingByResend = {},
) {
  const payload = JSON.stringify(event);
  return app.inject({
    method: 'POST',
    url: '/webhooks/resend',
    remoteAddress: '198.51.100.8',
    payload: sent ?? payload,
    headers: {
      'content-type': 'application/json',
      ...(unsigned
        ? {}
        : {
            'svix-id': eventId,
            'svix-timestamp': String(Math.floor(signedAt.getTime() / 1000)),
            'svix-signature': new Webhook(secret).sign(eventId, signedAt, payload),
          }),
    },
  });
}
