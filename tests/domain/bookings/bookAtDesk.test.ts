import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, localDay } from '../../../domain/book/rules/localTime.ts';
import { bookAtDesk } from '../../../domain/bookings/bookAtDesk.ts';
import { deskTimes } from '../../../domain/bookings/deskTimes.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { offeredTimes } from '../../../domain/bookings/offer.ts';
import { readRequirement } from '../../../domain/bookings/requirement.ts';
import { sendLink } from '../../../domain/bookings/sendLink.ts';
import { depart } from '../../../domain/departures/depart.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPlanned, buildPractice, inDays, testKeys } from '../../builders.ts';
import { buildDeparting, buildSent, buildVisit } from '../../efforts.ts';
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
let minute = 600;
const book = (bookingId: string, day: number, provider = built.providers[0]!.id) => {
  minute += 30;
  const time = {
    providerId: provider,
    chairIds: [built.chairs[0]!.id],
    startsAt: inDays(built, day, minute),
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
const taskOf = async (bookingId: string) => {
  const [task] = await db.database
    .select({ taskId: tables.departureTasks.id })
    .from(tables.departureTasks)
    .where(eq(tables.departureTasks.bookingId, bookingId));
  return task!;
};
const stateOf = async (id: string) => (await db.database.select().from(bookings).where(eq(bookings.id, id)))[0]!.state;

describe('a booking at the desk, whichever way the time was chosen', () => {
  it('is on no day before the first that the booking interval allows', async () => {
    const { bookingId } = await buildDeparting(db, built, { planned: { intervalDays: 7 } });
    for (const day of [0, 6]) await expect(book(bookingId, day)).rejects.toMatchObject({ code: 'before_first_day' });
    expect(await stateOf(bookingId)).toBe('departing');
    expect(await book(bookingId, 7)).toMatchObject({ taken: false });
  });

  it('is on no day that has passed, but may be on this one', async () => {
    const { bookingId, appointment } = await buildSent(db, built);
    await visited(bookingId, -10);
    await db.database
      .update(tables.bookEntries)
      .set({ startsAt: inDays(built, -10, 600), endsAt: inDays(built, -10, 630) })
      .where(eq(tables.bookEntries.id, appointment.id));
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

  it('is at no time when the patient is in the book already, with whomever: neither found nor given, nor to them online', async () => {
    const { bookingId, patient } = await buildDeparting(db, built);
    const other = await buildPlanned(db, built, patient.id, { providerId: built.providers[1]!.id });
    const visit = await buildVisit(db, built, patient.id);
    const { bookingIds } = await db.database.transaction((tx) => depart(tx, built.staff, visit.id));
    const withOther = bookingIds.find((id) => id !== bookingId)!;
    expect(await book(bookingId, 9)).toMatchObject({ taken: false });
    const startsAt = inDays(built, 9, minute);

    const [booking] = await db.database.select().from(bookings).where(eq(bookings.id, withOther));
    expect(booking!.plannedAppointmentId).toBe(other.id);
    const day = localDay(startsAt.getTime(), built.practice.timeZone);
    const found = await deskTimes(db.database, db.sql, { ...booking!, bookingId: withOther }, day);
    const times = found.days[0]!.times.map((time) => time.startsAt - startsAt.getTime());
    const quarters = [-45, -30, -15, 0, 15, 30].map((minutes) => [minutes, times.includes(minutes * 60_000)]);
    expect(quarters).toEqual([
      [-45, true],
      [-30, true],
      [-15, false],
      [0, false],
      [15, false],
      [30, true],
    ]);
    minute -= 30;
    await expect(book(withOther, 9, built.providers[1]!.id)).rejects.toMatchObject({ code: 'patient_elsewhere' });

    const { taskId } = await taskOf(withOther);
    await db.database.transaction((tx) => sendLink(tx, testKeys, built.staff, taskId, ['email']));
    const requirement = await readRequirement(db.database, booking!);
    const offered = await offeredTimes(db.sql, booking!, requirement, { fromDay: day, untilDay: addDays(day, 1) });
    expect(offered.length).toBeGreaterThan(0);
    expect(offered.filter((start) => Math.abs(start - startsAt.getTime()) < 30 * 60_000)).toEqual([]);
    const held = db.database.transaction((tx) => hold(tx, withOther, startsAt));
    await expect(held).rejects.toMatchObject({ code: 'outside_offer' });
  });
});
