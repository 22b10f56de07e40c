import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { instantAt, localDay, minuteOfDay } from '../../domain/book/rules/localTime.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { writeAppointment } from '../../domain/bookings/steps.ts';
import { confirmationMessages, reminderMessages } from '../../domain/messages/automatic.ts';
import { type Delivery, deliver } from '../../domain/messages/deliver.ts';
import { takeReport } from '../../domain/messages/deliveryReports.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys, timeZone } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { carriers, db, deliverAll, inTx, messagesOf, states, useRefusals } from './undelivered/refusals.ts';

useRefusals();

const { bookings, patients, practices } = tables;

let asleep: BuiltPractice;
let morning: number;
let day = 4;

/** Now is in the middle of its quiet hours. */
beforeAll(async () => {
  const now = Date.now();
  const clock = minuteOfDay(now, timeZone);
  morning = instantAt(localDay(now, timeZone), clock + 60, timeZone);
  asleep = await buildPractice(db, { quietFromMinute: clock - 60, quietUntilMinute: clock + 60 });
});

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
const change = (bookingId: string, changes: Partial<typeof bookings.$inferInsert>) =>
  db.database.update(bookings).set(changes).where(eq(bookings.id, bookingId));
const quiet = (hours: Pick<typeof practices.$inferSelect, 'quietFromMinute' | 'quietUntilMinute'>) =>
  db.database.update(practices).set(hours).where(eq(practices.id, asleep.practice.id));
const linkSent = () => buildSent(db, asleep, {}, ['sms']);
async function booked() {
  const { bookingId } = await linkSent();
  await deliverAll(carriers({}).delivery, bookingId);
  await inTx((tx) => hold(tx, bookingId, inDays(asleep, ++day, 600)));
  await inTx((tx) => confirm(tx, bookingId));
  await inTx((tx) => writeAppointment(tx, bookingId));
  return bookingId;
}
const sendConfirmation = (delivery: Delivery, bookingId: string) =>
  deliver(delivery, (tx) => confirmationMessages(tx, testKeys, bookingId));

describe('in quiet hours', () => {
  it('what the receptionist just sent leaves, and so does the confirmation of what the patient just confirmed', async () => {
    const { delivery, letters } = carriers({});
    const { bookingId } = await linkSent();
    expect(await deliverAll(delivery, bookingId)).toBeNull();
    expect(await sendConfirmation(delivery, await booked())).toBeNull();
    expect(letters).toHaveLength(2);
  });

  it('a confirmation that comes late, since a worker or the engine was away, waits until they end', async () => {
    const bookingId = await booked();
    await change(bookingId, { confirmedAt: hoursAgo(4) });
    const { delivery, letters } = carriers({});
    // The second time it is there already, as after a killed worker.
    for (const _ of [1, 2]) expect(await sendConfirmation(delivery, bookingId)).toBe(morning);
    expect(await states(bookingId)).toEqual(['link sms 1 sent', 'confirmation sms 1 waiting']);
    const [, written] = await messagesOf(bookingId);
    expect(written).toMatchObject({ attempts: 0, attemptStartedAt: null });
    expect(letters).toEqual([]);

    const { quietFromMinute, quietUntilMinute } = asleep.practice;
    await quiet({ quietFromMinute: 0, quietUntilMinute: 0 });
    expect(await sendConfirmation(delivery, bookingId)).toBeNull();
    expect(letters).toHaveLength(1);
    await quiet({ quietFromMinute, quietUntilMinute });
  });

  it('a late confirmation leaves if the appointment comes before they end', async () => {
    const bookingId = await booked();
    await change(bookingId, { confirmedAt: hoursAgo(4) });
    const { delivery, letters } = carriers({});
    expect(await sendConfirmation(delivery, bookingId)).toBe(morning);
    await db.sql`
      update messages set not_after = ${new Date(morning - 60_000)} where booking_id = ${bookingId} and kind = 'confirmation'`;
    expect(await sendConfirmation(delivery, bookingId)).toBeNull();
    expect(letters).toHaveLength(1);
  });

  it.each(['the contact was corrected since', 'it is tried by the other channel'])(
    'a failure that is told hours later wakes nobody: %s',
    async (why) => {
      const { bookingId, patient } = await linkSent();
      await deliverAll(carriers({}).delivery, bookingId);
      await change(bookingId, { linkSentAt: hoursAgo(4) });
      if (why.startsWith('the contact'))
        await db.database.update(patients).set({ mobile: '+31600009999' }).where(eq(patients.id, patient.id));
      const [link] = await messagesOf(bookingId);
      const told = {
        carrierId: link!.carrierId!,
        letterId: null,
        reason: 'blocked',
        code: null,
        at: new Date(),
      } as const;
      await takeReport(db.database, { ...told, became: 'failed' });
      expect(await states(bookingId)).toHaveLength(2);
      const { delivery, letters } = carriers({});
      expect(await deliverAll(delivery, bookingId)).toBe(morning);
      expect(letters).toEqual([]);
    },
  );

  it('a reminder waits, though it was written just now', async () => {
    const { bookingId } = await linkSent();
    const { delivery, letters } = carriers({});
    await deliverAll(delivery, bookingId);
    await change(bookingId, { reminderTimes: [new Date()] });
    await inTx((tx) => reminderMessages(tx, testKeys, bookingId));
    expect(await deliverAll(delivery, bookingId)).toBe(morning);
    expect(letters).toHaveLength(1);
  });
});
