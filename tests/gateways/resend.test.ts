import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CarrierError, type Letter } from '../../gateways/carrier.ts';
import { resendCarrier } from '../../gateways/resend.ts';
import { type ResendStandIn, resendError, startResendStandIn } from './resendStandIn.ts';

let resend: ResendStandIn;
let carrier: Awaited<ReturnType<typeof resendCarrier>>;

beforeEach(async () => {
  resend = await startResendStandIn();
  carrier = await resendCarrier(resend.settings, 1_000);
});
afterEach(() => resend.stop());

const letter = (changes: Partial<Letter> = {}): Letter => ({
  id: '0192f000-0000-7000-8000-000000000001',
  to: 'robin@patient.example',
  senderName: 'Tandartsen "De Kade", Zoë',
  replyTo: 'balie@practice.example',
  subject: 'Kies een tijd',
  text: 'Beste Robin',
  html: '<p>Beste Robin</p>',
  attachments: [
    { filename: 'afspraak.ics', content: 'BEGIN:VCALENDAR ë', contentType: 'text/calendar; charset=utf-8' },
  ],
  ...changes,
});
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('it was taken'),
    (error) => {
      expect(error).toBeInstanceOf(CarrierError);
      return error as CarrierError;
    },
  );

describe('sending an email', () => {
  it('hands over sender, both bodies, the address for answers and attachments', async () => {
    const { carrierId } = await carrier.send(letter());
    const [email] = resend.emails;
    expect(email).toMatchObject({
      id: carrierId,
      idempotencyKey: expect.stringMatching(/^0192f000-0000-7000-8000-000000000001\/[\w-]{12}$/),
      tags: [{ name: 'message', value: '0192f000-0000-7000-8000-000000000001' }],
      from: '"Tandartsen De Kade, Zoë" <bookings@practice.example>',
      to: 'robin@patient.example',
      reply_to: 'balie@practice.example',
      subject: 'Kies een tijd',
      text: 'Beste Robin',
      html: '<p>Beste Robin</p>',
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    const [attachment] = email!.attachments!;
    expect(attachment).toMatchObject({ filename: 'afspraak.ics', content_type: 'text/calendar; charset=utf-8' });
    expect(Buffer.from(attachment!.content, 'base64').toString('utf8')).toBe('BEGIN:VCALENDAR ë');
  });

  it('puts the practice’s name in the place of the name that the configured address brings', async () => {
    const named = await resendCarrier({ ...resend.settings, from: 'Nextvisit <bookings@practice.example>' });
    await named.send(letter({ senderName: 'De Kade' }));
    await named.send(letter({ id: '2', senderName: null }));
    expect(resend.emails.map(({ from }) => from)).toEqual([
      '"De Kade" <bookings@practice.example>',
      'Nextvisit <bookings@practice.example>',
    ]);
  });

  it('lets no name break out of its header', async () => {
    await carrier.send(letter({ senderName: 'Kade\r\nBcc: all@example.com "<x@y.example>' }));
    expect(resend.emails[0]!.from).toBe('"KadeBcc: all@example.com x@y.example" <bookings@practice.example>');
  });

  it.each(['reset after', 'hang after'] as const)(
    'is sent once when its answer is lost (%s) and it is sent again',
    async (mishap) => {
      resend.failNext(mishap);
      expect(await failureOf(carrier.send(letter()))).toMatchObject({ kind: 'uncertain', reason: 'no_answer' });
      const again = await carrier.send(letter());
      expect(resend.emails).toHaveLength(1);
      expect(again.carrierId).toBe(resend.emails[0]!.id);
    },
  );

  it('is not sent a second time in another form', async () => {
    resend.failNext('reset after');
    await failureOf(carrier.send(letter()));
    const failure = await failureOf(carrier.send(letter({ senderName: 'Another name' })));
    expect(failure).toMatchObject({ kind: 'uncertain', reason: 'changed_meanwhile' });
    expect(resend.emails).toHaveLength(1);
    // A contact that was corrected is another recipient: they have got none yet.
    await carrier.send(letter({ to: 'robin@new.example' }));
    expect(resend.emails.map(({ to }) => to)).toEqual(['robin@patient.example', 'robin@new.example']);
  });

  it.each([
    ['the recipient', { to: 'robin' }, 'permanent', 'invalid_recipient'],
    ['the recipient', { to: '' }, 'permanent', 'refused'],
  ] as const)('gives up when %s is refused', async (_, changes, kind, reason) => {
    expect(await failureOf(carrier.send(letter(changes)))).toMatchObject({ kind, reason });
  });

  it.each([
    [resendError(401, 'missing_api_key'), 'temporary', 'configuration'],
    [resendError(403, 'invalid_api_key'), 'temporary', 'configuration'],
    [resendError(401, 'restricted_api_key'), 'temporary', 'configuration'],
    [resendError(422, 'invalid_from_address'), 'temporary', 'configuration'],
    [
      resendError(403, 'validation_error', 'You can only send testing emails to your own email address'),
      'temporary',
      'configuration',
    ],
    [resendError(422, 'validation_error', 'Invalid `from` field.'), 'temporary', 'configuration'],
    [resendError(422, 'invalid_parameter', 'Invalid `to` field.'), 'permanent', 'invalid_recipient'],
    [resendError(422, 'validation_error', 'The subject is too long.'), 'permanent', 'refused'],
    [resendError(422, 'invalid_attachment'), 'permanent', 'refused'],
    [resendError(400, 'invalid_idempotency_key'), 'permanent', 'refused'],
    [resendError(409, 'concurrent_idempotent_requests'), 'uncertain', 'no_answer'],
    [resendError(409, 'invalid_idempotent_request'), 'uncertain', 'changed_meanwhile'],
    [resendError(429, 'daily_quota_exceeded'), 'temporary', 'quota_exceeded'],
    [resendError(429, 'monthly_quota_exceeded'), 'temporary', 'quota_exceeded'],
    [resendError(451, 'security_error'), 'permanent', 'refused'],
    [resendError(500, 'internal_server_error'), 'uncertain', 'carrier_fault'],
    [resendError(500, 'application_error'), 'uncertain', 'carrier_fault'],
    [resendError(418, 'something_new'), 'permanent', 'refused'],
    [{ status: 503, body: '<html>Unavailable</html>' }, 'uncertain', 'carrier_fault'],
    [{ status: 503, body: { message: 'no name' } }, 'uncertain', 'carrier_fault'],
    [{ status: 500, body: null }, 'uncertain', 'carrier_fault'],
    [{ status: 200, body: {} }, 'uncertain', 'carrier_fault'],
  ] as const)('understands %j', async (answer, kind, reason) => {
    resend.failNext(answer);
    expect(await failureOf(carrier.send(letter()))).toMatchObject({ kind, reason });
  });

  it('says how long it should be left alone', async () => {
    resend.failNext(resendError(429, 'rate_limit_exceeded', 'Too many requests', { 'retry-after': '7' }));
    expect(await failureOf(carrier.send(letter()))).toMatchObject({
      kind: 'temporary',
      reason: 'rate_limited',
      retryAfterMs: 7_000,
    });
  });

  it.each(['hang', 'reset'] as const)('may be tried again after: %s', async (mishap) => {
    resend.failNext(mishap);
    const began = Date.now();
    expect(await failureOf(carrier.send(letter()))).toMatchObject({ kind: 'uncertain', reason: 'no_answer' });
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('may be tried again when nobody listens', async () => {
    await resend.stop();
    expect(await failureOf(carrier.send(letter()))).toMatchObject({ kind: 'uncertain', reason: 'no_answer' });
  });

  it.each([
    ['delivered', 'delivered', null],
    ['delivery_delayed', 'sent', null],
    ['bounced', 'failed', 'bounced'],
    ['suppressed', 'failed', 'suppressed'],
    ['opened', 'opened', null],
  ] as const)('can be asked what became of an email: %s', async (event, became, reason) => {
    const { carrierId } = await carrier.send(letter());
    resend.emails[0]!.last_event = event;
    expect(await carrier.ask(carrierId)).toEqual([expect.objectContaining({ carrierId, became, reason })]);
  });

  it('says nothing yet of what is queued, and says that it could not be asked', async () => {
    const { carrierId } = await carrier.send(letter());
    resend.emails[0]!.last_event = 'queued';
    expect(await carrier.ask(carrierId)).toEqual([]);
    resend.failNext('hang', resendError(429, 'rate_limit_exceeded'));
    for (const _ of [1, 2]) expect(await failureOf(carrier.ask(carrierId))).toBeInstanceOf(CarrierError);
  });

  it('says nothing of recipient, text or secret in its errors', async () => {
    resend.failNext(resendError(422, 'validation_error', 'Invalid `to` field: robin@patient.example'), 'reset');
    for (const _ of [1, 2]) {
      const { message, stack, cause, ...rest } = await failureOf(carrier.send(letter()));
      const said = JSON.stringify([message, stack, cause, rest]);
      for (const secret of ['robin@', 'Beste', resend.settings.apiKey]) expect(said).not.toContain(secret);
    }
  });
});
