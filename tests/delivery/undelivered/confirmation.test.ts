import { describe, expect, it } from 'vitest';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { moveOffFollowUp, settle, writeAppointment } from '../../../domain/bookings/steps.ts';
import { confirmationMessages } from '../../../domain/messages/automatic.ts';
import { type Delivery, deliver } from '../../../domain/messages/deliver.ts';
import { takeReport } from '../../../domain/messages/deliveryReports.ts';
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

describe('a confirmation that a carrier refuses for good', () => {
  async function booked(day: number) {
    const visit = await sent(['sms']);
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

  it('is not written again when the booking is settled: there is nobody left to deliver it', async () => {
    const { bookingId, planned } = await booked(4);
    const { delivery } = carriers({});
    await deliverAll(delivery, bookingId);
    await sendConfirmation(delivery, bookingId);
    await inTx((tx) => moveOffFollowUp(tx, bookingId));
    expect(await inTx((tx) => settle(tx, bookingId))).toMatchObject({ settled: true });
    const confirmation = (await messagesOf(bookingId)).find(({ kind }) => kind === 'confirmation')!;
    const { carrierId } = confirmation;
    const told = { carrierId: carrierId!, letterId: null, reason: 'unreachable', code: null, at: new Date() } as const;
    await takeReport(db.database, { ...told, became: 'failed' });
    expect(await states(bookingId)).toHaveLength(2);
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
  });
});
