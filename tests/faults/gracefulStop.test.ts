import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../engines/worker.ts';
import { type Ground, openGround } from './ground.ts';
import { type People, type Person, peopleAt } from './people.ts';
import type { Process } from './product.ts';

let ground: Ground;
let people: People;
let worker: Process;
let person: Person;

/** A patient about to confirm. */
beforeEach(async () => {
  ground = await openGround();
  const [api, first] = await Promise.all([ground.startApi(), ground.startWorker()]);
  worker = first;
  people = peopleAt(ground, api.url);
  await people.signIn();
  [person] = (await people.arrive(1)) as [Person];
  await people.depart(person);
  await people.send(person);
  await people.choose(person);
  await eventually(
    () => ground.sql`select from messages where state = 'sent'`,
    (sent) => sent.length === 2,
  );
});
afterEach(() => ground?.end());

it('16: a worker that is stopped in mid-activity finishes it', async () => {
  await whileNothingCanBeCounted(800, async () => void worker.stop());
  await worker.ended;
  expect(await counted()).toHaveLength(1);
  expect(worker.exitCode(), worker.log()).toBe(0);
  await anotherCompletes();
});

it('16: one whose activity does not end goes all the same, and another does it', async () => {
  const began = Date.now();
  await whileNothingCanBeCounted(0, () => worker.stop());
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(await counted()).toHaveLength(0);
  expect(worker.exitCode(), worker.log()).toBe(0);
  await anotherCompletes();
});

it('16: one that is stopped while a carrier has not answered leaves no second message', async () => {
  ground.twilio.failNext('hang after');
  await people.confirm(person);
  await eventually(
    async () => ground.twilio.messages,
    ({ length }) => length === 2,
  );
  await worker.stop();
  expect(worker.exitCode(), worker.log()).toBe(0);
  await anotherCompletes();
});

const counted = () => ground.sql`select from usage_events`;

/** The patient confirms, and the step that counts it waits for a lock while something happens and some milliseconds more. */
const whileNothingCanBeCounted = (forMs: number, act: () => Promise<unknown>) =>
  ground.sql.begin(async (tx) => {
    await tx`lock table usage_events in exclusive mode`;
    await people.confirm(person);
    await eventually(
      () => ground.sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      (waiting) => waiting.length > 0,
    );
    await act();
    await new Promise((resolve) => setTimeout(resolve, forMs));
  });

async function anotherCompletes(): Promise<void> {
  await ground.startWorker();
  await ground.findsNothing(90_000);
  await people.whatWasAnsweredHolds();
}
