import { afterAll, beforeAll, expect, it } from 'vitest';
import { gapsIn } from '../../../domain/book/gaps.ts';
import { addDays, localDay } from '../../../domain/book/rules/localTime.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays } from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
});
afterAll(() => db?.drop());

/** Books nobody into a place from 9 to 10 on a day of its own. */
async function block(day: number, place: { providerId?: string; chairId?: string }): Promise<void> {
  await db.database.insert(tables.bookEntries).values({
    practiceId: built.practice.id,
    locationId: built.location.id,
    kind: 'block',
    status: 'booked',
    blockReason: 'other',
    startsAt: inDays(built, day, 540),
    endsAt: inDays(built, day, 600),
    ...place,
  });
}

/** The first chair that is free at half past nine, with the first provider. */
async function freeAt(day: number): Promise<string[]> {
  const { timeZone } = built.practice;
  const fromDay = addDays(localDay(Date.now(), timeZone), day);
  const gaps = await gapsIn(db.sql, {
    locationId: built.location.id,
    providerId: built.providers[0]!.id,
    chairIds: built.chairs.map(({ id }) => id),
    minutes: 15,
    timeZone,
    fromDay,
    untilDay: addDays(fromDay, 1),
    notBefore: 0,
    bookingId: null,
  });
  const at = inDays(built, day, 570).getTime();
  return gaps.filter(({ from, until }) => from <= at && at < until).map(({ chairId }) => chairId);
}

it('a chair that is out of use is taken, and no other', async () => {
  const [first, second] = built.chairs.map(({ id }) => id) as [string, string];
  expect(await freeAt(2)).toEqual([first]);
  await block(2, { chairId: first });
  expect(await freeAt(2)).toEqual([second]);
});

it('an absent provider and a closed location leave no chair, another provider’s absence does no harm', async () => {
  await block(3, { providerId: built.providers[0]!.id });
  await block(4, {});
  await block(5, { providerId: built.providers[1]!.id });
  expect([await freeAt(3), await freeAt(4)]).toEqual([[], []]);
  expect(await freeAt(5)).toHaveLength(1);
});

it('a provider’s absence that began weeks before counts, wherever it was entered', async () => {
  const { id: practiceId } = built.practice;
  const [elsewhere] = await db.database
    .insert(tables.locations)
    .values({
      practiceId,
      name: 'Mill',
      street: 'Molenpad 2',
      postalCode: '1000 AB',
      city: 'Amsterdam',
      phone: '+31 20 000 0001',
    })
    .returning();
  expect(await freeAt(10)).toHaveLength(1);
  await db.database.insert(tables.bookEntries).values({
    practiceId,
    locationId: elsewhere!.id,
    providerId: built.providers[0]!.id,
    kind: 'block',
    status: 'booked',
    blockReason: 'absence',
    startsAt: inDays(built, 6, 0),
    endsAt: inDays(built, 12, 0),
  });
  expect([await freeAt(10), await freeAt(11)]).toEqual([[], []]);
  expect(await freeAt(12)).toHaveLength(1);
});
