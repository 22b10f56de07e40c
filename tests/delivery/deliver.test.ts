import { eq, isNotNull, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendLink } from '../../domain/bookings/sendLink.ts';
import { withdrawPlannedAppointment } from '../../domain/bookings/withdraw.ts';
import { depart } from '../../domain/departures/depart.ts';
import { askCarriers } from '../../domain/messages/askCarriers.ts';
import { type Delivery, deliver } from '../../domain/messages/deliver.ts';
import type { Channel } from '../../domain/messages/freeze.ts';
import { readReach } from '../../domain/messages/optOut.ts';
import { unsubscribeToken } from '../../domain/messages/unsubscribe.ts';
import { countAttention } from '../../domain/openBookings/attention.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { CarrierError } from '../../gateways/carrier.ts';
import { createCarriers } from '../../gateways/carriers.ts';
import {
  type BuiltPractice,
  buildAppointment,
  buildPatient,
  buildPlanned,
  buildPractice,
  testKeys,
} from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { type ResendStandIn, resendError, startResendStandIn } from '../gateways/resendStandIn.ts';
import { startTwilioStandIn, type TwilioStandIn, twilioError } from '../gateways/twilioStandIn.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let twilio: TwilioStandIn;
let resend: ResendStandIn;
let delivery: Delivery;
let minute = 0;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
});
afterAll(() => db?.drop());
beforeEach(async () => {
  [twilio, resend] = await Promise.all([startTwilioStandIn(), startResendStandIn()]);
  const carriers = createCarriers({ twilio: twilio.settings, resend: resend.settings }, db.sql);
  delivery = { database: db.database, carriers, keys: testKeys, publicUrl: 'https://v.example' };
});
afterEach(() => Promise.all([twilio.stop(), resend.stop()]));

/** A message of a link that was just sent; its id. */
async function waiting(channel: Channel, patientChanges: Partial<typeof tables.patients.$inferInsert> = {}) {
  const patient = await buildPatient(db, built, patientChanges);
  await buildPlanned(db, built, patient.id);
  minute += 30;
  const appointment = await buildAppointment(db, built, patient.id, minute);
  const [bookingId] = (await db.database.transaction((tx) => depart(tx, built.staff, appointment.id))).bookingIds;
  const { departureTasks } = tables;
  const [task] = await db.database.select().from(departureTasks).where(eq(departureTasks.bookingId, bookingId!));
  await db.database.transaction((tx) => sendLink(tx, testKeys, built.staff, task!.id, [channel]));
  const [message] = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId!));
  return message!.id;
}

const row = async (id: string) =>
  (await db.database.select().from(tables.messages).where(eq(tables.messages.id, id)))[0]!;
const change = (id: string, changes: object) =>
  db.database.update(tables.messages).set(changes).where(eq(tables.messages.id, id));
/** As if the last attempt had begun long enough ago to be over. */
const later = (id: string) => change(id, { attemptStartedAt: sql`clock_timestamp() - interval '31 seconds'` });
const failureOf = (id: string) =>
  deliver(delivery, async () => [id]).then(
    () => expect.fail('no other attempt is wanted'),
    (error) => error as CarrierError,
  );

describe('delivering a message of the ledger', () => {
  it('sends it with the link put in, once, and keeps no link itself', async () => {
    const [sms, email] = [await waiting('sms'), await waiting('email')];
    for (const id of [sms, sms, email, email]) expect(await deliver(delivery, async () => [id])).toBeNull();
    expect(twilio.messages).toHaveLength(1);
    expect(resend.emails).toHaveLength(1);
    expect(twilio.messages[0]!.body).toMatch(/ https:\/\/v\.example\/b\/[\w-]{22}( |$)/);
    expect(resend.emails[0]!.html).toMatch(/href="https:\/\/v\.example\/b\/[\w-]{22}"/);
    expect(await row(sms)).toMatchObject({ state: 'sent', carrierId: twilio.messages[0]!.sid, attempts: 1 });
    expect(await row(email)).toMatchObject({ state: 'sent', carrierId: resend.emails[0]!.id, attempts: 1 });
    expect((await row(sms)).body).toContain('{link}');
    expect((await row(email)).html).not.toContain('v.example');
    const wayOut = `https://v.example/u/${unsubscribeToken(testKeys, email)}`;
    expect(resend.emails[0]!.headers).toMatchObject({
      'List-Unsubscribe': `<${wayOut}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(resend.emails[0]!.text).toMatch(new RegExp(`Unsubscribe: ${wayOut}$`));
    expect(resend.emails[0]!.html).toMatch(
      new RegExp(`<a href="${wayOut}"[^>]*>Unsubscribe</a></p></div></body></html>$`),
    );
    expect(twilio.messages[0]!.body).not.toContain('/u/');
  });

  it('says what the practice wrote, with the link in its place, also when its answer was lost', async () => {
    const own = await buildPractice(db);
    const { practiceId } = own.staff;
    await db.database.insert(tables.messageTemplates).values([
      {
        practiceId,
        kind: 'link',
        channel: 'sms',
        language: 'en',
        body: 'Hi {first}!\nBook: {link}',
        changedBy: own.users.manager.id,
      },
      {
        ...{ practiceId, kind: 'link', channel: 'email', language: 'en', changedBy: own.users.manager.id },
        ...{ subject: 'See you at {practice}', body: 'Dear {first},\n\nBook: {link}' },
      },
    ]);
    const { bookingId, token } = await buildSent(db, own);
    const sent = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
    const sms = sent.find(({ channel }) => channel === 'sms')!.id;
    twilio.failNext('reset after');
    await failureOf(sms);
    await later(sms);
    expect(await deliver(delivery, async () => sent.map(({ id }) => id))).toBeNull();
    expect(twilio.messages.map(({ body }) => body)).toEqual([`Hi Robin!\nBook: https://v.example/b/${token}`]);
    expect(resend.emails[0]).toMatchObject({ subject: `See you at ${own.practice.name}` });
    expect(resend.emails[0]!.html).toMatch(new RegExp(`<a href="https://v.example/b/${token}"[^>]*>Book</a>`));
  });

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

  it('uses a contact that was corrected meanwhile', async () => {
    const id = await waiting('email');
    resend.failNext(resendError(500, 'internal_server_error'));
    await failureOf(id);
    const { patientId } = await row(id);
    await db.database
      .update(tables.patients)
      .set({ email: 'right@example.com' })
      .where(eq(tables.patients.id, patientId));
    expect(await deliver(delivery, async () => [id])).toBeNull();
    expect(resend.emails.map(({ to }) => to)).toEqual(['right@example.com']);
    expect((await row(id)).recipient).toBe('right@example.com');
  });

  it('notes that the carrier knows of a STOP, and writes there no more', async () => {
    const id = await waiting('sms', { mobile: '+15005550004' });
    await deliver(delivery, async () => [id]);
    const { patientId, practiceId } = await row(id);
    expect((await readReach(db.database, practiceId, patientId)).sms).toBe('opted_out');
    await db.database.delete(tables.optOuts);
  });

  it('keeps to a practice’s rate, over several workers, each message in its turn', async () => {
    await db.database.delete(tables.sendRates);
    const slow = {
      ...delivery,
      carriers: { ...delivery.carriers, email: { ...delivery.carriers.email, perMinute: 12 } },
    };
    const ids = [await waiting('email'), await waiting('email'), await waiting('email'), await waiting('email')];
    const times = await Promise.all(ids.map((id) => deliver(slow, async () => [id])));
    // Ten seconds' worth at once, then one every five seconds.
    const later = times.filter((time) => time !== null).sort((one, other) => one - other);
    expect(later).toHaveLength(2);
    expect(later[1]! - later[0]!).toBeGreaterThan(4_900);
    expect(resend.emails).toHaveLength(2);
    const waits = ids[times.indexOf(later[1]!)]!;
    expect(await row(waits)).toMatchObject({ attempts: 0, attemptStartedAt: null, sendAt: new Date(later[1]!) });
    // Asked too early it keeps its place; at its time it leaves; another practice is not held up.
    expect(await deliver(slow, async () => [waits])).toBe(later[1]);
    await change(waits, { sendAt: new Date(Date.now() - 1_000) });
    expect(await deliver(slow, async () => [waits])).toBeNull();
    expect(resend.emails).toHaveLength(3);
    const other = await buildPractice(db);
    const { patient, bookingId } = await buildSent(db, other, {}, ['email']);
    expect(patient.practiceId).toBe(other.practice.id);
    const [theirs] = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
    expect(await deliver(slow, async () => [theirs!.id])).toBeNull();
    await db.database.delete(tables.sendRates);
  });

  it('asks carriers that do not call, until the end is known', async () => {
    await db.database.update(tables.messages).set({ askAt: null });
    const [sms, email] = [await waiting('sms'), await waiting('email')];
    for (const id of [sms, email]) await deliver(delivery, async () => [id]);
    expect(await askCarriers(delivery)).toBe(0);
    const due = () =>
      db.database.update(tables.messages).set({ askAt: new Date() }).where(isNotNull(tables.messages.askAt));
    await due();
    twilio.messages[0]!.status = 'sent';
    resend.emails[0]!.last_event = 'delivered';
    twilio.failNext(twilioError(500, 20500, 'x'));
    expect(await askCarriers(delivery)).toBe(2);
    expect([(await row(sms)).state, (await row(email)).state]).toEqual(['sent', 'delivered']);
    await due();
    twilio.messages[0]!.status = 'delivered';
    expect(await askCarriers(delivery)).toBe(1);
    expect(await row(sms)).toMatchObject({ state: 'delivered', askAt: null });
    await due();
    expect(await askCarriers(delivery)).toBe(0);
  });

  it.each([
    ['sms', { mobile: '+15005550004' }, 'opted_out'],
    ['email', { email: 'nobody' }, 'invalid_recipient'],
  ] as const)('gives up for good on a refusal by %s', async (channel, contact, reason) => {
    const id = await waiting(channel, contact);
    expect(await deliver(delivery, async () => [id])).toBeNull();
    expect(await row(id)).toMatchObject({ state: 'failed', reason, carrierId: null });
    expect(await deliver(delivery, async () => [id])).toBeNull();
  });

  it('tries again at once after a refusal for now, and says meanwhile why it waits', async () => {
    const [sms, email] = [await waiting('sms'), await waiting('email')];
    twilio.failNext(twilioError(401, 20003, 'Authenticate'));
    resend.failNext(resendError(429, 'rate_limit_exceeded', 'Too many requests', { 'retry-after': '2' }));
    expect(await failureOf(sms)).toMatchObject({ reason: 'configuration' });
    expect(await failureOf(email)).toMatchObject({ reason: 'rate_limited', retryAfterMs: 2_000 });
    expect(await row(sms)).toMatchObject({ state: 'sending', reason: 'configuration' });
    for (const id of [sms, email]) {
      expect(await deliver(delivery, async () => [id])).toBeNull();
      expect(await row(id)).toMatchObject({ state: 'sent', reason: null });
    }
  });

  it('sends once when two attempts begin at the same moment', async () => {
    const id = await waiting('sms');
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => deliver(delivery, async () => [id])));
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(CarrierError);
    }
    expect(twilio.messages).toHaveLength(1);
  });
});
