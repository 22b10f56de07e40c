import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEngineState, readMeasures } from '../../../domain/engine/state.ts';
import {
  enterWorker,
  isNoWorkerThere,
  workerIsThere,
  workerLeaves,
  workerSwept,
} from '../../../domain/engine/workers.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice } from '../../builders.ts';
import { buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
const state = () => readEngineState(db.sql, built.practice.id);

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
});
afterAll(() => db?.drop());

describe('the state of the engine', () => {
  it('is told before anything has happened', async () => {
    expect(await state()).toMatchObject({
      relay: { waiting: 0, parked: 0, lagSeconds: 0 },
      sweep: null,
      workers: [],
      database: { version: expect.stringMatching(/^18/) },
      carriers: [
        { channel: 'sms', lastSentAt: null },
        { channel: 'email', lastSentAt: null },
      ],
    });
  });

  it('knows the workers that are there, and the last sweep also after its worker has left', async () => {
    expect(await isNoWorkerThere(db.sql)).toBe(true);
    const id = await enterWorker(db.sql, { host: 'one', pid: 1, build: 'b1' });
    await enterWorker(db.sql, { host: 'two', pid: 2, build: 'b1' });
    await workerIsThere(db.sql, id);
    await workerSwept(db.sql, id, 3);
    expect((await state()).workers.map(({ host }) => host)).toEqual(['one', 'two']);
    await workerLeaves(db.sql, id);
    expect(await state()).toMatchObject({ workers: [{ host: 'two' }], sweep: { started: 3 } });
    expect(await isNoWorkerThere(db.sql)).toBe(false);
    await db.database
      .update(tables.workers)
      .set({ seenAt: new Date(Date.now() - 120_000) })
      .where(eq(tables.workers.host, 'two'));
    expect((await state()).workers).toEqual([]);
    expect(await isNoWorkerThere(db.sql)).toBe(true);
  });

  it('lets a worker go whose sweep comes to its end while it leaves', async () => {
    for (let round = 0; round < 50; round++) {
      const id = await enterWorker(db.sql, { host: 'one', pid: 1, build: 'b1' });
      await Promise.all([workerLeaves(db.sql, id), workerSwept(db.sql, id, 1)]);
      expect((await state()).workers).toEqual([]);
    }
  });

  it('measures the relay, the stages, and when each carrier last took a message', async () => {
    const { bookingId } = await buildSent(db, built);
    const createdAt = new Date(Date.now() - 90_000);
    await db.database.update(tables.workflowMessages).set({ createdAt });
    await db.database
      .update(tables.messages)
      .set({ state: 'sent', sentAt: createdAt })
      .where(eq(tables.messages.channel, 'sms'));
    const now = await state();
    expect(now.relay.waiting).toBe(2);
    expect(now.relay.lagSeconds).toBeGreaterThanOrEqual(90);
    expect(now.carriers).toEqual([
      { channel: 'sms', lastSentAt: createdAt },
      { channel: 'email', lastSentAt: null },
    ]);
    await db.database
      .update(tables.workflowMessages)
      .set({ parkedAt: new Date() })
      .where(eq(tables.workflowMessages.bookingId, bookingId));
    expect(await readMeasures(db.sql)).toMatchObject({
      relay: { waiting: 0, parked: 2 },
      bookings: [{ state: 'link_sent', count: 1 }],
      holds: 0,
    });
  });
});
