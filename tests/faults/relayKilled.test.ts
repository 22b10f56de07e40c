import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../engines/worker.ts';
import { type Ground, openGround } from './ground.ts';
import { type People, type Person, peopleAt } from './people.ts';

let ground: Ground;
let people: People;
const killAt = ['accepted departed', 'accepted sendLink', 'accepted bookingConfirmed'];

beforeAll(async () => {
  ground = await openGround();
  const [api] = await Promise.all([ground.startApi(), ground.keep('worker', { killAt })]);
  people = peopleAt(ground, api.url);
  await people.signIn();
});
afterAll(() => ground?.end());

it('3: a relay killed between the engine’s acceptance and its mark carries the message again, and nothing happens twice', async () => {
  const [first, second, third] = (await people.arrive(3)) as [Person, Person, Person];
  await people.depart(first);
  await hasDiedAt(1);
  for (const person of [second, third]) {
    await people.depart(person);
    await isCarried(person);
  }
  await people.send(second);
  await hasDiedAt(2);
  await people.send(third);
  await isCarried(third);
  await people.choose(third);
  await people.confirm(third);
  await hasDiedAt(3);
  await ground.findsNothing();
  await people.whatWasAnsweredHolds();
  const twice = await ground.sql`
    select booking_id, name from workflow_messages where attempts > 1 order by id`;
  expect(twice.map(({ booking_id, name }) => `${booking_id} ${name}`)).toEqual([
    `${first.bookingId} departed`,
    `${second.bookingId} sendLink`,
    `${third.bookingId} bookingConfirmed`,
  ]);
});

const hasDiedAt = (count: number) =>
  eventually(
    async () => ground.killedAt(),
    (points) => points.join() === killAt.slice(0, count).join(),
  );

const isCarried = ({ bookingId }: Person) =>
  eventually(
    () => ground.sql`select from workflow_messages where booking_id = ${bookingId} and sent_at is null`,
    (waiting) => waiting.length === 0,
    30_000,
  );
