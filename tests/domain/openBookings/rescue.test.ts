import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { answerLink } from '../../../domain/bookings/answer.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { settle } from '../../../domain/bookings/steps.ts';
import {
  closeBooking,
  giveToDesk,
  resendConfirmation,
  resendLinkOf,
  tryBookingAgain,
} from '../../../domain/openBookings/rescue.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { buildPractice, testKeys } from '../../builders.ts';
import { buildBookedOnline, buildDeparting, buildSent, leftLongAgo } from '../../efforts.ts';
import {
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

const booking = async (id: string) =>
  (await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, id)))[0]!;
const told = async (id: string) =>
  (await db.database.select().from(tables.workflowMessages).where(eq(tables.workflowMessages.bookingId, id))).map(
    ({ name }) => name,
  );
const audited = async (id: string, action: string) =>
  (
    await db.database
      .select()
      .from(tables.auditEntries)
      .where(and(eq(tables.auditEntries.bookingId, id), eq(tables.auditEntries.action, action)))
  ).length;
describe('a manager', () => {
  it('lets a stuck booking be tried again at once, as often as they like', async () => {
    const { bookingId } = await buildSent(db, built);
    await db.database
      .update(tables.workflowMessages)
      .set({ parkedAt: new Date(), nextAttemptAt: new Date(Date.now() + 60_000) })
      .where(eq(tables.workflowMessages.bookingId, bookingId));
    await doing((tx) => tryBookingAgain(tx, built.staff, bookingId));
    await doing((tx) => tryBookingAgain(tx, built.staff, bookingId));
    const waiting = await db.database
      .select()
      .from(tables.workflowMessages)
      .where(eq(tables.workflowMessages.bookingId, bookingId));
    expect(waiting.every(({ parkedAt, nextAttemptAt }) => parkedAt === null && nextAttemptAt === null)).toBe(true);
    expect(waiting.filter(({ name }) => name === 'tryAgain')).toHaveLength(1);
    expect(await audited(bookingId, 'booking.tried_again')).toBe(2);
    await settled(bookingId);
    await expect(doing((tx) => tryBookingAgain(tx, built.staff, bookingId))).rejects.toMatchObject({
      code: 'already_closed',
    });
  });

  it('gives a link that was sent to the desk: the patient is on Follow Up, with the note', async () => {
    const { bookingId, planned } = await buildSent(db, built);
    await doing((tx) => hold(tx, bookingId, nextTime()));
    for (let i = 0; i < 2; i++)
      expect(await doing((tx) => giveToDesk(tx, built.staff, bookingId, 'Please telephone'))).toBe('on_follow_up');
    expect(await booking(bookingId)).toMatchObject({ state: 'unbooked' });
    const rows = await db.database
      .select()
      .from(tables.followUps)
      .where(eq(tables.followUps.plannedAppointmentId, planned.id));
    expect(rows).toMatchObject([{ category: 'unbooked', note: 'Please telephone', closedAt: null }]);
    expect((await told(bookingId)).filter((name) => name === 'givenToDesk')).toHaveLength(1);
    expect(await audited(bookingId, 'booking.given_to_desk')).toBe(1);
  });

  it('gives a departure to the desk: its task is gone', async () => {
    const { bookingId, taskId } = await buildDeparting(db, built);
    await doing((tx) => giveToDesk(tx, built.staff, bookingId, ''));
    const [task] = await db.database.select().from(tables.departureTasks).where(eq(tables.departureTasks.id, taskId));
    expect(task).toMatchObject({ outcome: 'unbooked' });
  });

  it('writes the time that a patient confirmed, and never gives it away', async () => {
    const { bookingId, startsAt } = await confirmed();
    await expect(doing((tx) => closeBooking(tx, built.staff, bookingId, 'Enough'))).rejects.toMatchObject({
      code: 'already_booked',
    });
    expect(await doing((tx) => giveToDesk(tx, built.staff, bookingId, ''))).toBe('written');
    expect(await doing((tx) => giveToDesk(tx, built.staff, bookingId, ''))).toBe('written');
    const [entry] = await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.bookingId, bookingId));
    expect(entry).toMatchObject({ kind: 'appointment', status: 'booked', startsAt });
  });

  it('gives a yes without its time to the desk', async () => {
    const { bookingId } = await confirmed();
    await db.database
      .update(tables.bookEntries)
      .set({ status: 'lapsed' })
      .where(eq(tables.bookEntries.bookingId, bookingId));
    expect(await doing((tx) => giveToDesk(tx, built.staff, bookingId, ''))).toBe('on_follow_up');
    expect(await booking(bookingId)).toMatchObject({ state: 'unbooked' });
  });

  it('closes a booking with a reason: link, held time, task and Follow Up go with it', async () => {
    const { bookingId, planned } = await buildSent(db, built);
    await doing((tx) => hold(tx, bookingId, nextTime()));
    for (let i = 0; i < 2; i++) await doing((tx) => closeBooking(tx, built.staff, bookingId, 'Moved away'));
    expect(await booking(bookingId)).toMatchObject({ state: 'withdrawn' });
    const [followUp] = await db.database
      .select()
      .from(tables.followUps)
      .where(eq(tables.followUps.plannedAppointmentId, planned.id));
    expect(followUp).toMatchObject({ closedReason: 'Moved away', closedBy: built.staff.userId });
    expect(await audited(bookingId, 'booking.closed')).toBe(1);
  });

  it('sets a confirmation aside of which nobody knows whether it left', async () => {
    const { bookingId } = await buildBookedOnline(db, built, { startsAt: nextTime() });
    await confirmationIs(bookingId, 'uncertain');
    await settled(bookingId);
    for (let i = 0; i < 2; i++) await doing((tx) => closeBooking(tx, built.staff, bookingId, 'Telephoned'));
    expect(await row(bookingId)).toBeUndefined();
    expect(await booking(bookingId)).toMatchObject({ state: 'booked_online' });
    expect(await audited(bookingId, 'booking.closed')).toBe(1);
  });

  it('sends a confirmation again that went wrong, once', async () => {
    const { bookingId } = await buildBookedOnline(db, built, { startsAt: nextTime() });
    await confirmationIs(bookingId, 'failed');
    await settled(bookingId);
    const resend = () => doing((tx) => resendConfirmation(tx, testKeys, built.staff, bookingId));
    expect([await resend(), await resend()]).toEqual(['resent', 'on_its_way']);
    const again = await db.database
      .select()
      .from(tables.messages)
      .where(and(eq(tables.messages.bookingId, bookingId), eq(tables.messages.number, 2)));
    expect(again.map(({ channel, state }) => `${channel} ${state}`).toSorted()).toEqual([
      'email waiting',
      'sms waiting',
    ]);
    expect(await booking(bookingId)).toMatchObject({ settledAt: null });
    expect(await told(bookingId)).toContain('tryAgain');
    expect(await audited(bookingId, 'booking.confirmation_resent')).toBe(1);
  });

  it('refuses to repeat a confirmation with which nothing is wrong', async () => {
    const { bookingId } = await buildBookedOnline(db, built, { startsAt: nextTime() });
    await expect(doing((tx) => resendConfirmation(tx, testKeys, built.staff, bookingId))).rejects.toMatchObject({
      code: 'already_closed',
    });
  });

  it('sends a link again as Follow Up does', async () => {
    const { bookingId } = await buildSent(db, built, {}, ['sms']);
    await doing((tx) => resendLinkOf(tx, testKeys, built.staff, bookingId, ['email']));
    const links = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
    expect(links.map(({ channel }) => channel).toSorted()).toEqual(['email', 'sms']);
  });

  it('sends a link by SMS and email once, whoever else presses at the same time or again, and tells them', async () => {
    const { bookingId } = await buildSent(db, built, {}, ['sms', 'email']);
    const resend = () => doing((tx) => resendLinkOf(tx, testKeys, built.staff, bookingId, ['sms', 'email']));
    const texts = () => db.database.$count(tables.messages, eq(tables.messages.bookingId, bookingId));
    expect(await resend()).toBe('on_its_way');
    expect(await texts()).toBe(2);
    await leftLongAgo(db, bookingId);
    expect((await Promise.all([resend(), resend(), resend()])).toSorted()).toEqual([
      'on_its_way',
      'on_its_way',
      'resent',
    ]);
    expect(await resend()).toBe('on_its_way');
    expect(await texts()).toBe(4);
    expect(await audited(bookingId, 'booking.link_sent')).toBe(2);
  });

  it.each([
    ['left a moment ago', { state: 'sent' }, 'on_its_way'],
    ['has waited for an hour', { state: 'waiting', createdAt: minutesAgo(60) }, 'on_its_way'],
    ['left two minutes ago', { state: 'sent', createdAt: minutesAgo(2) }, 'resent'],
    ['failed a moment ago', { state: 'failed' }, 'resent'],
    ['may have left, which nobody knows', { state: 'uncertain' }, 'resent'],
    ['left for a contact that was corrected since', { state: 'sent', recipient: '+31600009999' }, 'resent'],
  ] as const)('asks for a link once more that %s: %s', async (_what, message, said) => {
    const { bookingId } = await buildSent(db, built, {}, ['sms']);
    await db.database.update(tables.messages).set(message).where(eq(tables.messages.bookingId, bookingId));
    expect(await doing((tx) => resendLinkOf(tx, testKeys, built.staff, bookingId, ['sms']))).toBe(said);
  });

  it('sends a link again that the patient has answered since', async () => {
    const { bookingId } = await buildSent(db, built, {}, ['sms']);
    await doing((tx) => answerLink(tx, bookingId, 'call_me'));
    const resend = () => doing((tx) => resendLinkOf(tx, testKeys, built.staff, bookingId, ['sms']));
    expect([await resend(), await resend()]).toEqual(['resent', 'on_its_way']);
  });

  it('sends a link by the channels alone on which it is not on its way', async () => {
    const { bookingId } = await buildSent(db, built, {}, ['sms']);
    expect(await doing((tx) => resendLinkOf(tx, testKeys, built.staff, bookingId, ['sms', 'email']))).toBe('resent');
    const written = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
    expect(written.map(({ channel }) => channel).toSorted()).toEqual(['email', 'sms']);
  });

  it.each(['tryBookingAgain', 'giveToDesk', 'closeBooking', 'resendLinkOf', 'resendConfirmation'])(
    'can’t do %s for another practice’s booking',
    async (name) => {
      const elsewhere = await buildPractice(db);
      const { bookingId } = await buildSent(db, elsewhere);
      const verbs: Record<string, (tx: Tx) => Promise<unknown>> = {
        tryBookingAgain: (tx) => tryBookingAgain(tx, built.staff, bookingId),
        giveToDesk: (tx) => giveToDesk(tx, built.staff, bookingId, ''),
        closeBooking: (tx) => closeBooking(tx, built.staff, bookingId, 'x'),
        resendLinkOf: (tx) => resendLinkOf(tx, testKeys, built.staff, bookingId, ['email']),
        resendConfirmation: (tx) => resendConfirmation(tx, testKeys, built.staff, bookingId),
      };
      await expect(doing(verbs[name]!)).rejects.toMatchObject({ code: 'not_found' });
    },
  );

  it('leaves a book that tells one story', async () => {
    const { bookingId } = await buildSent(db, built);
    await doing((tx) => giveToDesk(tx, built.staff, bookingId, ''));
    expect(await doing((tx) => settle(tx, bookingId))).toMatchObject({ settled: false });
    const broken = await findInconsistencies(db.sql, { atRest: false });
    expect(broken.filter(({ ids }) => ids.includes(bookingId))).toEqual([]);
  });
});
