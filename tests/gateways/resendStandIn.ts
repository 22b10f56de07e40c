import { randomBytes, randomUUID } from 'node:crypto';
import type { ResendSettings } from '../../gateways/resend.ts';
import { type Answer, type Request, type StandIn, startStandIn } from './standIn.ts';

/** An email as it was handed over. */
export interface ResendEmail {
  id: string;
  idempotencyKey: string | null;
  from: string;
  to: string;
  subject: string;
  text?: string;
  html?: string;
  reply_to?: string;
  headers?: Record<string, string>;
  tags?: { name: string; value: string }[];
  /** What is said of it when somebody asks. */
  last_event?: string;
  attachments?: { filename: string; content: string; content_type: string }[];
}

export interface ResendStandIn extends StandIn {
  /** What a gateway needs to speak to it. */
  settings: ResendSettings;
  /** All emails that were taken, oldest first. */
  emails: ResendEmail[];
}

/** An error as Resend words it: https://resend.com/docs/api-reference/errors */
export const resendError = (
  statusCode: number,
  name: string,
  message = name,
  headers?: Record<string, string>,
): Answer => ({
  status: statusCode,
  body: { statusCode, name, message },
  headers,
});

/** Speaks Resend's `POST /emails` and `GET /emails/:id`: same key and same body, same answer; same key and another body, a conflict. */
export async function startResendStandIn(): Promise<ResendStandIn> {
  const apiKey = `re_${randomBytes(12).toString('hex')}`;
  const emails: ResendEmail[] = [];
  const answered = new Map<string, { body: string; id: string }>();

  const standIn = await startStandIn((request) => {
    const refusal = refuse(request, apiKey);
    if (refusal) return refusal;
    if (request.method === 'GET') {
      const asked = emails.find(({ id }) => request.path === `/emails/${id}`);
      if (!asked) return resendError(404, 'not_found', 'Email not found');
      return { status: 200, body: { object: 'email', last_event: 'sent', ...asked } };
    }
    const key = request.headers['idempotency-key'] as string | undefined;
    const before = key === undefined ? undefined : answered.get(key);
    if (before && before.body !== request.text) {
      return resendError(
        409,
        'invalid_idempotent_request',
        'Same idempotency key used with a different request payload.',
      );
    }
    if (before) return { status: 200, body: { id: before.id } };
    const id = randomUUID();
    emails.push({ ...JSON.parse(request.text), id, idempotencyKey: key ?? null });
    if (key !== undefined) answered.set(key, { body: request.text, id });
    return { status: 200, body: { id } };
  });
  return {
    ...standIn,
    settings: {
      apiKey,
      from: 'bookings@practice.example',
      baseUrl: standIn.url,
      webhookSecret: null,
      perMinute: 6_000,
    },
    emails,
  };
}

const address = /^(?:[^<>]*<)?[^<>@\s]+@[^<>@\s]+\.[^<>@\s]+>?$/;

function refuse({ method, path, headers, text }: Request, apiKey: string): Answer | null {
  if (!headers.authorization)
    return resendError(401, 'missing_api_key', 'Missing API key in the authorization header.');
  if (headers.authorization !== `Bearer ${apiKey}`) return resendError(403, 'invalid_api_key', 'API key is invalid');
  if (method === 'GET' && path.startsWith('/emails/')) return null;
  if (path !== '/emails') return resendError(404, 'not_found', 'The requested endpoint does not exist.');
  if (method !== 'POST') return resendError(405, 'method_not_allowed', 'Method is not allowed for the requested path.');
  const key = headers['idempotency-key'];
  if (typeof key === 'string' && (key.length < 1 || key.length > 256)) {
    return resendError(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.');
  }
  const email = JSON.parse(text) as Partial<ResendEmail>;
  const missing = (['from', 'to', 'subject'] as const).find((field) => !email[field]);
  if (missing) return resendError(422, 'missing_required_field', `Missing \`${missing}\` field.`);
  for (const field of ['from', 'to'] as const) {
    if (address.test(email[field]!)) continue;
    const form = 'The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.';
    return resendError(422, 'validation_error', `Invalid \`${field}\` field. ${form}`);
  }
  return null;
}
