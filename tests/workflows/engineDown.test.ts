import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endProcess } from '../../dev/processes.ts';
import { type RunningTemporal, startTemporal } from '../../dev/temporal.ts';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { sendLink } from '../../domain/bookings/sendLink.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import { postpone } from '../../domain/departures/postpone.ts';
import type { Tx } from '../../drizzle/database.ts';
import type { Carrier, Letter } from '../../gateways/carrier.ts';
import { sweep } from '../../worker/sweep.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../builders.ts';
import { buildDeparting, buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { eventually, startTestWorker, type TestWorker } from '../engines/worker.ts';

const longMs = 60_000;
let folder: string;
let temporal: RunningTemporal;
let db: FreshDatabase;
let built: BuiltPractice;
let worker: TestWorker;
const letters: string[] = [];
let slot = 0;

const carrier: Carrier = {
  async send({ id }: Letter) {
    letters.push(id);
    return { carrierId: `tried-${id}` };
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nextvisit-engine-down-'));
  db = await freshDatabase();
  built = await buildPractice(db);
  await start();
  worker = await startTestWorker(db, { carriers: { sms: carrier, email: carrier } }, { address: temporal.address });
});

afterEach(async () => {
  expect(new Set(letters).size).toBe(letters.length);
});

afterAll(async () => {
  await worker?.stop();
  await temporal?.stop();
  await db?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const before = temporal?.address;
  temporal = await startTemporal({ folder, say: () => {}, ui: false });
  if (before) expect(temporal.address).toBe(before);
}

/** As a power cut would. */
async function kill(): Promise<void> {
  await endProcess(temporal.pid, [['SIGKILL', 5_000]]);
  await temporal.ended;
}

const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
const time = () => inDays(built, 4 + Math.floor(++slot / 20), (slot % 20) * 60);
const choose = (bookingId: string) => inTx((tx) => hold(tx, bookingId, time()));
const sayYes = (bookingId: string) => inTx((tx) => confirm(tx, bookingId));
const send = (taskId: string) => inTx((tx) => sendLink(tx, testKeys, built.staff, taskId, ['sms', 'email']));
const sweepNow = () =>
  sweep({ sql: worker.sql, client: worker.client, taskQueue: worker.taskQueue, log: pino({ level: 'silent' }) });

const stateOf = async (id: string) => (await db.sql`select state, settled_at from bookings where id = ${id}`)[0]!;
const settledAs = (id: string, state: string) =>
  eventually(
    () => stateOf(id),
    (row) => row.settled_at !== null && row.state === state,
    longMs,
  );
const guarded = (id: string) =>
  eventually(
    () => db.sql`select 1 from departure_tasks where booking_id = ${id} and guarded_at is not null`,
    (rows) => rows.length === 1,
    longMs,
  );
const delivered = (id: string, count = 2) =>
  eventually(
    () => db.sql`select 1 from messages where booking_id = ${id} and state = 'sent'`,
    (rows) => rows.length >= count,
    longMs,
  );
const atRest = () =>
  eventually(
    () => findInconsistencies(db.sql, { atRest: true }),
    (found) => found.length === 0,
    longMs,
  );

describe('while the engine is down', () => {
  it('departures, sends, confirmations and desk bookings are answered, and all complete once afterwards', async () => {
    const waiting = await buildDeparting(db, built);
    const toSend = await buildDeparting(db, built);
    const toPostpone = await buildDeparting(db, built);
    const toBook = await buildSent(db, built);
    const toConfirm = await buildSent(db, built);
    await choose(toConfirm.bookingId);
    for (const { bookingId } of [waiting, toSend, toPostpone]) await guarded(bookingId);
    for (const { bookingId } of [toBook, toConfirm]) await delivered(bookingId);

    await kill();
    const left = await Promise.all([1, 2, 3].map(() => buildDeparting(db, built)));
    await send(toSend.taskId);
    await inTx((tx) => postpone(tx, built.staff, toPostpone.taskId, { reason: 'Calls back', dueOn: null }));
    expect(await sayYes(toConfirm.bookingId)).toMatchObject({ taken: false });
    expect(await sayYes(toConfirm.bookingId)).toMatchObject({ taken: false });
    const place = {
      providerId: built.providers[0]!.id,
      chairIds: [built.chairs[0]!.id],
      startsAt: time(),
    };
    expect(await inTx((tx) => bookAtDesk(tx, built.staff, toBook.bookingId, place))).toMatchObject({ taken: false });
    // A whole effort within the outage: left, sent, chosen and confirmed.
    const whole = left[0]!;
    await send(whole.taskId);
    await choose(whole.bookingId);
    expect(await sayYes(whole.bookingId)).toMatchObject({ taken: false });
    const waitingFor = await db.sql`select count(*)::int as count from workflow_messages where sent_at is null`;
    expect(waitingFor[0]!.count).toBe(3 + 1 + 1 + 1 + 1 + 2);
    expect((await stateOf(whole.bookingId)).state).toBe('confirmed');

    await start();
    for (const { bookingId } of [toConfirm, whole]) await settledAs(bookingId, 'booked_online');
    await settledAs(toPostpone.bookingId, 'postponed');
    await settledAs(toBook.bookingId, 'booked_at_desk');
    await delivered(toSend.bookingId);
    for (const { bookingId } of [waiting, ...left.slice(1)]) await guarded(bookingId);
    await atRest();
    // Two letters of each link that left, two confirmations of each booking; the link of what was chosen before it could leave did not.
    for (const [{ bookingId }, count] of [
      [toConfirm, 4],
      [toSend, 2],
      [toBook, 2],
      [whole, 2],
    ] as const) {
      const rows = await db.sql`select id::text from messages where booking_id = ${bookingId} and state = 'sent'`;
      expect(rows).toHaveLength(count);
      for (const { id } of rows) expect(letters.filter((one) => one === id)).toHaveLength(1);
    }
    for (const { bookingId } of [toConfirm, whole]) {
      expect(
        await db.sql`select 1 from book_entries where booking_id = ${bookingId} and kind = 'appointment'`,
      ).toHaveLength(1);
    }
    expect(await runsOf(toConfirm.bookingId)).toBe(1);
    expect(await runsOf(whole.bookingId)).toBe(1);
  });
});

describe('the sweep', () => {
  it('starts a workflow again that somebody terminated, which goes on from where its booking stands', async () => {
    const { bookingId } = await buildSent(db, built);
    await delivered(bookingId);
    await worker.client.workflow.getHandle(workflowIdOf(bookingId)).terminate('by mistake');
    await eventually(sweepNow, (started) => started === 1, longMs);
    expect(await sweepNow()).toBe(0);
    await choose(bookingId);
    await sayYes(bookingId);
    await settledAs(bookingId, 'booked_online');
    await atRest();
  });

  it('rebuilds every open booking after the engine’s state was lost', async () => {
    const departing = await buildDeparting(db, built);
    const sent = await buildSent(db, built);
    const confirmed = await buildSent(db, built);
    await guarded(departing.bookingId);
    for (const { bookingId } of [sent, confirmed]) await delivered(bookingId);
    await atRest();

    await kill();
    // The patient's yes has reached the row, and its message was carried to an engine that has forgotten it.
    await choose(confirmed.bookingId);
    await sayYes(confirmed.bookingId);
    await db.sql`update workflow_messages set sent_at = now() where sent_at is null`;
    for (const file of await readdir(folder)) if (file.startsWith('state.sqlite')) await rm(join(folder, file));
    await start();

    const open = await db.sql`select id from bookings where settled_at is null`;
    expect(open.length).toBeGreaterThanOrEqual(3);
    await eventually(sweepNow, (started) => started === 0, longMs);
    for (const { id } of open) {
      const { type } = await worker.client.workflow.getHandle(workflowIdOf(id)).describe();
      expect(type).toBe('booking');
    }
    await settledAs(confirmed.bookingId, 'booked_online');
    await choose(sent.bookingId);
    await sayYes(sent.bookingId);
    await settledAs(sent.bookingId, 'booked_online');
    await send(departing.taskId);
    await delivered(departing.bookingId);
    await atRest();
  });
});

async function runsOf(bookingId: string): Promise<number> {
  let count = 0;
  for await (const _ of worker.client.workflow.list({ query: `WorkflowId = '${workflowIdOf(bookingId)}'` })) count++;
  return count;
}
