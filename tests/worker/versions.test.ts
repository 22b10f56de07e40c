import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import { sayUnlessCurrent } from '../../worker/version.ts';
import { type BuiltPractice, buildPractice, inDays } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { eventually, startTestWorker, type TestWorker } from '../engines/worker.ts';

const taskQueue = `versions-${process.pid}-${Date.now()}`;
const deploymentName = taskQueue;
const autoUpgrade = 2;
const workers: TestWorker[] = [];
let db: FreshDatabase;
let built: BuiltPractice;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
});

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await db?.drop();
});

async function start(buildId: string): Promise<TestWorker> {
  const worker = await startTestWorker(db, {}, { taskQueue, version: { deploymentName, buildId } });
  workers.push(worker);
  return worker;
}

/** Refused until the engine has seen that version's workers. */
const makeCurrent = ({ client }: TestWorker, buildId: string) =>
  eventually(
    () =>
      client.workflowService
        .setWorkerDeploymentCurrentVersion({ namespace: 'default', deploymentName, buildId })
        .then(() => 'done')
        .catch((error: Error) => error.message),
    (answer) => answer === 'done',
  );

const linkLeft = (bookingId: string) =>
  eventually(
    () => db.sql`select from messages where booking_id = ${bookingId} and sent_at is not null`,
    (rows) => rows.length === 2,
  );

async function versionOf({ client }: TestWorker, bookingId: string) {
  const { raw } = await client.workflow.getHandle(workflowIdOf(bookingId)).describe();
  const { behavior, deploymentVersion } = raw.workflowExecutionInfo!.versioningInfo!;
  return { behavior, buildId: deploymentVersion?.buildId };
}

it('a booking goes on with the version that is made the current one, and the one before may end', async () => {
  const first = await start('one');
  await makeCurrent(first, 'one');
  const { bookingId } = await buildSent(db, built);
  await linkLeft(bookingId);
  expect(await versionOf(first, bookingId)).toEqual({ behavior: autoUpgrade, buildId: 'one' });

  const second = await start('two');
  const meanwhile = await buildSent(db, built);
  await linkLeft(meanwhile.bookingId);
  expect(await versionOf(second, meanwhile.bookingId)).toMatchObject({ buildId: 'one' });

  await makeCurrent(second, 'two');
  await workers.shift()!.stop();
  const startsAt = inDays(built, 3, 600);
  await db.database.transaction((tx) => hold(tx, bookingId, startsAt));
  await db.database.transaction((tx) => confirm(tx, bookingId));
  expect(await second.client.workflow.getHandle(workflowIdOf(bookingId)).result()).toBe('booked_online');
  expect(await versionOf(second, bookingId)).toEqual({ behavior: autoUpgrade, buildId: 'two' });
});

it('a worker whose version gets no work says so', async () => {
  const said: { level: number; msg: string; current: string }[] = [];
  const log = pino({}, { write: (line: string) => void said.push(JSON.parse(line)) });
  const { client } = workers[0]!;
  await sayUnlessCurrent(client, { deploymentName, buildId: 'two' }, log);
  expect(said).toEqual([]);
  await sayUnlessCurrent(client, { deploymentName, buildId: 'one' }, log);
  expect(said).toMatchObject([{ level: 30, current: 'two' }]);
  await client.workflowService.setWorkerDeploymentCurrentVersion({ namespace: 'default', deploymentName, buildId: '' });
  await sayUnlessCurrent(client, { deploymentName, buildId: 'one' }, log);
  expect(said.at(-1)).toMatchObject({ level: 40, current: 'none' });
});
