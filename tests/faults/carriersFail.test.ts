import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../domain/contract.ts';
import { eventually } from '../engines/worker.ts';
import { resendError } from '../gateways/resendStandIn.ts';
import type { Mishap } from '../gateways/standIn.ts';
import { twilioError } from '../gateways/twilioStandIn.ts';
import { type Ground, openGround } from './ground.ts';
import { type People, peopleAt } from './people.ts';

let ground: Ground;
let people: People;

beforeAll(async () => {
  ground = await openGround();
  await ground.startWorker();
  people = peopleAt(ground, (await ground.startApi()).url);
  await people.signIn();
}, 120_000);
afterAll(() => ground?.end());

/** Each of a carrier's bad answers; what it was asked for is done in the last three, and nobody is told. */
const byTwilio = (): Mishap[] => [
  twilioError(500, 20500, 'Internal server error'),
  { status: 503, body: '<html>Unavailable</html>' },
  twilioError(429, 20429, 'Too many requests', { 'retry-after': '2' }),
  'hang',
  'reset',
  'reset after',
  'hang after',
  'reset after',
];
const byResend = (): Mishap[] => [
  resendError(500, 'internal_server_error'),
  { status: 503, body: '<html>Unavailable</html>' },
  resendError(429, 'rate_limit_exceeded', 'Too many requests', { 'retry-after': '2' }),
  'hang',
  'reset',
  'reset after',
  'hang after',
  'reset after',
];

describe('fault 8: while carriers answer 500 and 429, hang, reset, and take a letter and drop the line', () => {
  it('links and confirmations arrive all the same, and nobody gets one twice', async () => {
    const all = await people.arrive(8);
    for (const person of all) await people.depart(person);
    ground.twilio.failNext(...byTwilio());
    ground.resend.failNext(...byResend());
    await Promise.all(all.map(people.send));
    const sent = (kind: string) =>
      eventually(
        () => ground.sql`select 1 from messages where kind = ${kind} and state = 'sent'`,
        (rows) => rows.length === 2 * all.length,
        120_000,
      );
    await sent('link');
    ground.twilio.failNext(...byTwilio());
    ground.resend.failNext(...byResend());
    for (const person of all) await people.choose(person);
    await Promise.all(all.map(people.confirm));
    await sent('confirmation');
    await ground.findsNothing();
    await people.whatWasAnsweredHolds();
    // They did meet it: letters that were taken at once had one attempt.
    const tried = await ground.sql`select channel, max(attempts) as most from messages group by channel`;
    for (const { most } of tried) expect(most).toBeGreaterThan(1);
  });
});

describe('fault 9: when Resend’s client answers with an error instead of throwing', () => {
  it('the step has failed, says so to managers and in the engine, and the email leaves later, once', async () => {
    const [person] = await people.arrive(1);
    await people.depart(person!);
    const refusal = resendError(403, 'invalid_api_key', 'API key is invalid');
    ground.resend.failNext(refusal, refusal, refusal);
    await people.send(person!);
    const connection = await Connection.connect({ address: ground.temporalAddress });
    const handle = new Client({ connection }).workflow.getHandle(workflowIdOf(person!.bookingId));
    const failing = await eventually(
      async () => (await handle.describe()).raw.pendingActivities ?? [],
      (steps) => steps.some(({ attempt }) => Number(attempt) > 1),
    );
    expect(failing[0]!.lastFailure?.message).toBe('configuration (invalid_api_key)');
    await connection.close();
    await eventually(
      () => ground.sql`select reason from failing_steps where reason = 'configuration'`,
      (rows) => rows.length === 1,
    );
    const state = () => ground.sql`
      select state, reason from messages where booking_id = ${person!.bookingId} and channel = 'email'`;
    expect(await state()).toMatchObject([{ state: 'sending', reason: 'configuration' }]);
    await eventually(state, ([email]) => email!.state === 'sent', 30_000);
    await ground.findsNothing();
    await people.whatWasAnsweredHolds();
    expect(await ground.sql`select 1 from failing_steps`).toHaveLength(0);
  });
});
