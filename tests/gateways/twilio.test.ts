import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CarrierError, type Letter } from '../../gateways/carrier.ts';
import { twilioCarrier } from '../../gateways/twilio.ts';
import { startTwilioStandIn, type TwilioStandIn, twilioError } from './twilioStandIn.ts';

let twilio: TwilioStandIn;
let carrier: Awaited<ReturnType<typeof twilioCarrier>>;

beforeEach(async () => {
  twilio = await startTwilioStandIn();
  carrier = await twilioCarrier(twilio.settings, 1_000);
});
afterEach(() => twilio.stop());

const text = 'Voorbeeld Tandartsen: kies online een tijd voor Zoë & Co bij dr. Beekman: https://v.example/b/1 + ?';
const letter = (changes: Partial<Letter> = {}): Letter => ({
  id: '0192f000-0000-7000-8000-000000000001',
  to: '+447700900123',
  senderName: null,
  replyTo: null,
  subject: null,
  text,
  html: null,
  attachments: [],
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
/** An attempt that began now, as the database saw it. */
const now = () => new Date();

describe('sending an SMS', () => {
  it('hands over number, sender and text as they are', async () => {
    const { carrierId } = await carrier.send(letter());
    expect(twilio.messages).toEqual([
      expect.objectContaining({
        sid: carrierId,
        to: '+447700900123',
        from: '+447700900000',
        body: text,
        messagingServiceSid: null,
      }),
    ]);
  });

  it('takes the practice’s own sender name where it has one', async () => {
    await carrier.send(letter({ senderName: 'Voorbeeld' }));
    expect(twilio.messages[0]!.from).toBe('Voorbeeld');
  });

  it.each(['+12025550123', '+32470000000'])('takes the number where networks show no names: %s', async (to) => {
    await carrier.send(letter({ to, senderName: 'Voorbeeld' }));
    expect(twilio.messages[0]!.from).toBe('+447700900000');
  });

  it.each([21612, 21657])('takes the number, once, where the name is refused: %s', async (code) => {
    const refusal = twilioError(400, code, 'Not with this sender');
    twilio.failNext(refusal);
    await carrier.send(letter({ senderName: 'Voorbeeld' }));
    expect(twilio.messages.map(({ from }) => from)).toEqual(['+447700900000']);
    twilio.failNext(refusal, refusal, refusal);
    for (const senderName of ['Voorbeeld', null])
      expect((await failureOf(carrier.send(letter({ senderName })))).code).toBe(String(code));
    expect(twilio.messages).toHaveLength(1);
  });

  it('leaves the sender to the messaging service where there is one', async () => {
    const serviced = await twilioCarrier({ ...twilio.settings, messagingServiceSid: 'MG1' });
    await serviced.send(letter({ senderName: 'Voorbeeld' }));
    expect(twilio.messages[0]).toMatchObject({ from: null, messagingServiceSid: 'MG1' });
  });

  it.each([
    ['+15005550001', 'invalid_recipient', '21211'],
    ['+15005550002', 'unreachable', '21612'],
    ['+15005550003', 'country_not_enabled', '21408'],
    ['+15005550004', 'opted_out', '21610'],
    ['+15005550009', 'not_mobile', '21614'],
    ['nonsense', 'invalid_recipient', '21211'],
  ])('gives up on %s: %s', async (to, reason, code) => {
    expect(await failureOf(carrier.send(letter({ to })))).toMatchObject({ kind: 'permanent', reason, code });
  });

  it.each([
    ['a wrong secret', twilioError(401, 20003, 'Authenticate'), 'temporary', 'configuration'],
    ['a closed account', twilioError(403, 20005, 'Account is not active'), 'temporary', 'configuration'],
    ['a sender that is not ours', twilioError(400, 21660, 'Mismatch'), 'temporary', 'configuration'],
    [
      'a sender that does not do there',
      twilioError(400, 21657, 'The Sender ID is invalid'),
      'temporary',
      'configuration',
    ],
    ['a trial account', twilioError(400, 21608, 'The number is unverified'), 'temporary', 'configuration'],
    ['too many requests', twilioError(429, 20429, 'Too Many Requests'), 'temporary', 'rate_limited'],
    ['a full queue', twilioError(400, 21611, 'Queue full'), 'temporary', 'rate_limited'],
    ['a code nobody knows', twilioError(400, 29999, 'Something new'), 'permanent', 'refused'],
    ['a fault at Twilio', twilioError(500, 20500, 'Internal Server Error'), 'uncertain', 'carrier_fault'],
    ['a gateway’s page', { status: 502, body: '<html>Bad Gateway</html>' }, 'uncertain', 'carrier_fault'],
    ['an answer that makes no sense', { status: 201, body: '<html>?</html>' }, 'uncertain', 'no_answer'],
    ['an answer without an id', { status: 201, body: {} }, 'uncertain', 'carrier_fault'],
  ] as const)('knows %s', async (_, answer, kind, reason) => {
    twilio.failNext(answer);
    expect(await failureOf(carrier.send(letter()))).toMatchObject({ kind, reason });
  });

  it.each(['hang', 'reset', 'hang after', 'reset after'] as const)('is uncertain after: %s', async (mishap) => {
    twilio.failNext(mishap);
    expect(await failureOf(carrier.send(letter()))).toMatchObject({ kind: 'uncertain', reason: 'no_answer' });
    expect(twilio.messages).toHaveLength(mishap.endsWith('after') ? 1 : 0);
  });

  it('is certain that nothing left when nobody listens', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => unused.once('listening', resolve));
    const { port } = unused.address() as { port: number };
    await new Promise((resolve) => unused.close(resolve));
    const lost = await twilioCarrier({ ...twilio.settings, baseUrl: `http://127.0.0.1:${port}` });
    expect(await failureOf(lost.send(letter()))).toMatchObject({
      kind: 'temporary',
      reason: 'no_answer',
      code: 'ECONNREFUSED',
    });
  });

  it('never waits longer than its limit, even for an answer that trickles', async () => {
    const trickle = createServer((socket) => {
      socket.write('HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n\r\n');
      const drops = setInterval(() => socket.write(' '), 50);
      socket.on('error', () => {}).on('close', () => clearInterval(drops));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => trickle.once('listening', resolve));
    const { port } = trickle.address() as { port: number };
    const slow = await twilioCarrier({ ...twilio.settings, baseUrl: `http://127.0.0.1:${port}` }, 200);
    const began = Date.now();
    expect(await failureOf(slow.send(letter()))).toMatchObject({ kind: 'uncertain', reason: 'no_answer' });
    expect(Date.now() - began).toBeLessThan(10_000);
    trickle.close();
  });

  it('says nothing of recipient, text or secret in its errors', async () => {
    twilio.failNext(twilioError(400, 21211, `The number +447700900123 is not valid for "${text}"`), 'reset');
    for (const _ of [1, 2]) {
      const { message, stack, cause, ...rest } = await failureOf(carrier.send(letter()));
      const said = JSON.stringify([message, stack, cause, rest]);
      for (const secret of ['7700900123', 'Beekman', 'v.example', twilio.settings.authToken])
        expect(said).not.toContain(secret);
    }
  });
});

it('is left alone for as long as it asks', async () => {
  const soon = new Date(Date.now() + 60_000).toUTCString();
  twilio.failNext(
    twilioError(429, 20429, 'Too Many Requests', { 'retry-after': '7' }),
    twilioError(429, 20429, 'Too Many Requests', { 'retry-after': soon }),
    twilioError(429, 20429, 'Too Many Requests'),
  );
  expect((await failureOf(carrier.send(letter()))).retryAfterMs).toBe(7_000);
  const untilDate = (await failureOf(carrier.send(letter()))).retryAfterMs!;
  expect(untilDate).toBeGreaterThan(55_000);
  expect(untilDate).toBeLessThanOrEqual(60_000);
  expect((await failureOf(carrier.send(letter()))).retryAfterMs).toBeUndefined();
});

describe('what became of an SMS', () => {
  it('is told to the address given, which names the ledger’s row only', async () => {
    const statusUrl = 'https://book.practice.example/webhooks/twilio/status';
    const called = await twilioCarrier({ ...twilio.settings, statusUrl });
    await called.send(letter());
    expect(twilio.messages[0]!.statusCallback).toBe(`${statusUrl}?message=${letter().id}`);
    await carrier.send(letter());
    expect(twilio.messages[1]!.statusCallback).toBeNull();
  });

  it.each([
    ['queued', null, { became: 'sent' }],
    ['undelivered', 30003, { became: 'failed', reason: 'out_of_reach', isPassing: false }],
    ['failed', 30001, { became: 'failed', reason: 'rate_limited', isPassing: true }],
    ['undelivered', 30017, { became: 'failed', reason: 'carrier_fault', isPassing: true }],
    ['undelivered', 30022, { became: 'failed', reason: 'rate_limited', isPassing: true }],
    ['undelivered', 30023, { became: 'failed', reason: 'quota_exceeded', isPassing: true }],
    ['delivered', null, { became: 'delivered', reason: null }],
    ['undelivered', 30006, { became: 'failed', reason: 'not_mobile', code: '30006' }],
    ['failed', 39999, { became: 'failed', reason: 'unreachable', code: '39999' }],
  ] as const)('can be asked: %s', async (status, errorCode, said) => {
    const { carrierId } = await carrier.send(letter());
    Object.assign(twilio.messages[0]!, { status, errorCode });
    expect(await carrier.ask(carrierId)).toEqual([expect.objectContaining({ carrierId, ...said })]);
  });
});

describe('looking an SMS up', () => {
  it.each(['hang after', 'reset after'] as const)('finds what was taken before: %s', async (mishap) => {
    twilio.failNext(mishap);
    const since = now();
    await failureOf(carrier.send(letter()));
    expect(await carrier.find(letter(), since)).toEqual({ carrierId: twilio.messages[0]!.sid });
  });

  it('finds nothing when the attempt did not get through', async () => {
    twilio.failNext('reset');
    await failureOf(carrier.send(letter()));
    expect(await carrier.find(letter(), now())).toBeNull();
  });

  it('passes over other texts, other people and older times', async () => {
    await carrier.send(letter({ text: `${text}!` }));
    await carrier.send(letter({ to: '+447700900124' }));
    await carrier.send(letter());
    twilio.messages[2]!.createdAt = new Date(Date.now() - 10 * 60_000);
    expect(await carrier.find(letter(), now())).toBeNull();
  });

  it('passes over what is known to be another message with the same text', async () => {
    const { carrierId } = await carrier.send(letter());
    expect(await carrier.find(letter(), now(), new Set([carrierId]))).toBeNull();
  });

  it('knows the text behind the line of a trial account', async () => {
    await carrier.send(letter());
    twilio.messages[0]!.body = `Sent from your Twilio trial account - ${text}`;
    expect(await carrier.find(letter(), now())).toEqual({ carrierId: twilio.messages[0]!.sid });
  });

  it.each([
    [30003, 'out_of_reach'],
    [30005, 'invalid_recipient'],
    [30006, 'not_mobile'],
    [30007, 'blocked'],
    [30008, 'carrier_fault'],
    [null, 'unreachable'],
  ])('gives up when it was taken but came to nothing: %s', async (errorCode, reason) => {
    await carrier.send(letter());
    Object.assign(twilio.messages[0]!, { status: 'undelivered', errorCode });
    expect(await failureOf(carrier.find(letter(), now()))).toMatchObject({ kind: 'permanent', reason });
  });

  it('lets it be sent again when Twilio itself dropped it for a while', async () => {
    await carrier.send(letter());
    Object.assign(twilio.messages[0]!, { status: 'failed', errorCode: 30001 });
    expect(await carrier.find(letter(), now())).toBeNull();
  });

  it.each(['hang', 'reset', twilioError(500, 20500, 'x'), twilioError(401, 20003, 'Authenticate')] as const)(
    'stays uncertain when it can’t be looked up',
    async (mishap) => {
      twilio.failNext(mishap);
      expect(await failureOf(carrier.find(letter(), now()))).toMatchObject({
        kind: 'uncertain',
        reason: 'lookup_failed',
      });
    },
  );
});
