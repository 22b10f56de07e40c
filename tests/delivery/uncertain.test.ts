import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { withdrawPlannedAppointment } from '../../domain/bookings/withdraw.ts';
import { deliver } from '../../domain/messages/deliver.ts';
import { countAttention } from '../../domain/openBookings/attention.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { resendError } from '../gateways/resendStandIn.ts';
import { twilioError } from '../gateways/twilioStandIn.ts';

import {
  built,
  change,
  db,
  delivery,
  failureOf,
  later,
  resend,
  row,
  twilio,
  useStandIns,
  waiting,
} from './carrierStandIns.ts';

useStandIns();

describe('a message of which nobody knows whether it left', () => {
  it('finds an SMS whose answer was lost, and does not send it again', async () => {
    const id = await waiting('sms');
    twilio.failNext('reset after');
    expect(await failureOf(id)).toMatchObject({ kind: 'uncertain', reason: 'no_answer' });
    expect(await row(id)).toMatchObject({ state: 'sending' });
    await later(id);
    expect(await deliver(delivery, async () => [id])).toBeNull();
    expect(await row(id)).toMatchObject({ state: 'sent', carrierId: twilio.messages[0]!.sid });
    expect(twilio.messages).toHaveLength(1);
  });

  it('finds it too when it could not be looked up at first', async () => {
    const id = await waiting('sms');
    twilio.failNext('reset after', 'reset', twilioError(503, 20503, 'Service unavailable'));
    await failureOf(id);
    // Many attempts later, the first one is as old as that.
    await change(id, { createdAt: sql`created_at - interval '1 hour'` });
    twilio.messages[0]!.createdAt = new Date(Date.now() - 59 * 60_000);
    for (const _ of [1, 2]) {
      await later(id);
      expect(await failureOf(id)).toMatchObject({ kind: 'uncertain', reason: 'lookup_failed' });
    }
    await later(id);
    expect(await deliver(delivery, async () => [id])).toBeNull();
    expect(twilio.messages).toHaveLength(1);
  });

  it('sends an SMS again when the look-up shows that it never left', async () => {
    const id = await waiting('sms');
    twilio.failNext('reset');
    await failureOf(id);
    await later(id);
    expect(await deliver(delivery, async () => [id])).toBeNull();
    expect(await row(id)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(twilio.messages).toHaveLength(1);
  });

  it('lets an attempt be that may still be under way, and says for how long', async () => {
    const id = await waiting('sms');
    twilio.failNext('reset');
    await failureOf(id);
    const failure = await failureOf(id);
    expect(failure).toMatchObject({ kind: 'uncertain', code: 'under way' });
    expect(failure.retryAfterMs).toBeGreaterThan(20_000);
    expect(failure.retryAfterMs).toBeLessThanOrEqual(30_000);
    expect(twilio.messages).toHaveLength(0);
  });

  it('hands it to a person when nobody can say for hours whether it left', async () => {
    const id = await waiting('sms');
    twilio.failNext('reset after', 'reset');
    await failureOf(id);
    await change(id, { uncertainSince: sql`clock_timestamp() - interval '121 minutes'` });
    await later(id);
    expect(await deliver(delivery, async () => [id])).toBeNull();
    expect(await row(id)).toMatchObject({ state: 'uncertain', reason: 'lookup_failed' });
    expect(await deliver(delivery, async () => [id])).toBeNull();
    expect(twilio.messages).toHaveLength(1);
  });

  it('sends an email once though its answer was lost', async () => {
    const id = await waiting('email');
    resend.failNext('reset after');
    expect(await failureOf(id)).toMatchObject({ kind: 'uncertain' });
    // Who signs may change meanwhile; the letter stays the same, as its key wants it.
    await db.database.update(tables.practices).set({ emailSenderName: 'Another name', email: 'new@practice.example' });
    expect(await deliver(delivery, async () => [id])).toBeNull();
    expect(resend.emails).toHaveLength(1);
    expect(await row(id)).toMatchObject({ state: 'sent', carrierId: resend.emails[0]!.id });
  });

  it('hands an email to a person when its key is forgotten, and never sends it twice', async () => {
    const id = await waiting('email');
    resend.failNext('reset after', resendError(429, 'rate_limit_exceeded'));
    await failureOf(id);
    await change(id, { uncertainSince: sql`clock_timestamp() - interval '22 hours'` });
    // A refusal in between does not make the first attempt certain.
    expect(await failureOf(id)).toMatchObject({ kind: 'temporary' });
    await change(id, { uncertainSince: sql`uncertain_since - interval '2 hours'` });
    expect(await deliver(delivery, async () => [id])).toBeNull();
    expect(await row(id)).toMatchObject({ state: 'uncertain', reason: 'lookup_failed' });
    expect(resend.emails).toHaveLength(1);
  });

  it('knows an attempt whose process died as one that may have left something behind', async () => {
    const id = await waiting('email');
    await change(id, { state: 'sending', attempts: 1, attemptStartedAt: sql`clock_timestamp() - interval '25 hours'` });
    expect(await deliver(delivery, async () => [id])).toBeNull();
    expect(await row(id)).toMatchObject({ state: 'uncertain' });
    expect(resend.emails).toHaveLength(0);
  });

  describe('that is not wanted any more, while nobody knows whether it left,', () => {
    const close = async (id: string) =>
      db.database.transaction(async (tx) => {
        const [planned] = await tx
          .select({ id: tables.bookings.plannedAppointmentId })
          .from(tables.bookings)
          .where(eq(tables.bookings.id, (await row(id)).bookingId!));
        await withdrawPlannedAppointment(tx, built.staff, planned!.id);
      });

    it.each([
      ['reset after', 'sent', 1],
      ['reset', 'dropped', 0],
    ] as const)('is looked up: %s, so it was %s', async (failure, state, left) => {
      const id = await waiting('sms');
      twilio.failNext(failure);
      await failureOf(id);
      await close(id);
      expect(await failureOf(id)).toMatchObject({ code: 'under way' });
      await later(id);
      expect(await deliver(delivery, async () => [id])).toBeNull();
      expect((await row(id)).state).toBe(state);
      expect((await row(id)).carrierId).toBe(twilio.messages[0]?.sid ?? null);
      expect(twilio.messages).toHaveLength(left);
    });

    it('says so where it cannot be looked up, and asks nobody to act', async () => {
      const attention = await countAttention(db.sql, built.practice.id);
      const id = await waiting('email');
      resend.failNext('reset after');
      await failureOf(id);
      await close(id);
      expect(await deliver(delivery, async () => [id])).toBeNull();
      expect(await row(id)).toMatchObject({ state: 'uncertain', reason: 'booking_closed' });
      expect(resend.emails).toHaveLength(1);
      expect(await countAttention(db.sql, built.practice.id)).toBe(attention);
    });
  });
});
