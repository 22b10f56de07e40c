import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { DeliveryReport } from './carrier.ts';
import { becameByEvent } from './resendEvents.ts';

/** What Resend's calls say, and whether it was Resend who said it. */

export interface ResendCall {
  /** The event's own id; it is the same when the event is brought again. */
  eventId: string;
  /** Null: an event that says nothing about a letter of ours. */
  report: DeliveryReport | null;
}

/** As they are documented, and as they are sent along with an email. */
const tags = z.union([
  z.record(z.string(), z.string()),
  z
    .array(z.object({ name: z.string(), value: z.string() }))
    .transform((list) => Object.fromEntries(list.map(({ name, value }) => [name, value]))),
]);

const eventForm = z.object({
  type: z.string(),
  created_at: z.coerce.date(),
  data: z.object({
    email_id: z.string(),
    tags: tags.optional(),
    bounce: z.object({ subType: z.string().optional(), type: z.string().optional() }).optional(),
  }),
});

/**
 * Reads a call by svix's own verifier: the signature over the raw body, not older or newer than five minutes.
 * @returns null when Resend did not make it
 */
export function readResendCall(secret: string, headers: Record<string, unknown>, rawBody: string): ResendCall | null {
  const signed = ['id', 'timestamp', 'signature'].map((name) => [
    `webhook-${name}`,
    String(headers[`svix-${name}`] ?? ''),
  ]);
  let said: unknown;
  try {
    said = new Webhook(secret).verify(rawBody, Object.fromEntries(signed));
  } catch {
    return null;
  }
  const { data: event } = eventForm.safeParse(said);
  const eventId = String(headers['svix-id']);
  const became = event && becameByEvent(event.type.replace(/^email\./, ''));
  if (!event || !became || !event.type.startsWith('email.')) return { eventId, report: null };
  const { email_id: carrierId, tags: told, bounce } = event.data;
  const code = bounce?.subType ?? bounce?.type ?? null;
  return { eventId, report: { carrierId, letterId: told?.message ?? null, at: event.created_at, ...became, code } };
}
