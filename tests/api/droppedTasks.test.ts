import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../domain/book/rules/localTime.ts';
import { depart } from '../../domain/departures/depart.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { buildAppointment, buildPatient, buildPlanned, inDays } from '../builders.ts';
import { ahead, built, day, db, elsewhere, made, onDay, receptionist, useBookDesk } from './bookDesk.ts';

useBookDesk();

describe('a departure task let go over the book', () => {
  let visits = 0;

  async function leaving() {
    const whose = await buildPatient(db, built);
    await buildPlanned(db, built, whose.id);
    const visit = await buildAppointment(db, built, whose.id, visits++ * 30, 1);
    const { bookingIds } = await db.database.transaction((tx) => depart(tx, built.staff, visit.id));
    const [task] = await db.database
      .select()
      .from(tables.departureTasks)
      .where(eq(tables.departureTasks.bookingId, bookingIds[0]!));
    return `/departure-tasks/${task!.id}/appointment`;
  }
  const drop = (url: string, fields: Record<string, string | number>) =>
    receptionist.post(url, fields, { partial: true });

  it('is booked where it was let go', async () => {
    const url = await leaving();
    expect((await drop(url, { day: day(), minute: 600, provider: built.providers[1]!.id })).statusCode).toBe(204);
    expect((await onDay())[0]).toMatchObject({
      providerId: built.providers[1]!.id,
      startsAt: inDays(built, ahead, 600),
      endsAt: inDays(built, ahead, 630),
    });
  });

  it('says why not: it does not fit, it is too early, the column is another practice’s', async () => {
    await made();
    const url = await leaving();
    const taken = await drop(url, { day: day(), minute: 590, provider: built.providers[0]!.id });
    expect([taken.statusCode, taken.body.includes('This time is not free.')]).toEqual([409, true]);
    const early = await drop(url, { day: addDays(day(), -ahead), minute: 1300, provider: built.providers[0]!.id });
    expect([early.statusCode, early.body.includes('booking interval')]).toEqual([409, true]);
    expect((await drop(url, { day: day(), minute: 700, provider: elsewhere.providers[0]!.id })).statusCode).toBe(422);
    expect((await drop(url, { day: day(), minute: 700, chair: elsewhere.chairs[0]!.id })).statusCode).toBe(422);
    expect((await drop(url, { day: day(), minute: 700, chair: built.chairs[1]!.id })).statusCode).toBe(204);
  });
});
