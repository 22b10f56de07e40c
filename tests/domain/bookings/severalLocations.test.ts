import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeBlock } from '../../../domain/book/blocks.ts';
import { localDay } from '../../../domain/book/rules/localTime.ts';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { offeredTimes } from '../../../domain/bookings/offer.ts';
import { readRequirement } from '../../../domain/bookings/requirement.ts';
import { sendLink } from '../../../domain/bookings/sendLink.ts';
import { readTaskRow } from '../../../domain/departures/list.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../../builders.ts';
import { buildDeparting, buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

/** A practice at two locations, seen from each: the first provider may be booked at both, the second at the mill alone. */
let canal: BuiltPractice;
let mill: BuiltPractice;
let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase();
  canal = await buildPractice(db);
  const { id: _, createdAt: __, ...same } = canal.location;
  const practiceId = canal.practice.id;
  const [location] = await db.database
    .insert(tables.locations)
    .values({ ...same, name: 'Mill House' })
    .returning();
  const chairs = await db.database
    .insert(tables.chairs)
    .values([1, 2].map((position) => ({ practiceId, locationId: location!.id, name: `Chair ${position}`, position })))
    .returning();
  mill = { ...canal, location: location!, chairs };
  const [both, there] = canal.providers.map(({ id }) => id) as [string, string];
  const online = (providerId: string, ofChairs: { id: string }[]) =>
    ofChairs.map(({ id: chairId }, position) => ({ practiceId, providerId, chairId, position }));
  await db.database.delete(tables.providerOnlineChairs).where(eq(tables.providerOnlineChairs.practiceId, practiceId));
  await db.database
    .insert(tables.providerOnlineChairs)
    .values([...online(both, [chairs[0]!, canal.chairs[1]!, canal.chairs[0]!]), ...online(there, chairs)]);
});
afterAll(() => db?.drop());

const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
const chairOf = async (bookingId: string) => {
  const held = and(eq(tables.bookEntries.bookingId, bookingId), eq(tables.bookEntries.kind, 'hold'));
  const entries = await db.database.select().from(tables.bookEntries).where(held);
  return entries.find(({ status }) => status === 'held' || status === 'confirmed')?.chairId;
};

it('a patient’s time takes a chair of the booking’s location, though one elsewhere is preferred', async () => {
  const { bookingId } = await buildSent(db, canal);
  expect(await inTx((tx) => hold(tx, bookingId, inDays(canal, 5, 600)))).toMatchObject({ taken: false });
  expect(await chairOf(bookingId)).toBe(canal.chairs[1]!.id);
});

it('so does one that ran out and is taken again', async () => {
  const { bookingId } = await buildSent(db, canal);
  await inTx((tx) => hold(tx, bookingId, inDays(canal, 6, 600)));
  await db.database
    .update(tables.bookEntries)
    .set({ heldUntil: new Date(Date.now() - 1), status: 'lapsed' })
    .where(eq(tables.bookEntries.bookingId, bookingId));
  expect(await inTx((tx) => confirm(tx, bookingId))).toMatchObject({ taken: false });
  expect(await chairOf(bookingId)).toBe(canal.chairs[1]!.id);
});

it('no time is offered or given while the location’s chairs are taken, though one elsewhere is free', async () => {
  const { bookingId } = await buildSent(db, canal);
  for (const chair of canal.chairs) {
    await inTx((tx) =>
      makeBlock(tx, canal.staff, {
        locationId: canal.location.id,
        providerId: null,
        chairId: chair.id,
        reason: 'other',
        note: '',
        startsAt: inDays(canal, 8, 0),
        endsAt: inDays(canal, 9, 0),
        overlapAllowed: false,
      }),
    );
  }
  const [booking] = await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, bookingId));
  const requirement = await readRequirement(db.database, booking!);
  const dayOf = (days: number) => localDay(inDays(canal, days, 600).getTime(), canal.practice.timeZone);
  const offered = (days: number) =>
    offeredTimes(db.sql, booking!, requirement, { fromDay: dayOf(days), untilDay: dayOf(days + 1) });
  expect(await offered(8)).toEqual([]);
  expect(await offered(9)).not.toEqual([]);
  expect(await inTx((tx) => hold(tx, bookingId, inDays(canal, 8, 600)))).toEqual({ taken: true });
});

it('who is bookable online elsewhere only is not so here: the list says it, and no link leaves', async () => {
  const planned = { providerId: canal.providers[1]!.id };
  const here = await buildDeparting(db, canal, { planned });
  const there = await buildDeparting(db, mill, { planned });
  const obstacle = async (taskId: string) => (await readTaskRow(db.sql, canal.practice.id, taskId))!.onlineObstacle;
  const send = (taskId: string) => inTx((tx) => sendLink(tx, testKeys, canal.staff, taskId, ['email']));
  expect([await obstacle(here.taskId), await obstacle(there.taskId)]).toEqual(['not_bookable_online', null]);
  await expect(send(here.taskId)).rejects.toEqual(new Refusal('not_bookable_online'));
  expect((await send(there.taskId)).state).toBe('link_sent');
});
