import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bookAtDesk } from '../../../domain/bookings/bookAtDesk.ts';
import { deskTimes } from '../../../domain/bookings/deskTimes.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays } from '../../builders.ts';
import { buildDeparting, buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let elsewhere: BuiltPractice;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  elsewhere = await buildPractice(db);
});
afterAll(() => db?.drop());

const { bookings, providers } = tables;
/** Later than the visits, which are early in the day. */
let minute = 600;
const book = (bookingId: string, day: number, provider = built.providers[0]!.id) => {
  minute += 30;
  const time = {
    providerId: provider,
    chairIds: [built.chairs[0]!.id],
    startsAt: inDays(built, day, minute),
    minutes: 30,
  };
  return db.database.transaction((tx) => bookAtDesk(tx, built.staff, bookingId, time));
};
const treats = (active: boolean) =>
  db.database.update(providers).set({ active }).where(eq(providers.id, built.providers[0]!.id));
const visited = (bookingId: string, day: number) =>
  db.database
    .update(bookings)
    .set({ visitDay: inDays(built, day, 720).toISOString().slice(0, 10) })
    .where(eq(bookings.id, bookingId));
const stateOf = async (id: string) => (await db.database.select().from(bookings).where(eq(bookings.id, id)))[0]!.state;

describe('a booking at the desk, whichever way the time was chosen', () => {
  it('is on no day before the first that the booking interval allows', async () => {
    const { bookingId } = await buildDeparting(db, built, { planned: { intervalDays: 7 } });
    for (const day of [0, 6]) await expect(book(bookingId, day)).rejects.toMatchObject({ code: 'before_first_day' });
    expect(await stateOf(bookingId)).toBe('departing');
    expect(await book(bookingId, 7)).toMatchObject({ taken: false });
  });

  it('is on no day that has passed, but may be on this one', async () => {
    const { bookingId } = await buildSent(db, built);
    await visited(bookingId, -10);
    await expect(book(bookingId, -1)).rejects.toMatchObject({ code: 'date_past' });
    expect(await stateOf(bookingId)).toBe('link_sent');
    expect(await book(bookingId, 0)).toMatchObject({ taken: false });
  });

  it('is with nobody who no longer treats, nor with another practice’s provider', async () => {
    const { bookingId } = await buildDeparting(db, built);
    await treats(false);
    await expect(book(bookingId, 3)).rejects.toMatchObject({ code: 'provider_inactive' });
    await treats(true);
    await expect(book(bookingId, 3, elsewhere.providers[0]!.id)).rejects.toMatchObject({ code: 'invalid' });
    expect(await stateOf(bookingId)).toBe('departing');
  });

  it('finds no free times with a provider who no longer treats', async () => {
    const { bookingId } = await buildDeparting(db, built);
    const [booking] = await db.database.select().from(bookings).where(eq(bookings.id, bookingId));
    const times = () => deskTimes(db.database, db.sql, { ...booking!, bookingId }, null);
    expect((await times()).days.length).toBeGreaterThan(0);
    await treats(false);
    expect((await times()).days).toEqual([]);
    await treats(true);
  });
});
