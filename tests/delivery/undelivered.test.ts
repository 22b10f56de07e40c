import { and, eq, isNull } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerLink } from '../../domain/bookings/answer.ts';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { resendLink } from '../../domain/bookings/sendLink.ts';
import { expireLink, moveOffFollowUp, settle, writeAppointment } from '../../domain/bookings/steps.ts';
import { confirmationMessages } from '../../domain/messages/automatic.ts';
import { type Delivery, deliver } from '../../domain/messages/deliver.ts';
import { takeReport } from '../../domain/messages/deliveryReports.ts';
import type { Channel } from '../../domain/messages/freeze.ts';
import { recordFailed, recordUncertain } from '../../domain/messages/ledger.ts';
import { optOut } from '../../domain/messages/optOut.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Tx } from '../../drizzle/database.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { CarrierError, type Letter } from '../../gateways/carrier.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../builders.ts';
import { buildTestApp, signIn } from '../desk.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

const rounds = 50;
let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;

beforeAll(async () => {
  db = await freshDatabase({ max: 20 });
  built = await buildPractice(db);
  app = await buildTestApp(db);
});
afterEach(async () => {
  expect(await findInconsistencies(db.sql, { atRest: false })).toEqual([]);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const { bookings, followUps, messages, patients, practices, workflowMessages } = tables;
const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
const refusals: Record<Channel, () => Promise<void>> = { sms: async () => {}, email: async () => {} };

/** Carriers that refuse for good where they are told to, and take everything else. */
function carriers(refuse: Partial<Record<Channel, CarrierError>>, meanwhile: () => Promise<unknown> = refusals.sms) {
  const letters: (Letter & { channel: Channel })[] = [];
  const carrier = (channel: Channel) => ({
    async send(letter: Letter) {
      await meanwhile();
      const failure = refuse[channel];
      if (failure) throw failure;
      letters.push({ ...letter, channel });
      return { carrierId: `test-${letter.id}` };
    },
  });
  const delivery: Delivery = {
    database: db.database,
    carriers: { sms: carrier('sms'), email: carrier('email') },
    keys: testKeys,
    publicUrl: 'https://v.example',
  };
  return { delivery, letters };
}
const noMobile = () => new CarrierError('permanent', 'not_mobile', 21614);
const noMailbox = () => new CarrierError('permanent', 'invalid_recipient', 'validation_error');

const messagesOf = (bookingId: string) =>
  db.database.select().from(messages).where(eq(messages.bookingId, bookingId)).orderBy(messages.id);
const states = async (bookingId: string) =>
  (await messagesOf(bookingId)).map(({ channel, kind, number, state }) => `${kind} ${channel} ${number} ${state}`);
const signals = async (bookingId: string) =>
  (await db.database.select().from(workflowMessages).where(eq(workflowMessages.bookingId, bookingId))).filter(
    ({ name }) => name === 'sendOtherwise',
  ).length;
const openRow = async (plannedId: string) =>
  (
    await db.database
      .select()
      .from(followUps)
      .where(and(eq(followUps.plannedAppointmentId, plannedId), isNull(followUps.closedAt)))
  )[0];
/** Sends whatever waits, as the workflow does. */
const deliverAll = async (delivery: Delivery, bookingId: string) => {
  const waiting = (await messagesOf(bookingId)).filter(({ state }) => state === 'waiting' || state === 'sending');
  return deliver(delivery, async () => waiting.map(({ id }) => id));
};
const fail = (message: typeof messages.$inferSelect) =>
  recordFailed(db.database, message, { reason: 'unreachable', code: null });
const sent = (channels: Channel[], patient: Partial<typeof patients.$inferInsert> = {}) =>
  buildSent(db, built, { patient }, channels);

describe('a link that a carrier refuses for good', () => {
  it('is tried once by the other channel, to whom the workflow is woken, and the patient stays under OLB Link Sent', async () => {
    const { bookingId, planned, patient, token } = await sent(['sms']);
    const { delivery, letters } = carriers({ sms: noMobile() });
    expect(await deliverAll(delivery, bookingId)).toBeNull();
    expect(await states(bookingId)).toEqual(['link sms 1 failed', 'link email 1 waiting']);
    expect(await signals(bookingId)).toBe(1);
    expect(await deliverAll(delivery, bookingId)).toBeNull();
    expect(letters).toMatchObject([{ channel: 'email', to: patient.email }]);
    expect(letters[0]!.text).toContain(`/b/${token}`);
    const [, email] = await messagesOf(bookingId);
    expect(email).toMatchObject({ sentBy: built.users.receptionist.id, language: 'en', state: 'sent' });
    expect(await openRow(planned.id)).toMatchObject({ category: 'olb_link_sent' });
  });

  it('by both channels leads to Not delivered, and is not tried a third time', async () => {
    const { bookingId, planned } = await sent(['sms']);
    const { delivery, letters } = carriers({ sms: noMobile(), email: noMailbox() });
    for (let again = 0; again < 3; again++) expect(await deliverAll(delivery, bookingId)).toBeNull();
    expect(await states(bookingId)).toEqual(['link sms 1 failed', 'link email 1 failed']);
    expect(letters).toEqual([]);
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered', bookingId, openedBy: null });
  });

  it('by one channel, while the other arrives, needs nothing more', async () => {
    const { bookingId, planned } = await sent(['sms', 'email']);
    await deliverAll(carriers({ sms: noMobile() }).delivery, bookingId);
    expect((await states(bookingId)).sort()).toEqual(['link email 1 sent', 'link sms 1 failed']);
    expect(await openRow(planned.id)).toMatchObject({ category: 'olb_link_sent' });
  });

  it.each([
    ['the practice does not want the other channel', { otherChannel: false }, {}],
    ['no other contact is on file', {}, { email: null }],
  ] as [string, { otherChannel?: boolean }, { email?: null }][])(
    'leads to Not delivered where %s',
    async (_why, practice, patient) => {
      const theirs = await buildPractice(db, practice);
      const { bookingId, planned } = await buildSent(db, theirs, { patient }, ['sms']);
      await deliverAll(carriers({ sms: noMobile() }).delivery, bookingId);
      expect(await states(bookingId)).toEqual(['link sms 1 failed']);
      expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
      const [kept] = await db.database.select().from(practices).where(eq(practices.id, theirs.practice.id));
      expect(kept!.otherChannel).toBe(practice.otherChannel ?? true);
    },
  );

  it('leads to Not delivered where the patient wants no messages by the other channel', async () => {
    const { bookingId, planned, patient } = await sent(['sms']);
    await inTx((tx) =>
      optOut(tx, { practiceId: built.practice.id, channel: 'email', contact: patient.email! }, 'unsubscribed'),
    );
    await deliverAll(carriers({ sms: noMobile() }).delivery, bookingId);
    expect(await states(bookingId)).toEqual(['link sms 1 failed']);
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
  });

  it('is written again to a contact that was corrected meanwhile, by the same channel', async () => {
    const { bookingId, planned, patient } = await sent(['sms']);
    const mobile = '+31600009999';
    const correct = () => db.database.update(patients).set({ mobile }).where(eq(patients.id, patient.id));
    await deliverAll(carriers({ sms: noMobile() }, correct).delivery, bookingId);
    expect(await states(bookingId)).toEqual(['link sms 1 failed', 'link sms 2 waiting']);
    const { delivery, letters } = carriers({});
    await deliverAll(delivery, bookingId);
    expect(letters).toMatchObject([{ channel: 'sms', to: mobile }]);
    expect(await openRow(planned.id)).toMatchObject({ category: 'olb_link_sent' });
  });

  it('goes the other way too where its contact was removed, or wants no more, before it left', async () => {
    const [removed, unwanted] = [await sent(['sms']), await sent(['sms'])];
    await db.database.update(patients).set({ mobile: null }).where(eq(patients.id, removed.patient.id));
    await inTx((tx) =>
      optOut(tx, { practiceId: built.practice.id, channel: 'sms', contact: unwanted.patient.mobile! }, 'text'),
    );
    for (const { bookingId } of [removed, unwanted]) {
      const { delivery, letters } = carriers({});
      await deliverAll(delivery, bookingId);
      expect(await states(bookingId)).toEqual(['link sms 1 dropped', 'link email 1 waiting']);
      await deliverAll(delivery, bookingId);
      expect(letters.map(({ channel }) => channel)).toEqual(['email']);
    }
  });

  it('of which nobody knows whether it left is not tried otherwise: a person decides', async () => {
    const { bookingId, planned } = await sent(['sms']);
    const [message] = await messagesOf(bookingId);
    await recordUncertain(db.database, message!, { reason: 'lookup_failed', code: null });
    expect(await states(bookingId)).toEqual(['link sms 1 uncertain']);
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
  });

  it('stays under Not delivered when the link ends, and leaves it when it is sent again or booked', async () => {
    const [late, again, booked] = [await sent(['sms']), await sent(['sms']), await sent(['sms'])];
    const { delivery } = carriers({ sms: noMobile(), email: noMailbox() });
    for (const { bookingId } of [late, again, booked]) for (const _ of [1, 2]) await deliverAll(delivery, bookingId);
    await db.database.update(bookings).set({ linkExpiresAt: new Date() }).where(eq(bookings.id, late.bookingId));
    await inTx((tx) => expireLink(tx, late.bookingId));
    expect(await openRow(late.planned.id)).toMatchObject({ category: 'not_delivered' });
    const { id } = (await openRow(again.planned.id))!;
    await inTx((tx) => resendLink(tx, testKeys, built.staff, id, ['email']));
    expect(await openRow(again.planned.id)).toMatchObject({ category: 'olb_link_sent' });
    const desk = {
      providerId: built.providers[0]!.id,
      chairIds: [built.chairs[0]!.id],
      startsAt: inDays(built, 3, 0),
      minutes: 30,
    };
    await inTx((tx) => bookAtDesk(tx, built.staff, booked.bookingId, desk));
    expect(await openRow(booked.planned.id)).toBeUndefined();
  });

  it('changes nothing for who has answered, or was sent another, and who was taken off by hand stays off', async () => {
    const [answered, resent, done] = [await sent(['sms']), await sent(['sms']), await sent(['sms'])];
    const [first] = await messagesOf(resent.bookingId);
    await inTx((tx) => answerLink(tx, answered.bookingId, 'call_me'));
    await inTx((tx) => resendLink(tx, testKeys, built.staff, resent.followUpId, ['sms']));
    await db.database
      .update(followUps)
      .set({ closedAt: new Date(), closedBy: built.users.receptionist.id, closedReason: 'Moved away' })
      .where(eq(followUps.id, done.followUpId));
    const { delivery } = carriers({ sms: noMobile(), email: noMailbox() });
    await deliverAll(delivery, answered.bookingId);
    await deliver(delivery, async () => [first!.id]);
    for (const _ of [1, 2]) await deliverAll(delivery, done.bookingId);
    expect(await states(answered.bookingId)).toEqual(['link sms 1 failed']);
    expect(await openRow(answered.planned.id)).toMatchObject({ category: 'call_requested' });
    expect(await states(resent.bookingId)).toEqual(['link sms 1 failed', 'link sms 2 waiting']);
    expect(await openRow(done.planned.id)).toBeUndefined();
  });
});

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

describe('Follow Up', () => {
  it('says why, and what to do: correct the contact, then that it was corrected', async () => {
    const { bookingId, patient, followUpId } = await sent(['sms'], { email: null });
    await deliverAll(carriers({ sms: noMobile() }).delivery, bookingId);
    const rowIn = async (language: 'en' | 'nl') => {
      await db.database.update(tables.users).set({ language }).where(eq(tables.users.id, built.users.receptionist.id));
      const { body } = await (await signIn(app, built.users.receptionist)).get('/follow-up?category=not_delivered');
      return new RegExp(`<li[^>]* id="follow-up-${followUpId}".*?<div class="actions">.*?</div>`, 's').exec(body)![0];
    };
    const row = await rowIn('en');
    for (const text of ['not a mobile number', 'No message reached the patient.', 'Correct the contact', '/link']) {
      expect(row).toContain(text);
    }
    expect(await rowIn('nl')).toContain('Geen bericht heeft de patiënt bereikt. Verbeter het contactgegeven');
    await db.database.update(patients).set({ mobile: '+31600008888' }).where(eq(patients.id, patient.id));
    expect(await rowIn('en')).toContain('The contact was corrected since: send the link again.');
  });
});

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
