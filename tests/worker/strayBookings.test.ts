import { afterAll, beforeAll, expect, it } from 'vitest';
import { workflowIdOf } from '../../domain/contract.ts';
import { findStrayBookings } from '../../worker/strayBookings.ts';
import { buildPractice } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { atRest, eventually, startTestWorker, type TestWorker } from '../engines/worker.ts';

let db: FreshDatabase;
let worker: TestWorker;

beforeAll(async () => {
  db = await freshDatabase();
  worker = await startTestWorker(db);
});
afterAll(async () => {
  await worker?.stop();
  await db?.drop();
});

it('a booking without its workflow is told, and a workflow that outlived its booking; those under way are not', async () => {
  const built = await buildPractice(db);
  const [, lost, outlived] = [await buildSent(db, built), await buildSent(db, built), await buildSent(db, built)];
  await atRest(db);
  expect(await findStrayBookings(db.sql, worker.client)).toEqual([]);

  await worker.client.workflow.getHandle(workflowIdOf(lost.bookingId)).terminate();
  await db.sql`update bookings set settled_at = now() where id = ${outlived.bookingId}`;
  const found = await eventually(
    () => findStrayBookings(db.sql, worker.client, 500),
    ({ length }) => length === 2,
  );
  expect(found).toEqual([
    { rule: 'a booking that is not settled has a running workflow', ids: [lost.bookingId] },
    { rule: 'a booking that is settled has none', ids: [outlived.bookingId] },
  ]);
});
