import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ground, openGround } from './ground.ts';
import { type People, peopleAt } from './people.ts';
import type { Process } from './product.ts';

let ground: Ground;
let people: People;
let processes: Process[];
const seconds = 60;

beforeAll(async () => {
  ground = await openGround();
  processes = await Promise.all([ground.startApi(), ground.startWorker()]);
  people = peopleAt(ground, processes[0]!.url);
  await people.signIn();
});
afterAll(() => ground?.end());

it(`7: with every connection to PostgreSQL cut each 200 ms for ${seconds} s, what was answered holds and the rest follows`, async () => {
  let cuts = 0;
  const cutting = setInterval(async () => {
    const cut = await ground.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name in ('nextvisit api', 'nextvisit worker', 'nextvisit relay')`;
    cuts += cut.length;
  }, 200);
  setTimeout(() => clearInterval(cutting), seconds * 1_000);
  await people.atRate(2, await people.arrive(seconds * 2), async (person) => {
    await people.depart(person);
    await people.send(person);
    await people.choose(person);
    await people.confirm(person);
  });
  expect(cuts).toBeGreaterThan(seconds);
  await ground.findsNothing(90_000);
  await people.whatWasAnsweredHolds();
  for (const process of processes) expect(process.alive(), process.log()).toBe(true);
});
