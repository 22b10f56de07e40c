import { eq, sql as query } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeMarkedDays } from '../../../domain/book/busyDays.ts';
import { gapsIn } from '../../../domain/book/gaps.ts';
import {
  at,
  bookEntries,
  built,
  db,
  does,
  orRefused,
  patientId,
  place,
  plainly,
  time,
  timesOf,
  useAnyBook,
  type Write,
  wishes,
  wishOf,
  writes,
} from './anyBook.ts';

useAnyBook();

it('a search by days finds what a look at every entry finds, whatever was written, one by one or many in a transaction', async () => {
  await fc.assert(
    fc
      .asyncProperty(
        fc.array(fc.array(writes, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
        fc.array(wishes, { minLength: 4, maxLength: 8 }),
        async (transactions, searches) => {
          for (const one of transactions) {
            await orRefused(
              db.database.transaction(async (tx) => {
                for (const write of one) await orRefused(tx.transaction((savepoint) => does(savepoint, write)));
              }),
            );
          }
          for (const search of searches)
            expect(await gapsIn(db.sql, wishOf(search))).toEqual(await plainly(wishOf(search)));
        },
      )
      .afterEach(() => db.database.delete(bookEntries).then(() => {})),
    { numRuns: 40 },
  );
});

it('writers of the same days, in whatever order, never wait in a ring, and each search finds what they wrote', async () => {
  const searches = fc.sample(wishes, { numRuns: 10, seed: 5 });
  const writer = async (seed: number) => {
    const own: string[] = [];
    const shuffled = fc.sample(fc.record({ time, place, old: fc.nat() }), { numRuns: 12, seed });
    for (let from = 0; from < shuffled.length; from += 4) {
      await db.database.transaction(async (tx) => {
        // What it has written it keeps from the others for a while. Over one another on purpose: nothing else makes them wait.
        for (const { time: when, place: where, old } of shuffled.slice(from, from + 4)) {
          const entry = {
            ...at(where),
            ...timesOf(when),
            practiceId: built.practice.id,
            patientId,
            overlapAllowed: true,
          };
          const id = own[old % (own.length + 3)];
          if (id) await tx.update(bookEntries).set(entry).where(eq(bookEntries.id, id));
          else {
            const [made] = await tx
              .insert(bookEntries)
              .values({ ...entry, kind: 'appointment', status: 'booked' })
              .returning();
            own.push(made!.id);
          }
          await tx.execute(query`select pg_sleep(0.003)`);
        }
      });
    }
  };
  for (let round = 0; round < 4; round++) {
    await Promise.all(Array.from({ length: 10 }, (_, i) => writer(round * 10 + i)));
    for (const search of searches) expect(await gapsIn(db.sql, wishOf(search))).toEqual(await plainly(wishOf(search)));
  }
});

it('two who write one day at once do not wait for each other; the second one leaves a mark, and the sweep takes it away', async () => {
  const appointment = (chair: number, start: number): Write => ({
    write: 'appointment',
    time: { start, quarters: 2 },
    place: { location: 0, provider: chair, chair },
    overlap: false,
  });
  const wish = wishOf({ location: 0, provider: 1, chairs: [0, 1], minutes: 15, from: 0, length: 1, booking: null });
  const marks = () => db.sql`select place_id from busy_days where mark > 0`;
  await db.database.transaction(async (tx) => {
    await does(tx, appointment(0, 40));
    await does(db.database, appointment(1, 44));
    expect(await marks()).toHaveLength(1);
    expect(await gapsIn(db.sql, wish)).toEqual(await plainly(wish));
  });
  expect(await marks()).toHaveLength(1);
  expect(await gapsIn(db.sql, wish)).toEqual(await plainly(wish));
  await writeMarkedDays(db.sql);
  expect(await marks()).toHaveLength(0);
  expect(await gapsIn(db.sql, wish)).toEqual(await plainly(wish));
});

it('many days written at once are written out', async () => {
  const { id: practiceId } = built.practice;
  await db.sql`
    insert into book_entries (practice_id, location_id, kind, status, provider_id, chair_id, starts_at, ends_at, patient_id)
    select ${practiceId}, ${built.location.id}, 'appointment', 'booked', ${built.providers[0]!.id}, ${built.chairs[0]!.id},
      day, day + interval '1 hour', ${patientId} from generate_series(now()::date + 1, now()::date + 300, '1 day') as day`;
  const [counted] =
    await db.sql`select count(*)::int as days, max(mark)::int as mark from busy_days where busy is not null`;
  expect(counted).toEqual({ days: 600, mark: 0 });
});

it('a hold changes its own words in the two days: made, prolonged, confirmed; what means the same is worded so when the day is written anew', async () => {
  const where = { location: 0, provider: 0, chair: 0 };
  const write = (one: Write) => does(db.database, one);
  const words = async () => {
    const rows = await db.sql<{ busy: string }[]>`select busy from busy_days where mark = 0 and busy is not null`;
    return rows.map(({ busy }) =>
      busy
        .split(' ')
        .slice(1)
        .map((word) => word[36])
        .join(''),
    );
  };
  await write({ write: 'appointment', time: { start: 40, quarters: 2 }, place: where, overlap: false });
  expect(await words()).toEqual(['=', '=']);
  await write({ write: 'hold', time: { start: 42, quarters: 2 }, place: where, booking: 0, ranOut: false });
  expect(await words()).toEqual(['=?', '=?']);
  await write({ write: 'hold on', entry: 1, ranOut: true });
  expect(await words()).toEqual(['=?', '=?']);
  await write({ write: 'confirm', entry: 1 });
  expect(await words()).toEqual(['==', '==']);
  expect(await misworded()).toEqual([]);
  await write({ write: 'appointment', time: { start: 44, quarters: 2 }, place: where, overlap: false });
  expect(await words()).toEqual(['=', '=']);
  expect(await misworded()).toEqual([]);
});

const misworded = () =>
  db.sql`select busy from busy_days where mark = 0 and busy_meaning(busy) is distinct from busy_meaning(busy_day(place_id, day))`;
