import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../domain/contract.ts';
import { readOpenBookings } from '../../domain/openBookings/list.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type Carrier, CarrierError } from '../../gateways/carrier.ts';
import { demoCarrier } from '../../gateways/demoInbox.ts';
import { startRelay } from '../../worker/relay.ts';
import { sweep } from '../../worker/sweep.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { buildTestApp, signIn } from '../desk.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { eventually, startTestWorker, type TestWorker } from '../engines/worker.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let worker: TestWorker;
let app: Awaited<ReturnType<typeof buildTestApp>>;
let isCarrierWell = true;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  const inbox = demoCarrier(db.sql, 'sms');
  const sms: Carrier = {
    send: (letter) =>
      isCarrierWell
        ? inbox.send(letter)
        : // Wants to be left alone for ten minutes: by itself it is not tried again while the test runs.
          Promise.reject(new CarrierError('temporary', 'rate_limited', 429, worst++ === 0 ? 100 : 600_000)),
  };
  worker = await startTestWorker(db, { carriers: { sms, email: demoCarrier(db.sql, 'email') } });
  app = await buildTestApp(db);
});
let worst = 0;

afterAll(async () => {
  await app?.close();
  await worker?.stop();
  await db?.drop();
});

const row = async (id: string) => (await readOpenBookings(db.sql, built.practice.id, { id }))[0];

describe('a booking whose step fails for long', () => {
  it('is told on the page, with the error in words, and healed by trying again now', async () => {
    isCarrierWell = false;
    const { bookingId } = await buildSent(db, built, {}, ['sms']);
    const failing = await eventually(
      () => row(bookingId),
      (one) => one?.failing?.attempts === 2,
    );
    expect(failing).toMatchObject({ attention: [], failing: { step: 'deliverMessages', reason: 'rate_limited' } });
    await db.database
      .update(tables.failingSteps)
      .set({ since: new Date(Date.now() - 10 * 60_000) })
      .where(eq(tables.failingSteps.bookingId, bookingId));

    const manager = await signIn(app, built.users.manager);
    const { body } = await manager.get('/bookings?attention=1');
    expect(body).toContain(`id="booking-${bookingId}"`);
    expect(body).toContain('A step fails and is tried again');
    expect(body).toContain('Deliver messages to the patient: ');
    expect(body).toMatch(/data-count="bookings">1</);

    isCarrierWell = true;
    expect((await manager.post(`/bookings/${bookingId}/attempt`)).statusCode).toBe(303);
    const healed = await eventually(
      () => row(bookingId),
      (one) => one !== undefined && one.failing === null && one.messages.length === 0,
    );
    expect(healed?.attention).toEqual([]);
    // Noted after the message is sent.
    await eventually(
      () => db.database.select().from(tables.failingSteps),
      (noted) => noted.length === 0,
    );
    expect((await manager.get('/bookings?attention=1')).body).toContain('Nothing needs attention.');
  });
});

describe('a booking without a workflow', () => {
  it('is started again by trying again now, also where somebody ended its workflow', async () => {
    const { bookingId } = await buildSent(db, built, {}, ['email']);
    const handle = worker.client.workflow.getHandle(workflowIdOf(bookingId));
    await eventually(
      () => row(bookingId),
      (one) => one?.messages.length === 0,
    );
    await handle.terminate('by hand');
    const manager = await signIn(app, built.users.manager);
    await manager.post(`/bookings/${bookingId}/attempt`);
    await eventually(
      () => handle.describe(),
      ({ status }) => status.name === 'RUNNING',
    );
  });

  it('needs attention from the sweep that finds it until the one that finds it running', async () => {
    const { bookingId } = await buildSent(db, built, {}, ['email']);
    const { client, taskQueue, sql } = worker;
    const options = { sql, client, taskQueue, log: app.log as never };
    await eventually(
      () => row(bookingId),
      (one) => one?.messages.length === 0,
    );
    await client.workflow.getHandle(workflowIdOf(bookingId)).terminate('by hand');
    await eventually(
      () => sweep(options),
      (started) => started > 0,
    );
    expect((await row(bookingId))?.attention).toEqual(['workflow_missing']);
    await eventually(
      () => sweep(options).then(() => row(bookingId)),
      (one) => one?.attention.length === 0,
    );
  });
});

describe('a booking whose workflow nobody takes up', () => {
  it('needs attention though its messages were carried, once its link should have left', async () => {
    const lonely = await freshDatabase();
    const log = app.log as never;
    const onHopeless = (error: Error) => expect.fail(error.message);
    const relay = await startRelay({
      sql: lonely.sql,
      client: worker.client,
      taskQueue: 'nobody-polls',
      log,
      onHopeless,
    });
    try {
      const theirs = await buildPractice(lonely);
      const { bookingId } = await buildSent(lonely, theirs);
      const ofBooking = async () => (await readOpenBookings(lonely.sql, theirs.practice.id, { id: bookingId }))[0];
      await eventually(
        () => lonely.sql`select from workflow_messages where sent_at is null`,
        (rows) => rows.length === 0,
      );
      expect((await ofBooking())?.attention).toEqual([]);
      await lonely.database
        .update(tables.messages)
        .set({ createdAt: new Date(Date.now() - 6 * 60_000), id: sql`uuidv7(interval '-6 minutes')` });
      expect(await ofBooking()).toMatchObject({ attention: ['overdue'], failing: null, relayError: null });
      await worker.client.workflow.getHandle(workflowIdOf(bookingId)).terminate('the test is over');
    } finally {
      await relay.stop();
      await lonely.drop();
    }
  });
});

describe('a booking that a manager closed', () => {
  it('lets its workflow come to its end', async () => {
    const { bookingId } = await buildSent(db, built, {}, ['email']);
    const manager = await signIn(app, built.users.manager);
    const closed = await manager.post(`/bookings/${bookingId}/closing`, { reason: 'Moved away' });
    expect(closed.statusCode).toBe(303);
    await eventually(
      () => db.database.select().from(tables.bookings).where(eq(tables.bookings.id, bookingId)),
      ([one]) => one?.settledAt !== null,
    );
    expect(await worker.client.workflow.getHandle(workflowIdOf(bookingId)).result()).toBe('withdrawn');
  });
});
