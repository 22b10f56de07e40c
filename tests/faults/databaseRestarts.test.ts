import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../engines/worker.ts';
import { type Ground, openGround } from './ground.ts';
import { type People, type Person, peopleAt } from './people.ts';
import type { Process } from './product.ts';

let ground: Ground;
let people: People;
let processes: Process[];

beforeAll(async () => {
  ground = await openGround({ postgres: true });
  processes = await Promise.all([ground.startApi(), ground.startWorker()]);
  people = peopleAt(ground, processes[0]!.url);
  await people.signIn();
});
afterAll(() => ground?.end());

it('6: PostgreSQL ended at once in mid-transaction and started again has kept what was answered, and nothing by halves', async () => {
  const [confirming] = (await people.arrive(1)) as [Person];
  for (const act of [people.depart, people.send, people.choose]) await act(confirming);
  const load = people.atRate(5, await people.arrive(40), async (person) => {
    for (const act of [people.depart, people.send, people.choose, people.confirm]) await untilSeen(() => act(person));
  });
  await pause(2_000);
  // Their yes is in the middle of its transaction.
  let yes: Promise<void> | undefined;
  const locking = ground.sql.begin(async (tx) => {
    await tx`select from bookings where id = ${confirming.bookingId} for update`;
    yes = untilSeen(() => people.confirm(confirming));
    await eventually(
      () => ground.sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      (waiting) => waiting.length > 0,
    );
    await ground.killPostgres();
  });
  await expect(locking).rejects.toThrow();
  await pause(1_000);
  await ground.startPostgres();
  await load;
  await yes;
  await ground.findsNothing(90_000);
  await people.whatWasAnsweredHolds();
  for (const process of processes) expect(process.alive(), process.log()).toBe(true);
});

/** The test looks into the same database: what it can't see now it looks for again. */
async function untilSeen(act: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!/^(CONNECTION_|ECONN|57P0)/.test(String((error as { code?: string }).code))) throw error;
      await pause(200);
    }
  }
}
