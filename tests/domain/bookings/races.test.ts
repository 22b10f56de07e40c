import { setTimeout as pause } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bookAtDesk } from '../../../domain/bookings/bookAtDesk.ts';
import { type Confirmed, confirm } from '../../../domain/bookings/confirm.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { sendLink } from '../../../domain/bookings/sendLink.ts';
import { expireLink, writeAppointment } from '../../../domain/bookings/steps.ts';
import { withdrawPlannedAppointment } from '../../../domain/bookings/withdraw.ts';
import { changePlannedAppointment } from '../../../domain/chart/planned.ts';
import { undoDeparture } from '../../../domain/departures/depart.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../../builders.ts';
import { buildDeparting, buildLinksOut } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

const rounds = 50;
let db: FreshDatabase;
let built: BuiltPractice;

beforeAll(async () => {
  db = await freshDatabase({ max: 20 });
  built = await buildPractice(db);
});
afterEach(async () => {
  expect(await findInconsistencies(db.sql, { atRest: false })).toEqual([]);
});
afterAll(() => db?.drop());

const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
const stateOf = async (id: string) =>
  (await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, id)))[0]!.state;
/** What a verb came to: its answer, or the code of its refusal. */
const outcome = <T>(work: Promise<T>): Promise<T | string> =>
  work.catch((error) => {
    if (error instanceof Refusal) return error.code;
    throw error;
  });

/** Each round its own half hour, from the third day on. */
const time = (round: number) => inDays(built, 3 + Math.floor(round / 40), (round % 40) * 30);
const desk = (startsAt: Date, chair = 0, provider = 0) => ({
  providerId: built.providers[provider]!.id,
  chairIds: [built.chairs[chair]!.id],
  startsAt,
});

describe('rivals', () => {
  it('200 for one time, 50 times: exactly one holds it', async () => {
    const rivals = await buildLinksOut(db, built, 200);
    for (let round = 0; round < rounds; round++) {
      const startsAt = inDays(built, 30 + round, 900);
      // Each time others are the first to ask.
      rivals.push(...rivals.splice(0, 7));
      const results = await Promise.all(rivals.map(({ bookingId }) => inTx((tx) => hold(tx, bookingId, startsAt))));
      expect(results.filter(({ taken }) => !taken)).toHaveLength(1);
      expect(
        await db.sql`select 1 from book_entries where kind = 'hold' and status = 'held' and starts_at = ${startsAt}`,
      ).toHaveLength(1);
    }
  });

  it('with overlapping lengths: never both', async () => {
    const rivals = await buildLinksOut(db, built, 2 * rounds);
    for (let round = 0; round < rounds; round++) {
      const [a, b] = rivals.slice(2 * round);
      const start = time(round * 2);
      const results = await Promise.all([
        inTx((tx) => hold(tx, a!.bookingId, start)),
        inTx((tx) => hold(tx, b!.bookingId, new Date(start.getTime() + 15 * 60_000))),
      ]);
      expect(results.filter(({ taken }) => !taken)).toHaveLength(1);
    }
  });

  it('for one chair from two providers: never both', async () => {
    const rivals = await buildLinksOut(db, built, 2 * rounds);
    for (let round = 0; round < rounds; round++) {
      const [a, b] = rivals.slice(2 * round);
      const start = inDays(built, 40 + round, 600);
      const results = await Promise.all([
        inTx((tx) => bookAtDesk(tx, built.staff, a!.bookingId, desk(start, 0, 0))),
        inTx((tx) => bookAtDesk(tx, built.staff, b!.bookingId, desk(start, 0, 1))),
      ]);
      expect(results.filter(({ taken }) => !taken)).toHaveLength(1);
    }
  });
});

describe('a patient who confirms', () => {
  /** Each round: the patient holds a time, then confirms while somebody else does something, some of them a little ahead. */
  async function confirmAgainst(
    day: number,
    rival: (booked: Awaited<ReturnType<typeof buildLinksOut>>[number], round: number) => Promise<unknown>,
    aheadMs?: (round: number) => number,
  ) {
    const ends = [];
    for (const [round, booked] of (await buildLinksOut(db, built, rounds)).entries()) {
      await inTx((tx) => hold(tx, booked.bookingId, inDays(built, day + Math.floor(round / 40), (round % 40) * 30)));
      const confirming = async () => {
        if (aheadMs) await pause(aheadMs(round));
        return inTx((tx) => confirm(tx, booked.bookingId));
      };
      const [confirmed, other] = await Promise.all([outcome(confirming()), outcome(rival(booked, round))]);
      ends.push({ ...booked, confirmed, other, state: await stateOf(booked.bookingId) });
    }
    return ends;
  }

  it('against the desk: one appointment, and the loser is told', async () => {
    const ends = await confirmAgainst(100, ({ bookingId }, round) =>
      inTx((tx) =>
        bookAtDesk(
          tx,
          built.staff,
          bookingId,
          desk(inDays(built, 110 + Math.floor(round / 40), (round % 40) * 30), 1, 1),
        ),
      ),
    );
    for (const { confirmed, other, state } of ends) {
      if (state === 'confirmed') expect(other).toBe('already_booked');
      else expect([state, confirmed]).toEqual(['booked_at_desk', 'already_closed']);
    }
  });

  it('against the link’s expiry: a hold made in time wins', async () => {
    const ends = await confirmAgainst(120, async ({ bookingId }) => {
      await db.database
        .update(tables.bookings)
        .set({ linkExpiresAt: new Date() })
        .where(eq(tables.bookings.id, bookingId));
      return inTx((tx) => expireLink(tx, bookingId));
    });
    for (const { state } of ends) expect(state).toBe('confirmed');
  });

  it('against a plan that is withdrawn: wholly before or wholly after', async () => {
    const ends = await confirmAgainst(140, ({ planned }) =>
      inTx((tx) => withdrawPlannedAppointment(tx, built.staff, planned.id)),
    );
    for (const { confirmed, other, state } of ends) {
      if (state === 'confirmed') expect(other).toBe('already_booked');
      else expect([state, confirmed]).toEqual(['withdrawn', 'already_closed']);
    }
  });

  it('against another length in the Chart: the appointment is as long as was required when it was confirmed', async () => {
    const ends = await confirmAgainst(
      200,
      ({ planned }) => inTx((tx) => changePlannedAppointment(tx, built.staff, planned.id, { overrideMinutes: 45 })),
      (round) => (round % 5) * 4,
    );
    for (const { bookingId, planned, confirmed, state } of ends) {
      const [changed] = await db.sql<{ at: Date }[]>`
        select at from audit_entries where action = 'planned_appointment.changed' and details ->> 'plannedAppointmentId' = ${planned.id}`;
      if (state === 'link_sent') {
        expect(confirmed).toBe('requirement_changed');
        continue;
      }
      await inTx((tx) => writeAppointment(tx, bookingId));
      const [written] = await db.sql<{ minutes: number; confirmedAt: Date }[]>`
        select extract(epoch from e.ends_at - e.starts_at)::int / 60 as minutes, b.confirmed_at as "confirmedAt"
        from book_entries e join bookings b on b.id = e.booking_id where b.id = ${bookingId} and e.kind = 'appointment'`;
      expect(written!.minutes).toBe(written!.confirmedAt <= changed!.at ? 30 : 45);
    }
    // Each of the two was the first at times.
    expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(['confirmed', 'link_sent']));
  });

  it('twice at once: one confirmation, and both are told the same', async () => {
    const ends = await confirmAgainst(160, ({ bookingId }) => inTx((tx) => confirm(tx, bookingId)));
    for (const { confirmed, other, state } of ends) {
      const both = [confirmed, other].map((answer) => ({ ...(answer as Confirmed & { taken: false }) }));
      expect(both.map(({ already }) => already).sort()).toEqual([false, true]);
      const [one, same] = both.map(({ already: _, ...told }) => told);
      expect([one, state]).toEqual([same, 'confirmed']);
    }
  });

  it('after the hold ran out, against somebody who takes the time: one of them', async () => {
    const rivals = await buildLinksOut(db, built, 2 * rounds);
    for (let round = 0; round < rounds; round++) {
      const [late, quick] = [rivals[2 * round]!, rivals[2 * round + 1]!];
      const startsAt = inDays(built, 180 + Math.floor(round / 40), (round % 40) * 30);
      await inTx((tx) => hold(tx, late.bookingId, startsAt));
      await db.database
        .update(tables.bookEntries)
        .set({ heldUntil: new Date(Date.now() - 1) })
        .where(eq(tables.bookEntries.bookingId, late.bookingId));
      const [confirmed, held] = await Promise.all([
        inTx((tx) => confirm(tx, late.bookingId)),
        inTx((tx) => hold(tx, quick.bookingId, startsAt)),
      ]);
      expect([confirmed.taken, held.taken].sort()).toEqual([false, true]);
    }
  });
});

describe('reception', () => {
  it('sends twice at once: one link, and the second is told', async () => {
    for (let round = 0; round < rounds; round++) {
      const { taskId, bookingId } = await buildDeparting(db, built);
      const send = () =>
        outcome(inTx((tx) => sendLink(tx, testKeys, built.staff, taskId, ['sms', 'email'])).then(() => 'sent'));
      expect((await Promise.all([send(), send()])).sort()).toEqual(['already_sent', 'sent']);
      expect(
        await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId)),
      ).toHaveLength(2);
    }
  });

  it('undoes a departure against Send: one of them', async () => {
    for (let round = 0; round < rounds; round++) {
      const { taskId, bookingId, departureId } = await buildDeparting(db, built);
      const [sent, undone] = await Promise.all([
        outcome(inTx((tx) => sendLink(tx, testKeys, built.staff, taskId, ['email'])).then(() => 'sent')),
        outcome(inTx((tx) => undoDeparture(tx, built.staff, departureId)).then(() => 'undone')),
      ]);
      const state = await stateOf(bookingId);
      expect([sent, undone, state]).toEqual(
        state === 'link_sent' ? ['sent', 'departure_dealt_with', state] : ['already_closed', 'undone', 'undone'],
      );
    }
  });
});
