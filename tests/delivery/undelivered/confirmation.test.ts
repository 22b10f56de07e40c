import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { cancelAppointment } from '../../../domain/book/attendance.ts';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { moveOffFollowUp, settle, writeAppointment } from '../../../domain/bookings/steps.ts';
import { confirmationMessages } from '../../../domain/messages/automatic.ts';
import { type Delivery, deliver } from '../../../domain/messages/deliver.ts';
import { takeReport } from '../../../domain/messages/deliveryReports.ts';
import type { Channel } from '../../../domain/messages/freeze.ts';
import { optOut } from '../../../domain/messages/optOut.ts';
import { recordUncertain } from '../../../domain/messages/outcomes.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { inDays, testKeys } from '../../builders.ts';
import { signIn } from '../../desk.ts';
import {
  app,
  built,
  carriers,
  db,
  deliverAll,
  inTx,
  messagesOf,
  noMailbox,
  noMobile,
  openRow,
  sent,
  states,
  useRefusals,
} from './refusals.ts';

useRefusals();

const { bookEntries, bookings, followUps, practices, workflowMessages } = tables;

describe('a confirmation that a carrier refuses for good', () => {
  async function booked(day: number, patient: Parameters<typeof sent>[1] = {}) {
    const visit = await sent(['sms'], patient);
    const { bookingId } = visit;
    await inTx((tx) => hold(tx, bookingId, inDays(built, 5 + day, 600)));
    await inTx((tx) => confirm(tx, bookingId));
    await inTx((tx) => writeAppointment(tx, bookingId));
    return visit;
  }
  const sendConfirmation = (delivery: Delivery, bookingId: string) =>
    deliver(delivery, (tx) => confirmationMessages(tx, testKeys, bookingId));

  it('is tried by the other channel, with its calendar file', async () => {
    const { bookingId, planned } = await booked(1);
    const { delivery, letters } = carriers({ sms: noMobile() });
    await deliver(carriers({}).delivery, async () => [(await messagesOf(bookingId))[0]!.id]);
    await sendConfirmation(delivery, bookingId);
    await inTx((tx) => moveOffFollowUp(tx, bookingId));
    await deliverAll(delivery, bookingId);
    expect(letters).toMatchObject([{ channel: 'email', attachments: [{ filename: 'appointment.ics' }] }]);
    expect(await openRow(planned.id)).toBeUndefined();
  });

  it.each([true, false])(
    'leads to Not delivered, and is not taken off by the booking itself (moved off first: %s)',
    async (first) => {
      const { bookingId, planned, patient } = await booked(first ? 2 : 3);
      const { delivery } = carriers({ sms: noMobile(), email: noMailbox() });
      if (first) await inTx((tx) => moveOffFollowUp(tx, bookingId));
      await sendConfirmation(delivery, bookingId);
      await deliverAll(delivery, bookingId);
      await inTx((tx) => moveOffFollowUp(tx, bookingId));
      const row = await openRow(planned.id);
      expect(row).toMatchObject({ category: 'not_delivered', bookingId });

      const desk = await signIn(app, built.users.receptionist);
      const { body } = await desk.get('/follow-up?category=not_delivered');
      const shown = new RegExp(`<li[^>]* id="follow-up-${row!.id}".*?<div class="actions">.*?</div>`, 's').exec(
        body,
      )![0];
      expect(shown).toContain('The appointment stands, but its confirmation did not reach the patient');
      expect(shown).toContain(patient.lastName);
      expect(shown).not.toContain(`/follow-up/${row!.id}/link`);
      expect((await desk.post(`/follow-up/${row!.id}/done`, { reason: 'Called' })).statusCode).toBe(303);
      expect(await openRow(planned.id)).toBeUndefined();
    },
  );

  it.each([true, false])(
    'takes its patient off Follow Up when it arrived after all, unless the appointment came to nothing (stands: %s)',
    async (stands) => {
      const { bookingId, planned, patient } = await booked(stands ? 8 : 9);
      await deliverAll(carriers({}).delivery, bookingId);
      await inTx((tx) => moveOffFollowUp(tx, bookingId));
      await inTx((tx) => confirmationMessages(tx, testKeys, bookingId));
      const confirmation = (await messagesOf(bookingId)).find(({ kind }) => kind === 'confirmation')!;
      await recordUncertain(db.database, confirmation, { reason: 'lookup_failed', code: null });
      const row = (await openRow(planned.id))!;
      expect(row).toMatchObject({ category: 'not_delivered' });
      const [entry] = await db.database.select().from(bookEntries).where(eq(bookEntries.bookingId, bookingId));
      if (!stands) await inTx((tx) => cancelAppointment(tx, built.staff, entry!.id));
      await takeReport(db.database, {
        carrierId: `late-${confirmation.id}`,
        letterId: confirmation.id,
        became: 'delivered',
        reason: null,
        code: null,
        at: new Date(),
      });
      const { body } = await (await signIn(app, built.users.receptionist)).get('/follow-up');
      if (stands) {
        const [closed] = await db.database.select().from(followUps).where(eq(followUps.id, row.id));
        expect(closed).toMatchObject({ closedReason: 'booked_online' });
        expect(body).not.toContain(patient.lastName);
      } else expect(await openRow(planned.id)).toMatchObject({ category: 'unbooked' });
    },
  );

  /** As it mostly is: the carrier has taken the confirmation, and the workflow has come to its end. */
  async function settledWith(delivery: Delivery, bookingId: string) {
    await deliverAll(delivery, bookingId);
    await sendConfirmation(delivery, bookingId);
    await inTx((tx) => moveOffFollowUp(tx, bookingId));
    expect(await inTx((tx) => settle(tx, bookingId))).toMatchObject({ settled: true });
  }
  async function tellFailed(bookingId: string, by: Channel) {
    const { carrierId } = (await messagesOf(bookingId)).findLast(({ channel }) => channel === by)!;
    const told = { carrierId: carrierId!, letterId: null, reason: 'unreachable', code: null, at: new Date() } as const;
    await takeReport(db.database, { ...told, became: 'failed' });
  }
  const news = async (bookingId: string) =>
    (
      await db.database
        .select({ name: workflowMessages.name })
        .from(workflowMessages)
        .where(eq(workflowMessages.bookingId, bookingId))
        .orderBy(workflowMessages.id)
    ).map(({ name }) => name);
  const isSettled = async (bookingId: string) =>
    (await db.database.select().from(bookings).where(eq(bookings.id, bookingId)))[0]!.settledAt !== null;

  it('when the booking is settled already is tried by the other channel too, once, by another run', async () => {
    const { bookingId, planned } = await booked(4);
    const { delivery, letters } = carriers({});
    await settledWith(delivery, bookingId);
    await tellFailed(bookingId, 'sms');
    expect(await states(bookingId)).toEqual([
      'link sms 1 dropped',
      'confirmation sms 1 failed',
      'confirmation email 1 waiting',
    ]);
    expect(await isSettled(bookingId)).toBe(false);
    expect((await news(bookingId)).at(-1)).toBe('tryAgain');
    expect(await openRow(planned.id)).toBeUndefined();

    await settledWith(delivery, bookingId);
    expect(letters.map(({ channel }) => channel)).toEqual(['sms', 'email']);
    expect(letters[1]).toMatchObject({ attachments: [{ filename: 'appointment.ics' }] });
    for (const by of ['sms', 'email', 'email'] as const) await tellFailed(bookingId, by);
    expect(await states(bookingId)).toHaveLength(3);
    expect(await isSettled(bookingId)).toBe(true);
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
  });

  it.each([
    ['no other contact is on file', 5],
    ['the patient wants none there', 6],
    ['the practice wants none there', 7],
  ])('when the booking is settled already leads to Not delivered where %s', async (why, day) => {
    const { bookingId, planned, patient } = await booked(day, why.startsWith('no') ? { email: null } : {});
    const { delivery } = carriers({});
    await settledWith(delivery, bookingId);
    const practice = eq(practices.id, built.practice.id);
    if (why.startsWith('the patient'))
      await inTx((tx) =>
        optOut(tx, { practiceId: built.practice.id, channel: 'email', contact: patient.email! }, 'unsubscribed'),
      );
    const unwanted = why.startsWith('the practice');
    if (unwanted) await db.database.update(practices).set({ otherChannel: false }).where(practice);
    await tellFailed(bookingId, 'sms');
    if (unwanted) await db.database.update(practices).set({ otherChannel: true }).where(practice);
    expect(await states(bookingId)).toHaveLength(2);
    expect(await isSettled(bookingId)).toBe(true);
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
  });
});
