import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cancelAppointment, setState } from '../../../domain/book/attendance.ts';
import { bookAtDesk } from '../../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { resendLink } from '../../../domain/bookings/sendLink.ts';
import { moveOffFollowUp, recordUsage, writeAppointment } from '../../../domain/bookings/steps.ts';
import { changePlannedAppointment } from '../../../domain/chart/planned.ts';
import { confirmationMessages } from '../../../domain/messages/automatic.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../../builders.ts';
import { buildBookedOnline, buildDeparting, buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

const rounds = 50;
let db: FreshDatabase;
let built: BuiltPractice;
/** Each test has days of its own. */
let day = 0;

beforeAll(async () => {
  db = await freshDatabase({ max: 20 });
  built = await buildPractice(db);
});
beforeEach(() => {
  day += 4;
});
afterEach(async () => {
  expect(await findInconsistencies(db.sql, { atRest: false })).toEqual([]);
});
afterAll(() => db?.drop());

const { bookEntries, bookings, followUps, messages, usageEvents } = tables;
const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
const outcome = <T>(work: Promise<T>): Promise<T | string> =>
  work.catch((error) => {
    if (error instanceof Refusal) return error.code;
    throw error;
  });
const cancel = (id: string) => inTx((tx) => cancelAppointment(tx, built.staff, id));
const set = (id: string, state: Parameters<typeof setState>[3]) =>
  outcome(inTx((tx) => setState(tx, built.staff, id, state)));
const openRow = async (plannedId: string) => {
  const rows = await db.database.select().from(followUps).where(eq(followUps.plannedAppointmentId, plannedId));
  return rows.find(({ closedAt }) => closedAt === null);
};
const booking = async (id: string) => (await db.database.select().from(bookings).where(eq(bookings.id, id)))[0]!;
const deskTime = (startsAt: Date) => ({
  providerId: built.providers[0]!.id,
  chairIds: [built.chairs[0]!.id],
  startsAt,
});

async function bookedAtDesk(startsAt: Date) {
  const leaving = await buildDeparting(db, built);
  const booked = await inTx((tx) => bookAtDesk(tx, built.staff, leaving.bookingId, deskTime(startsAt)));
  if (booked.taken) throw new Error('the time was taken');
  return { ...leaving, entryId: booked.entryId };
}

describe('a planned appointment that is cancelled at the desk', () => {
  it('puts its patient on Follow Up as Unbooked, once, and keeps the history of the online booking', async () => {
    const { planned, bookingId, entryId } = await buildBookedOnline(db, built, { startsAt: inDays(built, day, 600) });
    expect(await openRow(planned.id)).toBeUndefined();
    await cancel(entryId);
    const row = await openRow(planned.id);
    expect(row).toMatchObject({ category: 'unbooked', bookingId, openedBy: built.users.receptionist.id });
    await cancel(entryId);
    expect(await openRow(planned.id)).toEqual(row);

    expect(await booking(bookingId)).toMatchObject({ state: 'booked_online' });
    const [entry] = await db.database.select().from(bookEntries).where(eq(bookEntries.id, entryId));
    expect(entry).toMatchObject({ kind: 'appointment', madeBy: 'online', status: 'cancelled' });
    const counted = await db.database.select().from(usageEvents).where(eq(usageEvents.appointmentId, entryId));
    expect(counted).toHaveLength(1);
  });

  it('does so too when it was booked at the desk', async () => {
    const { planned, bookingId, entryId } = await bookedAtDesk(inDays(built, day, 600));
    await cancel(entryId);
    expect(await openRow(planned.id)).toMatchObject({ category: 'unbooked', bookingId });
    expect(await booking(bookingId)).toMatchObject({ state: 'booked_at_desk' });
  });

  it('leads off Follow Up again by a booking at the desk, and by the link', async () => {
    const one = await bookedAtDesk(inDays(built, day, 600));
    await cancel(one.entryId);
    await inTx((tx) => bookAtDesk(tx, built.staff, one.bookingId, deskTime(inDays(built, day, 660))));
    expect(await openRow(one.planned.id)).toBeUndefined();

    const other = await buildBookedOnline(db, built, { startsAt: inDays(built, day, 600) });
    await cancel(other.entryId);
    const { id } = (await openRow(other.planned.id))!;
    const next = (await inTx((tx) => resendLink(tx, testKeys, built.staff, id, ['email'])))!;
    expect(next).toMatchObject({ state: 'link_sent', number: 2 });
    expect(await openRow(other.planned.id)).toMatchObject({ id, category: 'olb_link_sent', bookingId: next.id });
  });

  it('puts nobody there where the plan no longer wants it booked', async () => {
    const { planned, entryId } = await bookedAtDesk(inDays(built, day, 600));
    await inTx((tx) => changePlannedAppointment(tx, built.staff, planned.id, { toBeBooked: false }));
    await cancel(entryId);
    expect(await openRow(planned.id)).toBeUndefined();
  });

  it('is confirmed to nobody any more', async () => {
    const { bookingId, entryId } = await buildBookedOnline(db, built, { startsAt: inDays(built, day, 600) });
    await cancel(entryId);
    expect(await inTx((tx) => confirmationMessages(tx, testKeys, bookingId))).toEqual([]);
    expect(
      await db.database
        .select()
        .from(messages)
        .where(and(eq(messages.bookingId, bookingId), eq(messages.kind, 'confirmation'))),
    ).toEqual([]);
  });
});

describe('who did not attend a planned appointment', () => {
  it('stands on Follow Up as Unbooked, and no longer when they came after all', async () => {
    const { planned, entryId } = await buildBookedOnline(db, built, { startsAt: inDays(built, day, 600) });
    await db.database
      .update(bookEntries)
      .set({ startsAt: inDays(built, 0, 1), endsAt: inDays(built, 0, 2), overlapAllowed: true })
      .where(eq(bookEntries.id, entryId));
    expect(await set(entryId, 'did_not_attend')).toBeUndefined();
    expect(await openRow(planned.id)).toMatchObject({ category: 'unbooked' });
    expect(await set(entryId, 'arrived')).toBeUndefined();
    expect(await openRow(planned.id)).toBeUndefined();
  });

  it('has not come after all once the link is out again', async () => {
    const { planned, entryId } = await buildBookedOnline(db, built, { startsAt: inDays(built, day, 600) });
    await db.database
      .update(bookEntries)
      .set({ startsAt: inDays(built, 0, 1), endsAt: inDays(built, 0, 2), overlapAllowed: true })
      .where(eq(bookEntries.id, entryId));
    await set(entryId, 'did_not_attend');
    const { id } = (await openRow(planned.id))!;
    await inTx((tx) => resendLink(tx, testKeys, built.staff, id, ['email']));
    expect(await set(entryId, 'booked')).toBe('state_not_possible');
  });
});

describe('at the same moment', () => {
  it('a cancellation while the workflow finishes the booking: the patient stays on Follow Up, and is counted', async () => {
    for (let round = 0; round < rounds; round++) {
      const { bookingId, planned } = await buildSent(db, built, {}, ['email']);
      await inTx((tx) => hold(tx, bookingId, inDays(built, day + (round % 2), 30 * (round % 40))));
      await inTx((tx) => confirm(tx, bookingId));
      const [entry] = await db.database.select().from(bookEntries).where(eq(bookEntries.bookingId, bookingId));
      const finish = async () => {
        await inTx((tx) => writeAppointment(tx, bookingId));
        await Promise.all([
          inTx((tx) => moveOffFollowUp(tx, bookingId)),
          inTx((tx) => recordUsage(tx, bookingId)),
          inTx((tx) => confirmationMessages(tx, testKeys, bookingId)),
        ]);
        await inTx((tx) => moveOffFollowUp(tx, bookingId));
      };
      const cancelOnce = async () => {
        while ((await outcome(cancel(entry!.id))) === 'kept_for_patient');
      };
      await Promise.all([finish(), cancelOnce()]);
      expect(await openRow(planned.id)).toMatchObject({ category: 'unbooked', bookingId });
      expect(await db.database.select().from(usageEvents).where(eq(usageEvents.appointmentId, entry!.id))).toHaveLength(
        1,
      );
    }
  });

  it('a cancellation against the plan being unticked: nobody stays there whom the plan does not want booked', async () => {
    for (let round = 0; round < rounds; round++) {
      const { planned, entryId } = await bookedAtDesk(inDays(built, day + (round % 2), 30 * (round % 40)));
      await Promise.all([
        cancel(entryId),
        inTx((tx) => changePlannedAppointment(tx, built.staff, planned.id, { toBeBooked: false })),
      ]);
      expect(await openRow(planned.id)).toBeUndefined();
    }
  });

  it('two cancellations: one row', async () => {
    for (let round = 0; round < rounds; round++) {
      const { planned, entryId } = await bookedAtDesk(inDays(built, day + (round % 2), 30 * (round % 40)));
      await Promise.all([cancel(entryId), cancel(entryId)]);
      expect(
        await db.database.select().from(followUps).where(eq(followUps.plannedAppointmentId, planned.id)),
      ).toHaveLength(1);
    }
  });
});
