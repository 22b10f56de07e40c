import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lockBooking } from '../../domain/bookings/bookings.ts';
import { beginAttempts } from '../../domain/messages/attempts.ts';
import { optOut } from '../../domain/messages/optOut.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

const rounds = 50;

let db: FreshDatabase;
let built: BuiltPractice;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
});
afterAll(() => db?.drop());

it('an attempt that comes to nothing and whoever ends the booking do not wait in a ring', async () => {
  const { bookings, messages } = tables;
  for (let round = 0; round < rounds; round++) {
    const { patient, bookingId } = await buildSent(db, built);
    const contact = { practiceId: built.practice.id, channel: 'sms', contact: patient.mobile! } as const;
    await db.database.transaction((tx) => optOut(tx, contact, 'text'));
    const sms = and(eq(messages.bookingId, bookingId), eq(messages.channel, 'sms'));
    const [message] = await db.database.select({ id: messages.id }).from(messages).where(sms);
    const ending = db.database.transaction(async (tx) => {
      await lockBooking(tx, bookingId);
      // Long enough for the other to hold whatever it locks first.
      await new Promise((resolve) => setTimeout(resolve, 10));
      await tx.update(messages).set({ state: 'dropped', reason: 'booking_closed' }).where(sms);
      await tx.update(bookings).set({ state: 'withdrawn', closedAt: new Date() }).where(eq(bookings.id, bookingId));
    });
    const attempt = db.database.transaction((tx) => beginAttempts(tx, [message!.id]));
    expect(await Promise.allSettled([ending, attempt])).toEqual([
      { status: 'fulfilled', value: undefined },
      { status: 'fulfilled', value: [{ do: 'nothing' }] },
    ]);
  }
});
