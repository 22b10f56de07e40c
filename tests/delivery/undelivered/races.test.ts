import { describe, expect, it } from 'vitest';
import { answerLink } from '../../../domain/bookings/answer.ts';
import { resendLink } from '../../../domain/bookings/sendLink.ts';
import { recordFailed } from '../../../domain/messages/outcomes.ts';
import { Refusal } from '../../../domain/refusal.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { testKeys } from '../../builders.ts';
import { built, db, inTx, messagesOf, openRow, sent, signals, states, useRefusals } from './refusals.ts';

useRefusals();

const { messages } = tables;

const rounds = 50;
const fail = (message: typeof messages.$inferSelect) =>
  recordFailed(db.database, message, { reason: 'unreachable', code: null });

describe('at the same moment', () => {
  it('both channels fail: Not delivered, once', async () => {
    for (let round = 0; round < rounds; round++) {
      const { bookingId, planned } = await sent(['sms', 'email']);
      const written = await messagesOf(bookingId);
      await Promise.all(written.map((message) => fail(message)));
      expect(await states(bookingId)).toHaveLength(2);
      expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
    }
  });

  it('one failure is told twice: the other channel is tried once', async () => {
    for (let round = 0; round < rounds; round++) {
      const { bookingId } = await sent(['sms']);
      const [message] = await messagesOf(bookingId);
      const end = () => fail(message!);
      await Promise.all([end(), end(), end()]);
      expect(await states(bookingId)).toEqual(['link sms 1 failed', 'link email 1 waiting']);
      expect(await signals(bookingId)).toBe(1);
    }
  });

  it('a failure against the patient’s answer: the answer is what Follow Up says', async () => {
    for (let round = 0; round < rounds; round++) {
      const { bookingId, planned } = await sent(['sms'], { email: null });
      const [message] = await messagesOf(bookingId);
      await Promise.all([inTx((tx) => answerLink(tx, bookingId, 'call_me')), fail(message!)]);
      expect(await openRow(planned.id)).toMatchObject({ category: 'call_requested' });
    }
  });

  it('a failure against the link being sent again: the newer sending counts', async () => {
    for (let round = 0; round < rounds; round++) {
      const { bookingId, planned, followUpId } = await sent(['sms'], { email: null });
      const [message] = await messagesOf(bookingId);
      await inTx((tx) => answerLink(tx, bookingId, 'no_time_suits'));
      await Promise.all([
        inTx((tx) => resendLink(tx, testKeys, built.staff, followUpId, ['sms'])).catch((error) => {
          if (!(error instanceof Refusal)) throw error;
        }),
        fail(message!),
      ]);
      expect(await openRow(planned.id)).toMatchObject({ category: 'olb_link_sent' });
    }
  });
});
