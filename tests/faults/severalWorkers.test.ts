import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ground, openGround } from './ground.ts';
import { type People, peopleAt } from './people.ts';

let ground: Ground;
let people: People;

beforeAll(async () => {
  ground = await openGround();
  const [api] = await Promise.all([
    ground.startApi(),
    ground.startWorker(),
    ground.startWorker(),
    ground.startWorker(),
  ]);
  people = peopleAt(ground, api.url);
  await people.signIn();
});
afterAll(() => ground?.end());

it('11: three workers, each with a relay, share the work, and nothing is done twice', async () => {
  const crowd = await people.arrive(40);
  await people.atRate(10, crowd, async (person) => {
    await people.depart(person);
    await people.send(person);
    await people.choose(person);
    await people.confirm(person);
  });
  await ground.findsNothing();
  await people.whatWasAnsweredHolds();
  expect(people.failures()).toEqual([]);
  expect(await ground.sql`select from workers`).toHaveLength(3);
});
