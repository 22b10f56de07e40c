import { eq, isNotNull } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { askCarriers } from '../../domain/messages/askCarriers.ts';
import { deliver } from '../../domain/messages/deliver.ts';
import { unsubscribeToken } from '../../domain/messages/unsubscribe.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { CarrierError } from '../../gateways/carrier.ts';
import { buildPractice, testKeys } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { resendError } from '../gateways/resendStandIn.ts';
import { twilioError } from '../gateways/twilioStandIn.ts';
import { readReach } from '../reach.ts';
import {
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
