import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfiguration } from '../../configuration.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import { eventually } from '../engines/worker.ts';
import { type Ground, openGround } from './ground.ts';
import { type People, type Person, peopleAt } from './people.ts';

let ground: Ground;
let people: People;
let client: Client;
/** How often workers sweep here, in place of every five minutes. */
const sweepSeconds = 3;

beforeAll(async () => {
  ground = await openGround();
  const env = { SWEEP_SECONDS: String(sweepSeconds) };
  const [api] = await Promise.all([ground.startApi(), ground.startWorker({ env })]);
  people = peopleAt(ground, api.url);
  await people.signIn();
  client = new Client({ connection: await Connection.connect({ address: ground.temporalAddress }) });
});
afterAll(async () => {
  await client?.connection.close();
  await ground?.end();
});

/** What the buttons of the Temporal UI ask of the server. */
const byHand = {
  terminated: ({ bookingId }: Person) => client.workflow.getHandle(workflowIdOf(bookingId)).terminate('by hand'),
  cancelled: ({ bookingId }: Person) => client.workflow.getHandle(workflowIdOf(bookingId)).cancel(),
  reset: async ({ bookingId }: Person) => {
    const workflowId = workflowIdOf(bookingId);
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    const first = events!.find(({ workflowTaskCompletedEventAttributes: attributes }) => attributes);
    await client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId },
      reason: 'by hand',
      workflowTaskFinishEventId: first!.eventId,
      requestId: randomUUID(),
    });
  },
};

it('17: workers sweep every five minutes', () => {
  const least = {
    DATABASE_URL: 'postgres://127.0.0.1/book',
    SESSION_SECRETS: 'x'.repeat(32),
    LINK_SECRETS: `a:${'x'.repeat(32)}`,
  };
  expect(readConfiguration(least).sweepSeconds).toBeLessThanOrEqual(300);
});

it.each(['terminated', 'cancelled', 'reset'] as const)(
  '17: after a workflow was %s by hand Follow Up tells the truth at the next sweep',
  async (how) => {
    const [leaving, expiring, booking] = (await people.arrive(3)) as [Person, Person, Person];
    for (const person of [leaving, expiring, booking]) await people.depart(person);
    for (const person of [expiring, booking]) await people.send(person);
    await eventually(
      () =>
        ground.sql`select from messages where booking_id in (${expiring.bookingId}, ${booking.bookingId}) and state = 'sent'`,
      (sent) => sent.length === 4,
    );
    const deadlineInMs = 3_000;
    await people.hasten(leaving, { column: 'departure_ends_at', inMs: deadlineInMs });
    await people.hasten(expiring, { column: 'link_expires_at', inMs: deadlineInMs });
    await eventually(
      () => ground.sql`select from workflow_messages where sent_at is null`,
      (waiting) => waiting.length === 0,
    );
    for (const person of [leaving, expiring, booking]) await byHand[how](person);
    await people.choose(booking);
    await people.confirm(booking);

    const soonMs = deadlineInMs + 2 * sweepSeconds * 1_000 + 10_000;
    await followUpSays(leaving, 'unbooked', soonMs);
    await followUpSays(expiring, 'olb_link_expired', soonMs);
    await followUpSays(booking, null, soonMs);
    await ground.findsNothing();
    await people.whatWasAnsweredHolds();
    expect((await people.bookingOf(booking))?.state).toBe('booked_online');
  },
);

const followUpSays = ({ bookingId }: Person, category: string | null, limitMs: number) =>
  eventually(
    () => ground.sql`select category from follow_ups where booking_id = ${bookingId} and closed_at is null`,
    (rows) => (category ? rows.length === 1 && rows[0]!.category === category : rows.length === 0),
    limitMs,
  );
