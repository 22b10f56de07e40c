import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { settle } from '../../../domain/bookings/steps.ts';
import { confirmationMessages } from '../../../domain/messages/automatic.ts';
import { countAttention } from '../../../domain/openBookings/attention.ts';
import { type FailedAttempt, noteFailing, noteWell } from '../../../domain/openBookings/failingSteps.ts';
import { countOpenBookings, nextStep, readOpenBookings } from '../../../domain/openBookings/list.ts';
import {
  closeBooking,
  giveToDesk,
  resendConfirmation,
  resendLinkOf,
  tryBookingAgain,
} from '../../../domain/openBookings/rescue.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../../builders.ts';
import { buildBookedOnline, buildDeparting, buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let hour = 0;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
});
afterAll(() => db?.drop());

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const nextTime = () => inDays(built, 3 + Math.floor(++hour / 24), (hour % 24) * 60);
const doing = <T>(verb: (tx: Tx) => Promise<T>) => db.database.transaction(verb);
const row = async (id: string) => (await readOpenBookings(db.sql, built.practice.id, { id }))[0];
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
const settled = (id: string) =>
  db.database.update(tables.bookings).set({ settledAt: new Date() }).where(eq(tables.bookings.id, id));
const arrived = (id: string) =>
  db.database
    .update(tables.workflowMessages)
    .set({ sentAt: new Date() })
    .where(eq(tables.workflowMessages.bookingId, id));

async function confirmed() {
  const sent = await buildSent(db, built);
  const startsAt = nextTime();
  await doing((tx) => hold(tx, sent.bookingId, startsAt));
  await doing((tx) => confirm(tx, sent.bookingId));
  await arrived(sent.bookingId);
  return { ...sent, startsAt };
}

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

async function confirmationIs(bookingId: string, state: 'uncertain' | 'failed') {
  await doing((tx) => confirmationMessages(tx, testKeys, bookingId));
  await db.database
    .update(tables.messages)
    .set({ state, reason: 'lookup_failed' })
    .where(and(eq(tables.messages.bookingId, bookingId), eq(tables.messages.kind, 'confirmation')));
}

describe('the bookings under way', () => {
  it('tells stage, since when, and what happens next', async () => {
    const departing = await buildDeparting(db, built);
    const sent = await buildSent(db, built);
    const one = await row(departing.bookingId);
    expect(one).toMatchObject({ state: 'departing', description: 'Filling', attention: [], failing: null });
    expect(nextStep(one!, new Date())).toEqual({ kind: 'day_ends', at: one!.departureEndsAt });

    const other = (await row(sent.bookingId))!;
    expect(other.stageSince.getTime()).toBeGreaterThan(other.createdAt.getTime() - 1);
    expect(nextStep(other, new Date())).toEqual({ kind: 'reminder', at: other.reminderTimes[0] });
    expect(nextStep(other, other.reminderTimes.at(-1)!)).toEqual({ kind: 'link_ends', at: other.linkExpiresAt });
    expect(await countOpenBookings(db.sql, built.practice.id)).toMatchObject({ departing: 1, link_sent: 1 });
  });

  it('leaves out what is settled and other practices’', async () => {
    const { bookingId } = await buildSent(db, built);
    const elsewhere = await buildPractice(db);
    const theirs = await buildSent(db, elsewhere);
    await settled(bookingId);
    const ids = (await readOpenBookings(db.sql, built.practice.id)).map(({ id }) => id);
    expect(ids).not.toContain(bookingId);
    expect(ids).not.toContain(theirs.bookingId);
  });

  it('is narrowed down by stage, provider, patient and attention', async () => {
    const { bookingId, patient } = await buildSent(db, built, { planned: { providerId: built.providers[1]!.id } });
    const read = (filter: Parameters<typeof readOpenBookings>[2]) =>
      readOpenBookings(db.sql, built.practice.id, filter);
    expect((await read({ patientIds: [patient.id] })).map(({ id }) => id)).toEqual([bookingId]);
    expect((await read({ patientIds: [patient.id], state: 'departing' })).length).toBe(0);
    expect((await read({ patientIds: [patient.id], providerId: built.providers[0]!.id })).length).toBe(0);
    expect((await read({ patientIds: [patient.id], providerId: built.providers[1]!.id })).length).toBe(1);
    expect((await read({ patientIds: [patient.id], onlyAttention: true })).length).toBe(0);
  });
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
    for (let i = 0; i < 2; i++) await doing((tx) => resendConfirmation(tx, testKeys, built.staff, bookingId));
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
