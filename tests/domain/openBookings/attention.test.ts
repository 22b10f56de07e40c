import { and, eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { minuteOfDay } from '../../../domain/book/rules/localTime.ts';
import { bookAtDesk } from '../../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { countAttention } from '../../../domain/openBookings/attention.ts';
import { type FailedAttempt, noteFailing, noteWell } from '../../../domain/openBookings/failingSteps.ts';
import { nextStep, readOpenBookings } from '../../../domain/openBookings/list.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { inside } from '../../../drizzle/wall.ts';
import { buildPractice, inDays } from '../../builders.ts';
import { buildBookedOnline, buildDeparting, buildSent } from '../../efforts.ts';
import {
  arrived,
  built,
  confirmationIs,
  confirmed,
  db,
  doing,
  minutesAgo,
  nextTime,
  row,
  settled,
  useOpenBookings,
} from './underWay.ts';

useOpenBookings();

const failed = (subjectId: string, more: Partial<FailedAttempt> = {}): FailedAttempt => ({
  step: 'writeAppointment',
  subjectId,
  since: minutesAgo(10),
  attempts: 4,
  nextAttemptAt: new Date(Date.now() + 60_000),
  reason: 'database',
  code: '40001',
  ...more,
});

describe('what needs attention', () => {
  it('is a step that fails for long, while the booking wants it', async () => {
    const { bookingId } = await confirmed();
    await noteFailing(db.database, failed(bookingId, { since: new Date() }));
    expect((await row(bookingId))?.attention).toEqual([]);
    await noteFailing(db.database, failed(bookingId));
    await noteFailing(db.database, failed(bookingId, { since: new Date(), attempts: 5 }));
    const stuck = (await row(bookingId))!;
    expect(stuck).toMatchObject({ attention: ['step_failing'], failing: { reason: 'database', attempts: 5 } });
    expect(nextStep(stuck, new Date()).kind).toBe('try_again');
    await noteFailing(db.database, failed(bookingId, { reason: 'no_end', keep: true }));
    expect((await row(bookingId))?.failing?.reason).toBe('database');

    await noteWell(db.database, 'writeAppointment', bookingId);
    expect(await row(bookingId)).toMatchObject({ attention: [], failing: null });
    await noteFailing(db.database, failed(bookingId, { step: 'expireLink' }));
    expect(await row(bookingId)).toMatchObject({ attention: [], failing: null });
  });

  it('is a message that is not delivered, by its booking', async () => {
    const { bookingId } = await buildSent(db, built);
    const [message] = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
    await noteFailing(db.database, failed(message!.id, { step: 'deliverMessages', reason: 'no_answer' }));
    expect(await row(bookingId)).toMatchObject({ attention: ['step_failing'], failing: { reason: 'no_answer' } });
    await db.database.update(tables.messages).set({ state: 'sent' }).where(eq(tables.messages.bookingId, bookingId));
    expect((await row(bookingId))?.attention).toEqual([]);
  });

  it('is a message to the workflow that is parked or late', async () => {
    const { bookingId } = await buildSent(db, built);
    const ofBooking = eq(tables.workflowMessages.bookingId, bookingId);
    await db.database
      .update(tables.workflowMessages)
      .set({ createdAt: minutesAgo(3) })
      .where(ofBooking);
    expect((await row(bookingId))?.attention).toEqual(['relay_late']);
    await db.database
      .update(tables.workflowMessages)
      .set({ parkedAt: new Date(), lastError: 'no such search attribute' })
      .where(ofBooking);
    expect(await row(bookingId)).toMatchObject({
      attention: ['relay_parked'],
      relayError: 'no such search attribute',
    });
  });

  it('is a yes that is not written after a minute, and a workflow that is missing', async () => {
    const { bookingId } = await confirmed();
    const ofBooking = eq(tables.bookings.id, bookingId);
    expect((await row(bookingId))?.attention).toEqual([]);
    await db.database
      .update(tables.bookings)
      .set({ confirmedAt: minutesAgo(2), workflowMissingSince: new Date() })
      .where(ofBooking);
    expect((await row(bookingId))?.attention.toSorted()).toEqual(['not_written', 'workflow_missing']);
  });

  it('is a message of which nobody knows whether it was sent, also after the booking is settled', async () => {
    const elsewhere = await buildPractice(db);
    const { bookingId } = await buildBookedOnline(db, elsewhere, { startsAt: inDays(elsewhere, 2, 600) });
    await confirmationIs(bookingId, 'uncertain');
    await settled(bookingId);
    const practiceId = elsewhere.practice.id;
    const [stuck] = await readOpenBookings(db.sql, practiceId, { onlyAttention: true });
    expect(stuck).toMatchObject({ id: bookingId, attention: ['message_uncertain'] });
    expect(nextStep(stuck!, new Date())).toEqual({ kind: 'nobody', at: null });
    expect(await countAttention(db.sql, practiceId)).toBe(1);
  });

  it.each(['desk', 'link'] as const)(
    'is no longer a link of which nobody knows whether it was sent, once the patient has booked by the %s',
    async (way) => {
      const { bookingId } = await buildSent(db, built, {}, ['sms']);
      await db.database
        .update(tables.messages)
        .set({ state: 'uncertain', reason: 'lookup_failed' })
        .where(eq(tables.messages.bookingId, bookingId));
      expect((await row(bookingId))?.attention).toEqual(['message_uncertain']);
      const startsAt = nextTime();
      if (way === 'desk') await doing((tx) => bookAtDesk(tx, built.staff, bookingId, deskTime(startsAt)));
      else {
        await doing((tx) => hold(tx, bookingId, startsAt));
        await doing((tx) => confirm(tx, bookingId));
      }
      expect((await row(bookingId))?.attention).toEqual([]);
    },
  );

  it('is a confirmation of which nobody knows whether it was sent only while its appointment is ahead', async () => {
    const { bookingId, entryId } = await buildBookedOnline(db, built, { startsAt: nextTime() });
    await confirmationIs(bookingId, 'uncertain');
    const ofEntry = eq(tables.bookEntries.id, entryId);
    expect((await row(bookingId))?.attention).toEqual(['message_uncertain']);
    await db.database.update(tables.bookEntries).set({ status: 'cancelled' }).where(ofEntry);
    expect((await row(bookingId))?.attention).toEqual([]);
    await db.database
      .update(tables.bookEntries)
      .set({ status: 'booked', startsAt: minutesAgo(60), endsAt: minutesAgo(30), overlapAllowed: true })
      .where(ofEntry);
    expect((await row(bookingId))?.attention).toEqual([]);
  });
});

describe('what is overdue', () => {
  const overdue = async (id: string) => (await row(id))?.attention.includes('overdue');
  const change = (id: string, changes: Partial<typeof tables.bookings.$inferInsert>) =>
    db.database.update(tables.bookings).set(changes).where(eq(tables.bookings.id, id));
  /** As if they had been written so long ago. */
  const written = (bookingId: string, minutes: number) =>
    db.database
      .update(tables.messages)
      .set({ createdAt: minutesAgo(minutes), id: sql`uuidv7(make_interval(mins => ${-minutes}))` })
      .where(eq(tables.messages.bookingId, bookingId));
  const messagesAre = (bookingId: string, changes: Partial<typeof tables.messages.$inferInsert>) =>
    db.database.update(tables.messages).set(changes).where(eq(tables.messages.bookingId, bookingId));

  it('is a departure of a day that is over', async () => {
    const { bookingId } = await buildDeparting(db, built);
    await change(bookingId, { departureEndsAt: minutesAgo(4) });
    expect(await overdue(bookingId)).toBe(false);
    await change(bookingId, { departureEndsAt: minutesAgo(6) });
    expect(await overdue(bookingId)).toBe(true);
  });

  it('is a link that is at its end, unless the patient still holds a time', async () => {
    const { bookingId } = await buildSent(db, built);
    await doing((tx) => hold(tx, bookingId, nextTime()));
    await change(bookingId, { linkExpiresAt: minutesAgo(6) });
    const held = (heldUntil: Date) =>
      db.database
        .update(tables.bookEntries)
        .set({ heldUntil })
        .where(and(eq(tables.bookEntries.bookingId, bookingId), eq(tables.bookEntries.kind, 'hold')));
    expect(await overdue(bookingId)).toBe(false);
    await held(minutesAgo(4));
    expect(await overdue(bookingId)).toBe(false);
    await held(minutesAgo(6));
    expect(await overdue(bookingId)).toBe(true);
    await change(bookingId, { linkExpiresAt: minutesAgo(4) });
    expect(await overdue(bookingId)).toBe(false);
  });

  it('is an outcome that is not settled, when nothing more is on its way', async () => {
    const { bookingId } = await buildSent(db, built);
    await change(bookingId, { state: 'withdrawn', closedAt: minutesAgo(6) });
    expect(await overdue(bookingId)).toBe(false);
    await messagesAre(bookingId, { state: 'sent', sentAt: minutesAgo(4) });
    expect(await overdue(bookingId)).toBe(false);
    await messagesAre(bookingId, { sentAt: minutesAgo(7), createdAt: minutesAgo(8) });
    expect(await overdue(bookingId)).toBe(true);
    await settled(bookingId);
    expect(await overdue(bookingId)).toBeUndefined();
  });

  it('is a message that was never begun', async () => {
    const { bookingId } = await buildSent(db, built);
    await arrived(bookingId);
    await written(bookingId, 4);
    expect((await row(bookingId))?.attention).toEqual([]);
    await written(bookingId, 6);
    expect((await row(bookingId))?.attention).toEqual(['overdue']);
    expect(await countAttention(db.walled.sql, built.practice.id)).toBe(0);
    const inPractice = () => countAttention(db.walled.sql, built.practice.id);
    expect(await inside({ practiceId: built.practice.id }, inPractice)).toBeGreaterThan(0);
    await messagesAre(bookingId, { state: 'sending', attempts: 1, attemptStartedAt: minutesAgo(6) });
    expect((await row(bookingId))?.attention).toEqual([]);
  });

  it('is no message that waits for its place in the send rate', async () => {
    const { bookingId } = await buildSent(db, built);
    await written(bookingId, 20);
    for (const [sendAt, expected] of [
      [minutesAgo(-10), false],
      [minutesAgo(4), false],
      [minutesAgo(6), true],
    ] as const) {
      await messagesAre(bookingId, { state: 'sending', sendAt });
      expect(await overdue(bookingId)).toBe(expected);
    }
  });

  it('is no message in quiet hours, nor in the minutes after them', async () => {
    const { bookingId } = await buildSent(db, built);
    await written(bookingId, 60);
    const now = minuteOfDay(Date.now(), built.practice.timeZone);
    for (const [from, until, expected] of [
      [-60, 60, false],
      [-60, -2, false],
      [-60, -7, true],
      [60, -60, true],
    ] as const) {
      const minute = (offset: number) => (now + offset + 1440) % 1440;
      await db.database
        .update(tables.practices)
        .set({ quietFromMinute: minute(from), quietUntilMinute: minute(until) })
        .where(eq(tables.practices.id, built.practice.id));
      expect([from, until, await overdue(bookingId)]).toEqual([from, until, expected]);
    }
    await db.database
      .update(tables.practices)
      .set({ quietFromMinute: 0, quietUntilMinute: 0 })
      .where(eq(tables.practices.id, built.practice.id));
  });
});

const deskTime = (startsAt: Date) => ({
  providerId: built.providers[0]!.id,
  chairIds: [built.chairs[0]!.id],
  startsAt,
});
