import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workflowIdOf } from '../../domain/contract.ts';
import { eventually } from '../engines/worker.ts';
import { type Ground, openGround } from './ground.ts';
import { type People, peopleAt } from './people.ts';
import type { Process } from './product.ts';

let ground: Ground;
let people: People;
let worker: Process;

beforeAll(async () => {
  ground = await openGround({ temporal: true });
  const [api, started] = await Promise.all([ground.startApi(), ground.startWorker({ env: { SWEEP_SECONDS: '3' } })]);
  worker = started;
  people = peopleAt(ground, api.url);
  await people.signIn();
});
afterAll(() => ground?.end());

it('5: after Temporal’s store was lost the sweep rebuilds every open booking, and each goes on where it was', async () => {
  const [leaving, sent, confirming] = [await people.arrive(4), await people.arrive(4), await people.arrive(4)];
  for (const person of [...leaving, ...sent, ...confirming]) await people.depart(person);
  for (const person of [...sent, ...confirming]) await people.send(person);
  for (const person of confirming) await people.choose(person);
  await isCarried();

  await ground.killTemporal({ forget: true });
  for (const person of confirming.slice(0, 2)) await people.confirm(person);
  await ground.startTemporal();
  const open = await ground.sql<{ id: string }[]>`select id from bookings where settled_at is null`;
  expect(open.length).toBeGreaterThanOrEqual(10);
  const client = new Client({ connection: await Connection.connect({ address: ground.temporalAddress }) });
  for (const { id } of open)
    await eventually(
      () =>
        client.workflow
          .getHandle(workflowIdOf(id))
          .describe()
          .then(
            ({ type }) => type,
            () => 'none',
          ),
      (type) => type === 'booking',
      30_000,
    );
  await client.connection.close();

  for (const person of leaving) await people.send(person);
  for (const person of confirming.slice(2)) await people.confirm(person);
  for (const person of sent.slice(2)) {
    await people.choose(person);
    await people.confirm(person);
  }
  await ground.findsNothing();
  await people.whatWasAnsweredHolds();
  expect(worker.alive()).toBe(true);
});

const isCarried = () =>
  eventually(
    () => ground.sql`select from workflow_messages where sent_at is null`,
    (waiting) => waiting.length === 0,
  );
