import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll } from 'vitest';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { confirmationMessages } from '../../../domain/messages/automatic.ts';
import { readOpenBookings } from '../../../domain/openBookings/list.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../../builders.ts';
import { buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

export let db: FreshDatabase;
export let built: BuiltPractice;
let hour = 0;

/** A practice whose patients are on their way to a booking. */
export function useOpenBookings(): void {
  beforeAll(async () => {
    db = await freshDatabase();
    built = await buildPractice(db);
  });
  afterAll(() => db?.drop());
}

export const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
export const nextTime = () => inDays(built, 3 + Math.floor(++hour / 24), (hour % 24) * 60);
export const doing = <T>(verb: (tx: Tx) => Promise<T>) => db.database.transaction(verb);
export const row = async (id: string) => (await readOpenBookings(db.sql, built.practice.id, { id }))[0];
export const settled = (id: string) =>
  db.database.update(tables.bookings).set({ settledAt: new Date() }).where(eq(tables.bookings.id, id));
export const arrived = (id: string) =>
  db.database
    .update(tables.workflowMessages)
    .set({ sentAt: new Date() })
    .where(eq(tables.workflowMessages.bookingId, id));

export async function confirmed() {
  const sent = await buildSent(db, built);
  const startsAt = nextTime();
  await doing((tx) => hold(tx, sent.bookingId, startsAt));
  await doing((tx) => confirm(tx, sent.bookingId));
  await arrived(sent.bookingId);
  return { ...sent, startsAt };
}

export async function confirmationIs(bookingId: string, state: 'uncertain' | 'failed') {
  await doing((tx) => confirmationMessages(tx, testKeys, bookingId));
  await db.database
    .update(tables.messages)
    .set({ state, reason: 'lookup_failed' })
    .where(and(eq(tables.messages.bookingId, bookingId), eq(tables.messages.kind, 'confirmation')));
}
