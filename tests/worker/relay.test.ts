import { afterAll, beforeAll, expect, it } from 'vitest';
import { toBooking, workflowIdOf } from '../../domain/contract.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { buildDeparting } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { eventually, startTestWorker, type TestWorker } from '../engines/worker.ts';

const sticky = 2;

let db: FreshDatabase;
let built: BuiltPractice;
let worker: TestWorker;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  worker = await startTestWorker(db);
});
afterAll(async () => {
  await worker?.stop();
  await db?.drop();
});

/** To whom each of the run's tasks was offered first: to the worker that has it in memory, or to anybody. */
async function offers(bookingId: string): Promise<('its worker' | 'anybody')[]> {
  const { events } = await worker.client.workflow.getHandle(workflowIdOf(bookingId)).fetchHistory();
  return (events ?? []).flatMap(({ workflowTaskScheduledEventAttributes: task }) =>
    task ? [task.taskQueue?.kind === sticky ? 'its worker' : 'anybody'] : [],
  );
}

it.each([
  ['that comes while the relay is there is offered to the worker that has the run in memory', '0 s', 'its worker'],
  ['that waited for a relay is offered to anybody, since that worker may be gone', '1 h', 'anybody'],
] as const)('news %s', async (_, age, to) => {
  const { bookingId } = await buildDeparting(db, built);
  await eventually(
    () => db.sql`select from departure_tasks where booking_id = ${bookingId} and guarded_at is not null`,
    (guarded) => guarded.length === 1,
  );
  await eventually(
    async () => (await worker.client.workflow.getHandle(workflowIdOf(bookingId)).fetchHistory()).events ?? [],
    (events) => events.some(({ timerStartedEventAttributes }) => timerStartedEventAttributes),
  );
  await db.sql`
    insert into workflow_messages (practice_id, booking_id, name, created_at)
    values (${built.practice.id}, ${bookingId}, ${toBooking.sendLink}, clock_timestamp() - ${age}::interval)`;
  await eventually(
    () => offers(bookingId),
    (seen) => seen.length === 2,
  );
  expect(await offers(bookingId)).toEqual(['anybody', to]);
});
