import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { countAttention } from '../../../domain/openBookings/attention.ts';
import { type FailedAttempt, noteFailing, noteWell } from '../../../domain/openBookings/failingSteps.ts';
import { nextStep, readOpenBookings } from '../../../domain/openBookings/list.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { buildPractice, inDays } from '../../builders.ts';
import { buildBookedOnline, buildSent } from '../../efforts.ts';
import { built, confirmationIs, confirmed, db, minutesAgo, row, settled, useOpenBookings } from './underWay.ts';

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
});
