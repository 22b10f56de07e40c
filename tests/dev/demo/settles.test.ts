import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seedDemoPractice } from '../../../dev/demo/seed.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import { sweep } from '../../../worker/sweep.ts';
import { testKeys } from '../../builders.ts';
import { buildTestApp, visitor } from '../../desk.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';
import { eventually, startTestWorker, type TestWorker } from '../../engines/worker.ts';

let db: FreshDatabase;
let worker: TestWorker;

beforeAll(async () => {
  db = await freshDatabase();
  await seedDemoPractice(db.url, { keys: testKeys, publicUrl: 'http://localhost:3000' });
});
afterAll(async () => {
  await worker?.stop();
  await db?.drop();
});

const letters = () => db.sql`select id, state, sent_at, delivered_at from messages order by id`;
const comesToRest = async () =>
  expect(
    await eventually(
      () => findInconsistencies(db.sql, { atRest: true }),
      (found) => found.length === 0,
    ),
  ).toEqual([]);
const runOf = async (bookingId: string) =>
  (await worker.client.workflow.getHandle(`booking-${bookingId}`).describe()).status.name;

it('comes to rest by itself when the first worker starts: each entry of Follow Up has its workflow, and nothing is sent', async () => {
  const before = [await letters(), await db.sql`select id from demo_inbox order by id`];
  worker = await startTestWorker(db);
  const { client, taskQueue, sql } = worker;
  // The relay brings them all: the sweep, which warns of what it finds, finds nothing.
  expect(await sweep({ sql, client, taskQueue, log: pino({ level: 'error' }) })).toBe(0);
  await comesToRest();
  const followUps = await db.sql`
    select f.booking_id, b.state, b.reminder_times, b.link_expires_at from follow_ups f join bookings b on b.id = f.booking_id where f.closed_at is null`;
  expect(followUps).toHaveLength(10);
  for (const { booking_id, state, reminder_times, link_expires_at } of followUps) {
    expect(await runOf(booking_id)).toBe(state === 'link_sent' ? 'RUNNING' : 'COMPLETED');
    // It has asked for each reminder that was due, found it sent, and waits for what is to come.
    if (state === 'link_sent') {
      const next = Math.min(
        ...[...reminder_times, link_expires_at].map((time: Date) => time.getTime()).filter((time) => time > Date.now()),
      );
      const left = (next - Date.now()) / 1_000;
      await eventually(
        () => waitOf(booking_id),
        (seconds) => Math.abs(seconds - left) < 60,
      );
    }
  }
  expect([await letters(), await db.sql`select id from demo_inbox order by id`]).toEqual(before);
});

/** The last time that a run has set itself to wait, in seconds. */
async function waitOf(bookingId: string): Promise<number> {
  const { events } = await worker.client.workflow.getHandle(`booking-${bookingId}`).fetchHistory();
  const timers = events!.flatMap((event) => event.timerStartedEventAttributes ?? []);
  return Number(timers.at(-1)?.startToFireTimeout?.seconds ?? 0);
}

it('has links that open from the demo inbox, and lead to an appointment', async () => {
  const app = await buildTestApp(db);
  try {
    const patient = visitor(app);
    const inbox = (await patient.get('/inbox')).body;
    const links = [...new Set(inbox.match(/\/b\/[\w-]{22}/g))];
    const open: string[] = [];
    for (const link of links) {
      const { statusCode, body } = await patient.get(link);
      expect([link, [200, 410].includes(statusCode)]).toEqual([link, true]);
      if (body.includes('name="startsAt"')) open.push(link);
    }
    expect(open).toHaveLength(6);
    for (const link of open) {
      const [, startsAt] = /name="startsAt" value="(\d+)"/.exec((await patient.get(link)).body)!;
      expect((await patient.post(`${link}/hold`, { startsAt: startsAt! })).statusCode).toBe(303);
      await patient.get(`${link}/confirmation`);
      expect((await patient.post(`${link}/confirmation`)).statusCode).toBeLessThan(400);
    }
    await comesToRest();
    const booked = await db.sql`
      select b.id from bookings b where b.state = 'booked_online' and b.confirmed_at > now() - interval '5 minutes'`;
    expect(booked).toHaveLength(6);
    for (const { id } of booked)
      await eventually(
        () => runOf(id),
        (state) => state === 'COMPLETED',
      );
  } finally {
    await app.close();
  }
});
