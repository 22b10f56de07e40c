import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { parse } from 'node-html-parser';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expireLink } from '../../../domain/bookings/steps.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPractice } from '../../builders.ts';
import { type Browser, buildTestApp, signIn, visitor } from '../../desk.ts';
import { buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';
import { readReach } from '../../reach.ts';
import { authToken, callByTwilio, type Forging, publicUrl, withTwilio } from './calls.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
/** As staff and patients reach it in development, over plain http. */
let pages: FastifyInstance;
let desk: Browser;
let count = 0;

beforeAll(async () => {
  db = await freshDatabase();
  app = await buildTestApp(db, withTwilio);
  pages = await buildTestApp(db);
  built = await buildPractice(db);
  desk = await signIn(pages, built.users.receptionist);
});
afterAll(async () => {
  await app?.close();
  await pages?.close();
  await db?.drop();
});

const fieldsOf = (sender: string, body: string, id = `SM${++count}`) => ({
  MessageSid: id,
  AccountSid: withTwilio.TWILIO_ACCOUNT_SID,
  From: sender,
  To: withTwilio.TWILIO_FROM,
  Body: body,
});
const text = (sender: string, body: string, id?: string, forging: Forging = {}) =>
  callByTwilio(app, '/webhooks/twilio/texts', fieldsOf(sender, body, id), forging);
const sms = async (patient: { id: string; practiceId: string }) =>
  (await readReach(db.database, patient.practiceId, patient.id)).sms;
const textsOf = (patientId: string) =>
  db.database.select().from(tables.inboundTexts).where(eq(tables.inboundTexts.patientId, patientId));

describe('a text that a patient writes', () => {
  it.each(['STOP', 'stop.', ' Stopall ', 'END', 'Cancel', 'UNSUBSCRIBE', 'quit', 'Afmelden', '“STOP”'])(
    '“%s” ends SMS to the number, and is answered with nothing to do',
    async (word) => {
      const patient = await buildPatient(db, built);
      const answer = await text(patient.mobile!, word);
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/xml']);
      expect(answer.body).toMatch(/<Response\/>$/);
      expect(await sms(patient)).toBe('opted_out');
    },
  );

  it.each(['Please stop sending me links', 'I can’t, cancel Tuesday?', 'endlich', ''])(
    '“%s” ends nothing',
    async (words) => {
      const patient = await buildPatient(db, built);
      expect((await text(patient.mobile!, words)).statusCode).toBe(200);
      expect(await sms(patient)).toBe('open');
      expect((await textsOf(patient.id)).map(({ body }) => body)).toEqual([words]);
    },
  );

  it('START begins again; a STOP from before that is brought once more, or replayed, changes nothing', async () => {
    const patient = await buildPatient(db, built);
    await text(patient.mobile!, 'STOP', 'SMstop');
    await text(patient.mobile!, 'Start');
    expect(await sms(patient)).toBe('open');
    expect((await text(patient.mobile!, 'STOP', 'SMstop')).statusCode).toBe(200);
    expect(await sms(patient)).toBe('open');
    expect(await textsOf(patient.id)).toHaveLength(2);
  });

  it('holds in every practice that writes to the number; its words are shown to the one that wrote last', async () => {
    const other = await buildPractice(db);
    const { patient } = await buildSent(db, built, {}, ['sms']);
    const theirs = await buildPatient(db, other, { mobile: patient.mobile });
    await text(patient.mobile!, 'STOP');
    expect([await sms(patient), await sms(theirs)]).toEqual(['opted_out', 'opted_out']);
    expect([(await textsOf(patient.id)).length, (await textsOf(theirs.id)).length]).toEqual([1, 0]);
  });

  it('from nobody’s number is not kept', async () => {
    const before = await db.database.$count(tables.inboundTexts);
    expect((await text('+31699999999', 'Hello?')).statusCode).toBe(200);
    expect((await text('DENTIST', 'Hello?')).statusCode).toBe(200);
    expect(await db.database.$count(tables.inboundTexts)).toBe(before);
  });

  it('stands on the Patient File, escaped, and on Follow Up with a badge', async () => {
    const { patient, followUpId } = await buildSent(db, built);
    await text(patient.mobile!, 'Can it be <b>after</b> five?');
    for (const partial of [false, true]) {
      const file = parse((await desk.get(`/patients/${patient.id}`, { partial })).body);
      expect(file.querySelector('#messages')!.text).toMatch(/Reply\s+SMS\s*Can it be <b>after<\/b> five\?/);
    }
    const row = parse((await desk.get('/follow-up')).body).querySelector(`#follow-up-${followUpId}`)!;
    expect(row.querySelector('.reply .badge')!.text).toBe('Reply');
    expect(row.querySelector('.reply')!.text).toContain('Can it be <b>after</b> five?');
  });

  it('stays on Follow Up when the link ends, and when the next one is sent', async () => {
    const { patient, bookingId, followUpId } = await buildSent(db, built);
    await text(patient.mobile!, 'Only mornings, please call');
    const shown = async () =>
      parse((await desk.get('/follow-up')).body)
        .querySelector(`#follow-up-${followUpId}`)!
        .text.replace(/\s+/g, ' ');
    await db.database
      .update(tables.bookings)
      .set({ linkExpiresAt: new Date() })
      .where(eq(tables.bookings.id, bookingId));
    await db.database.transaction((tx) => expireLink(tx, bookingId));
    expect(await shown()).toMatch(/OLB Link Expired.*Only mornings, please call/);
    await desk.post(`/follow-up/${followUpId}/link`, { channels: ['email'] });
    expect(await shown()).toMatch(/OLB Link Sent.*Only mornings, please call/);
  });

  it('from before the departure is not shown on Follow Up', async () => {
    const { patient, followUpId } = await buildSent(db, built);
    await text(patient.mobile!, 'See you this afternoon');
    await db.database
      .update(tables.inboundTexts)
      .set({ receivedAt: new Date(Date.now() - 3_600_000) })
      .where(eq(tables.inboundTexts.patientId, patient.id));
    const row = parse((await desk.get('/follow-up')).body).querySelector(`#follow-up-${followUpId}`)!;
    expect(row.text).not.toContain('See you this afternoon');
  });

  it('STOP is seen by staff, in the Send window too, who can’t send there any more', async () => {
    const { patient, followUpId } = await buildSent(db, built);
    await text(patient.mobile!, 'STOP');
    for (const partial of [false, true]) {
      const file = parse((await desk.get(`/patients/${patient.id}`, { partial })).body);
      const followsNews = file.querySelector('[hx-trigger*="messages from:#live"]')!;
      expect(followsNews.text).toContain('wants no SMS since');
    }
    const window = parse((await desk.get(`/follow-up/${followUpId}/link`)).body);
    expect(window.querySelector('[value="sms"]')!.hasAttribute('disabled')).toBe(true);
    const sent = await desk.post(`/follow-up/${followUpId}/link`, { channels: ['sms'] });
    expect(sent.statusCode).toBe(422);
    expect(sent.body).toContain('The patient wants no messages this way.');
  });

  it('STOP stands beside the contact on Follow Up, which promises no reminder that would not leave', async () => {
    const { patient, followUpId } = await buildSent(db, built);
    const other = await buildSent(db, built, {}, ['sms']);
    const row = async (id: string) =>
      parse((await desk.get('/follow-up')).body).querySelector(`#follow-up-${id}`)!.text;
    expect(await row(other.followUpId)).toContain('reminders: ');
    await text(patient.mobile!, 'STOP');
    await text(other.patient.mobile!, 'STOP');
    const [byEmailStill, byNothing] = [await row(followUpId), await row(other.followUpId)];
    expect(byEmailStill).toContain('wants no SMS');
    expect(byEmailStill).not.toContain('wants no email');
    expect(byEmailStill).toContain('reminders: ');
    expect(byNothing).toContain('wants no SMS');
    expect(byNothing).toContain('no reminders to come');
  });

  it('STOP is taken into account on the patient’s own pages: how the confirmation comes instead', async () => {
    const { patient, token } = await buildSent(db, built);
    await text(patient.mobile!, 'STOP');
    const browser = visitor(pages);
    const times = parse((await browser.get(`/b/${token}`)).body);
    const startsAt = times.querySelector('button[name="startsAt"]')!.getAttribute('value')!;
    await browser.post(`/b/${token}/hold`, { startsAt, from: '' });
    const check = (await browser.get(`/b/${token}/confirmation`)).body;
    expect(check).toContain('You asked for no messages by SMS');
    expect(check).toContain('It comes by email.');
    await browser.post(`/b/${token}/confirmation`);
    const done = parse((await browser.get(`/b/${token}/confirmation`)).body);
    expect(done.querySelector('h1')!.text).toContain('by email');
    await db.database.insert(tables.optOuts).values({
      practiceId: built.practice.id,
      channel: 'email',
      contact: patient.email!,
      said: 'unsubscribed',
    });
    const silent = parse((await browser.get(`/b/${token}/confirmation`)).body);
    expect(silent.querySelector('h1')!.text).toBe('Thank you. The time is yours.');
    expect(silent.querySelector('[role="note"]')!.text).toContain(built.location.phone);
  });
});

describe('a call that Twilio did not make', () => {
  it.each([
    ['without a signature', { signature: null }],
    ['with another signature', { signature: 'bm90IHRoZSByaWdodCBvbmU=' }],
    ['with another text than was signed', { sent: fieldsOf('+31600000001', 'START') }],
  ] as [string, Forging][])('%s is refused, and nothing is kept', async (_, forging) => {
    const patient = await buildPatient(db, built);
    const answer = await text(patient.mobile!, 'STOP', undefined, forging);
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(await sms(patient)).toBe('open');
    expect(await textsOf(patient.id)).toEqual([]);
  });

  it('is refused under another address than it was signed for', async () => {
    const patient = await buildPatient(db, built);
    const fields = fieldsOf(patient.mobile!, 'STOP');
    const signature = getExpectedTwilioSignature(authToken, `${publicUrl}/webhooks/twilio/texts`, fields);
    const moved = await callByTwilio(app, '/webhooks/twilio/texts?x=1', fields, { signature });
    expect(moved.statusCode).toBe(403);
  });

  it('is not even looked at when it is too large or no form', async () => {
    expect((await text('+31600000001', 'x'.repeat(20_000))).statusCode).toBe(413);
    const json = await app.inject({ method: 'POST', url: '/webhooks/twilio/texts', payload: { From: '+31600000001' } });
    expect(json.statusCode).toBe(415);
  });

  it('is slowed down when it comes too often, and Twilio itself is not', async () => {
    const forging = { signature: 'forged', remoteAddress: '203.0.113.9' };
    const answers: number[] = [];
    for (let i = 0; i < 32; i++) answers.push((await text('+31600000001', 'x', undefined, forging)).statusCode);
    expect(answers.slice(0, 30)).toEqual(Array(30).fill(403));
    expect(answers.at(-1)).toBe(429);
    const patient = await buildPatient(db, built);
    for (let i = 0; i < 40; i++) expect((await text(patient.mobile!, `${i}`)).statusCode).toBe(200);
  });
});

it('without Twilio’s keys there is no such address', async () => {
  expect((await callByTwilio(pages, '/webhooks/twilio/texts', {})).body).not.toContain('<Response/>');
});
