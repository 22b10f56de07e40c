import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerLink, type PatientAnswer } from '../../../domain/bookings/answer.ts';
import { bookAtDesk } from '../../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { resendLink } from '../../../domain/bookings/sendLink.ts';
import { expireLink, moveOffFollowUp, writeAppointment } from '../../../domain/bookings/steps.ts';
import { reminderMessages } from '../../../domain/messages/automatic.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../../builders.ts';
import { buildLinksOut, buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

const rounds = 50;
const answers: PatientAnswer[] = ['no_time_suits', 'call_me', 'not_for_me'];
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

const { auditEntries, bookEntries, bookings, followUps, messages, workflowMessages } = tables;
const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
const outcome = <T>(work: Promise<T>): Promise<T | string> =>
  work.catch((error) => {
    if (error instanceof Refusal) return error.code;
    throw error;
  });
const sent = () => buildSent(db, built, {}, ['email']);
const answer = (bookingId: string, said: PatientAnswer) =>
  outcome(inTx((tx) => answerLink(tx, bookingId, said)).then(() => 'answered'));
const booking = async (id: string) => (await db.database.select().from(bookings).where(eq(bookings.id, id)))[0]!;
const followUp = async (id: string) => (await db.database.select().from(followUps).where(eq(followUps.id, id)))[0]!;
const time = (day: number, round: number) => inDays(built, day + Math.floor(round / 40), (round % 40) * 30);
const endLink = (id: string) =>
  db.database.update(bookings).set({ linkExpiresAt: new Date() }).where(eq(bookings.id, id));

describe('an answer', () => {
  it('is kept with its instant and its audit entry, wakes the workflow once, and gives the held time back', async () => {
    const { bookingId, followUpId } = await sent();
    await inTx((tx) => hold(tx, bookingId, time(3, 0)));
    expect(await answer(bookingId, 'call_me')).toBe('answered');
    expect(await answer(bookingId, 'call_me')).toBe('answered');
    const { state, answeredAt, reminderTimes } = await booking(bookingId);
    expect([state, reminderTimes, answeredAt!.getTime() > Date.now() - 60_000]).toEqual(['link_sent', [], true]);
    expect(await followUp(followUpId)).toMatchObject({ category: 'call_requested', closedAt: null, openedBy: null });
    const [entry] = await db.database.select().from(bookEntries).where(eq(bookEntries.bookingId, bookingId));
    expect(entry!.status).toBe('released');
    const told = await db.database.select().from(workflowMessages).where(eq(workflowMessages.bookingId, bookingId));
    expect(told.map(({ name }) => name)).toEqual(['departed', 'sendLink', 'patientAnswered']);
    const audited = await db.database.select().from(auditEntries).where(eq(auditEntries.bookingId, bookingId));
    expect(audited.filter(({ action }) => action === 'booking.answered')).toMatchObject([
      { actor: 'patient', userId: null, details: { answer: 'call_me' } },
    ]);
  });

  it('stops the reminders, also one that is due just now', async () => {
    const { bookingId } = await sent();
    await db.database
      .update(bookings)
      .set({ reminderTimes: [new Date(Date.now() - 1_000), new Date(Date.now() + 1_000)] })
      .where(eq(bookings.id, bookingId));
    await answer(bookingId, 'no_time_suits');
    await inTx((tx) => reminderMessages(tx, testKeys, bookingId));
    const written = await db.database.select().from(messages).where(eq(messages.bookingId, bookingId));
    expect(written.map(({ kind }) => kind)).toEqual(['link']);
  });

  it.each([
    ['no_time_suits', 'unbooked'],
    ['call_me', 'call_requested'],
    ['not_for_me', 'wrong_contact'],
  ] as const)('%s stays to be dealt with under %s when the link ends', async (said, category) => {
    const { bookingId, followUpId } = await sent();
    await answer(bookingId, said);
    await endLink(bookingId);
    await inTx((tx) => expireLink(tx, bookingId));
    expect((await booking(bookingId)).state).toBe('expired');
    expect(await followUp(followUpId)).toMatchObject({ category, closedAt: null });
  });

  it('is over with the link sent again, a booking at the desk, or the patient’s own choice', async () => {
    const [again, atDesk, own] = [await sent(), await sent(), await sent()];
    for (const { bookingId } of [again, atDesk, own]) await answer(bookingId, 'call_me');
    await inTx((tx) => resendLink(tx, testKeys, built.staff, again.followUpId, ['sms']));
    expect(await followUp(again.followUpId)).toMatchObject({ category: 'olb_link_sent' });
    expect(await booking(again.bookingId)).toMatchObject({ answer: null, answeredAt: null });
    const desk = {
      providerId: built.providers[0]!.id,
      chairIds: [built.chairs[0]!.id],
      startsAt: time(4, 0),
    };
    await inTx((tx) => bookAtDesk(tx, built.staff, atDesk.bookingId, desk));
    await inTx((tx) => hold(tx, own.bookingId, time(4, 2)));
    await inTx((tx) => confirm(tx, own.bookingId));
    await inTx((tx) => writeAppointment(tx, own.bookingId));
    await inTx((tx) => moveOffFollowUp(tx, own.bookingId));
    for (const { followUpId } of [atDesk, own]) expect((await followUp(followUpId)).closedAt).not.toBeNull();
  });

  it('brings back who was taken off by hand', async () => {
    const { bookingId, followUpId, planned } = await sent();
    await db.database
      .update(followUps)
      .set({ closedAt: new Date(), closedBy: built.users.receptionist.id, closedReason: 'Calls herself' })
      .where(eq(followUps.id, followUpId));
    await answer(bookingId, 'call_me');
    const rows = await db.database.select().from(followUps).where(eq(followUps.plannedAppointmentId, planned.id));
    expect(rows.filter(({ closedAt }) => !closedAt)).toMatchObject([{ category: 'call_requested' }]);
  });

  it('is refused before the link is out and after the effort ended, and after it had reached somebody else', async () => {
    const { bookingId } = await sent();
    await answer(bookingId, 'not_for_me');
    expect(await answer(bookingId, 'call_me')).toBe('already_closed');
    expect(await outcome(inTx((tx) => hold(tx, bookingId, time(5, 0))))).toBe('already_closed');
    await endLink(bookingId);
    await inTx((tx) => expireLink(tx, bookingId));
    expect(await answer(bookingId, 'not_for_me')).toBe('already_closed');
  });
});

describe('at the same moment', () => {
  it.each([
    [false, 20],
    [true, 40],
  ])(
    'an answer against the confirmation (the hold ran out: %s): wholly before or wholly after',
    async (ranOut, day) => {
      for (const [round, { bookingId, followUpId }] of (await buildLinksOut(db, built, rounds)).entries()) {
        const said = answers[round % 3]!;
        await inTx((tx) => hold(tx, bookingId, time(day, round)));
        if (ranOut) {
          await db.database
            .update(bookEntries)
            .set({ heldUntil: new Date(Date.now() - 1), status: 'lapsed' })
            .where(eq(bookEntries.bookingId, bookingId));
        }
        const [confirmed, answered] = await Promise.all([
          outcome(inTx((tx) => confirm(tx, bookingId))),
          answer(bookingId, said),
        ]);
        const { state, answer: kept } = await booking(bookingId);
        if (state === 'confirmed') {
          expect(confirmed).toMatchObject({ taken: false });
          // A time that was chosen after the answer is the patient's last word.
          if (answered === 'answered') expect([ranOut, kept]).toEqual([true, said]);
          else expect([answered, kept]).toEqual(['already_closed', null]);
        } else {
          expect([state, answered]).toEqual(['link_sent', 'answered']);
          expect(['hold_lapsed', 'already_closed']).toContain(confirmed);
          expect((await followUp(followUpId)).category).not.toBe('olb_link_sent');
        }
      }
    },
  );

  it('an answer against the desk: booked in the end, and off Follow Up', async () => {
    for (const [round, { bookingId, followUpId }] of (await buildLinksOut(db, built, rounds)).entries()) {
      const desk = {
        providerId: built.providers[1]!.id,
        chairIds: [built.chairs[1]!.id],
        startsAt: time(60, round),
      };
      await Promise.all([
        answer(bookingId, answers[round % 3]!),
        inTx((tx) => bookAtDesk(tx, built.staff, bookingId, desk)),
      ]);
      expect((await booking(bookingId)).state).toBe('booked_at_desk');
      expect((await followUp(followUpId)).closedAt).not.toBeNull();
    }
  });

  it('an answer against the link’s end: never under a category that says less', async () => {
    for (const { bookingId, followUpId } of await buildLinksOut(db, built, rounds)) {
      await endLink(bookingId);
      const [answered] = await Promise.all([answer(bookingId, 'call_me'), inTx((tx) => expireLink(tx, bookingId))]);
      const expected = answered === 'answered' ? 'call_requested' : 'olb_link_expired';
      expect(await followUp(followUpId)).toMatchObject({ category: expected, closedAt: null });
    }
  });

  it('the same answer twice: one row, one signal', async () => {
    for (const { bookingId, planned } of await buildLinksOut(db, built, rounds)) {
      await Promise.all([answer(bookingId, 'call_me'), answer(bookingId, 'call_me')]);
      expect(
        await db.database.select().from(followUps).where(eq(followUps.plannedAppointmentId, planned.id)),
      ).toHaveLength(1);
      const told = await db.database.select().from(workflowMessages).where(eq(workflowMessages.bookingId, bookingId));
      expect(told.filter(({ name }) => name === 'patientAnswered')).toHaveLength(1);
    }
  });
});
