import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { changeAppointment, type DeskWish, makeAppointment } from '../../../domain/book/appointments.ts';
import type { BlockWish } from '../../../domain/book/blocks.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { sendLink } from '../../../domain/bookings/sendLink.ts';
import { depart } from '../../../domain/departures/depart.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import {
  type BuiltPractice,
  buildAppointment,
  buildPatient,
  buildPlanned,
  buildPractice,
  inDays,
  testKeys,
} from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

export let db: FreshDatabase;
export let built: BuiltPractice;
export let elsewhere: BuiltPractice;
export let patient: Awaited<ReturnType<typeof buildPatient>>;
/** Each test has days of its own. */
export let day = 0;

/** A book for the tests of a file: its practice, another one, and a patient. */
export function useBook(): void {
  beforeAll(async () => {
    db = await freshDatabase({ max: 20 });
    built = await buildPractice(db);
    elsewhere = await buildPractice(db);
    patient = await buildPatient(db, built);
  });
  beforeEach(() => {
    day += 3;
  });
  afterEach(async () => {
    expect(await findInconsistencies(db.sql, { atRest: false })).toEqual([]);
  });
  afterAll(() => db?.drop());
}

export const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
export const outcome = <T>(work: Promise<T>): Promise<T | string> =>
  work.catch((error) => {
    if (error instanceof Refusal) return error.field ? `${error.code} at ${error.field}` : error.code;
    throw error;
  });
export const at = (minute: number, days = day) => inDays(built, days, minute);

export function wish(more: Partial<DeskWish & { patientId: string; locationId: string }> = {}) {
  return {
    locationId: built.location.id,
    patientId: patient.id,
    providerId: built.providers[0]!.id,
    chairId: built.chairs[0]!.id,
    startsAt: at(600),
    minutes: 30,
    description: 'Check-up',
    note: '',
    overlapAllowed: false,
    // Most tests are about the provider and the chair.
    twiceAllowed: true,
    ...more,
  };
}

export async function made(more: Parameters<typeof wish>[0] = {}) {
  const result = await inTx((tx) => makeAppointment(tx, built.staff, wish(more)));
  if (result.taken) throw new Error('the time was taken');
  return result.entryId;
}
export const change = (id: string, to: Parameters<typeof changeAppointment>[3]) =>
  outcome(inTx((tx) => changeAppointment(tx, built.staff, id, { twiceAllowed: true, ...to })));
export const entry = async (id: string) =>
  (await db.database.select().from(tables.bookEntries).where(eq(tables.bookEntries.id, id)))[0]!;
export const audited = async (id: string) =>
  (
    await db.database
      .select({ action: tables.auditEntries.action })
      .from(tables.auditEntries)
      .where(eq(tables.auditEntries.entryId, id))
      .orderBy(tables.auditEntries.id)
  ).map(({ action }) => action);

/** A patient whose link is out. */
export async function linkSent() {
  const leaving = await buildPatient(db, built);
  const planned = await buildPlanned(db, built, leaving.id);
  const visit = await buildAppointment(db, built, leaving.id);
  await db.database.update(tables.bookEntries).set({ overlapAllowed: true }).where(eq(tables.bookEntries.id, visit.id));
  const { bookingIds } = await inTx((tx) => depart(tx, built.staff, visit.id));
  await db.database.update(tables.bookEntries).set({ status: 'cancelled' }).where(eq(tables.bookEntries.id, visit.id));
  const bookingId = bookingIds[0]!;
  const [task] = await db.database
    .select()
    .from(tables.departureTasks)
    .where(eq(tables.departureTasks.bookingId, bookingId));
  await inTx((tx) => sendLink(tx, testKeys, built.staff, task!.id, ['email']));
  return { bookingId, planned, patient: leaving };
}

export const held = (bookingId: string, startsAt: Date) => outcome(inTx((tx) => hold(tx, bookingId, startsAt)));
export const heldEntry = async (bookingId: string) =>
  (
    await db.database
      .select()
      .from(tables.bookEntries)
      .where(and(eq(tables.bookEntries.bookingId, bookingId), eq(tables.bookEntries.kind, 'hold')))
  )[0]!;

export function block(more: Partial<BlockWish> = {}): BlockWish {
  return {
    locationId: built.location.id,
    providerId: null,
    chairId: null,
    reason: 'closure',
    note: '',
    startsAt: at(480),
    endsAt: at(1020),
    overlapAllowed: false,
    ...more,
  };
}
