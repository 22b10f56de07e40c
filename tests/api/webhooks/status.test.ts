import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice } from '../../builders.ts';
import { type Browser, buildTestApp, signIn } from '../../desk.ts';
import { buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';
import { callByResend, callByTwilio, type Forging, type ForgingByResend, withResend, withTwilio } from './calls.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
let pages: FastifyInstance;
let desk: Browser;
let count = 0;

beforeAll(async () => {
  db = await freshDatabase();
  app = await buildTestApp(db, { ...withTwilio, ...withResend });
  pages = await buildTestApp(db);
  built = await buildPractice(db);
  desk = await signIn(pages, built.users.receptionist);
});
afterAll(async () => {
  await app?.close();
  await pages?.close();
  await db?.drop();
});

const { messages } = tables;
/** A message that its carrier took. */
async function taken(channel: 'sms' | 'email') {
  const { bookingId, patient, followUpId } = await buildSent(db, built, {}, [channel]);
  const carrierId = `${channel}-${++count}`;
  const [message] = await db.database
    .update(messages)
    .set({ state: 'sent', carrierId, sentAt: new Date() })
    .where(eq(messages.bookingId, bookingId))
    .returning();
  return { ...message!, carrierId, patientUrl: `/patients/${patient.id}`, followUpId };
}
const row = async (id: string) => (await db.database.select().from(messages).where(eq(messages.id, id)))[0]!;

const status = (sid: string, said: string, more: Record<string, string> = {}, id?: string, forging?: Forging) =>
  callByTwilio(
    app,
    `/webhooks/twilio/status${id ? `?message=${id}` : ''}`,
    { MessageSid: sid, SmsSid: sid, MessageStatus: said, AccountSid: 'AC0123456789', ...more },
    forging,
  );
const event = (emailId: string, type: string, more: object = {}) => ({
  type: `email.${type}`,
  created_at: '2026-11-24T10:00:00.000Z',
  data: { email_id: emailId, from: 'a@practice.example', to: ['r@example.com'], subject: 'x', ...more },
});
const told = (emailId: string, type: string, more?: object, id = `evt_${++count}`, forging?: ForgingByResend) =>
  callByResend(app, id, event(emailId, type, more), forging);

describe('a status that Twilio calls with', () => {
  it('brings the message on, and a late one does not take it back', async () => {
    const { id, carrierId } = await taken('sms');
    for (const said of ['delivered', 'sent', 'queued', 'delivered', 'a-new-word'])
      expect((await status(carrierId, said, {}, id)).statusCode).toBe(204);
    expect(await row(id)).toMatchObject({ state: 'delivered' });
    expect((await row(id)).deliveredAt).not.toBeNull();
  });

  it.each([
    ['30006', 'not a mobile number'],
    ['30007', 'blocked as spam'],
    ['39999', 'could not be reached'],
  ])('is shown in words where it failed (%s)', async (code, words) => {
    const { id, carrierId, patientUrl, followUpId } = await taken('sms');
    await status(carrierId, 'undelivered', { ErrorCode: code }, id);
    expect(await row(id)).toMatchObject({ state: 'failed' });
    const said = `not delivered (${words}, code ${code})`;
    if (code !== '39999') expect((await desk.get(patientUrl)).body).toContain(said);
    expect((await desk.get('/follow-up')).body).toContain(words);
    expect(followUpId).toBeTruthy();
  });

  it('finds a message whose answer was lost', async () => {
    const { id } = await taken('sms');
    await db.database
      .update(messages)
      .set({ state: 'uncertain', carrierId: null, sentAt: null, reason: 'lookup_failed' })
      .where(eq(messages.id, id));
    await status('SMfound', 'sent', {}, id);
    expect(await row(id)).toMatchObject({ state: 'sent', carrierId: 'SMfound', reason: null });
  });

  it.each([
    ['forged', { signature: 'bm90IHRoZSByaWdodCBvbmU=' }],
    ['unsigned', { signature: null }],
    ['changed', { sent: { MessageSid: 'SMx', MessageStatus: 'failed' } }],
  ] as [string, Forging][])('changes nothing where it is %s', async (_, forging) => {
    const { id, carrierId } = await taken('sms');
    expect((await status(carrierId, 'failed', {}, id, forging)).statusCode).toBe(403);
    expect((await row(id)).state).toBe('sent');
  });

  it('changes nothing where another message is named than was signed for', async () => {
    const { id, carrierId } = await taken('sms');
    const other = await taken('sms');
    const made = await status(carrierId, 'failed', {}, id);
    expect(made.statusCode).toBe(204);
    const signature = String((made.raw.req.headers as Record<string, string>)['x-twilio-signature']);
    expect((await status(carrierId, 'failed', {}, other.id, { signature })).statusCode).toBe(403);
    expect((await row(other.id)).state).toBe('sent');
  });
});

it('a call that comes while the database is away fails, so that its carrier brings it again', async () => {
  const { id, carrierId } = await taken('sms');
  const away = connect('postgres://nobody@127.0.0.1:1/nowhere');
  const without = await buildTestApp(db, withTwilio, { outside: away });
  const call = (to: FastifyInstance) =>
    callByTwilio(to, '/webhooks/twilio/status', { MessageSid: carrierId, MessageStatus: 'delivered' });
  expect((await call(without)).statusCode).toBe(500);
  await without.close();
  await away.close();
  expect((await row(id)).state).toBe('sent');
  expect((await call(app)).statusCode).toBe(204);
  expect((await row(id)).state).toBe('delivered');
});

describe('an event that Resend calls with', () => {
  it('brings the message on in any order, and says that it was probably opened', async () => {
    const { id, carrierId, patientUrl } = await taken('email');
    for (const type of ['opened', 'delivered', 'sent', 'delivery_delayed'])
      expect((await told(carrierId, type)).statusCode).toBe(204);
    expect(await row(id)).toMatchObject({ state: 'delivered', openedAt: new Date('2026-11-24T10:00:00Z') });
    expect((await desk.get(patientUrl)).body).toContain('delivered, probably opened');
  });

  it('brought again under its id, within its five minutes or later, changes nothing more', async () => {
    const { id, carrierId } = await taken('email');
    await told(carrierId, 'bounced', { bounce: { type: 'Permanent', subType: 'General', message: 'x' } }, 'evt_same');
    expect(await row(id)).toMatchObject({ state: 'failed', reason: 'bounced', carrierCode: 'General' });
    await db.database.update(messages).set({ state: 'sent', reason: null }).where(eq(messages.id, id));
    expect((await told(carrierId, 'bounced', {}, 'evt_same')).statusCode).toBe(204);
    expect((await row(id)).state).toBe('sent');
  });

  it('finds a message whose answer was lost by its tag', async () => {
    const { id } = await taken('email');
    await db.database.update(messages).set({ state: 'sending', carrierId: null }).where(eq(messages.id, id));
    await told('re_lost', 'delivered', { tags: { message: id } });
    expect(await row(id)).toMatchObject({ state: 'delivered', carrierId: 're_lost' });
  });

  it('about something else is taken with thanks', async () => {
    const call = { type: 'contact.created', created_at: '2026-11-24T10:00:00.000Z', data: { id: 'x' } };
    expect((await callByResend(app, 'evt_contact', call)).statusCode).toBe(204);
    expect((await told('re_nobody', 'delivered')).statusCode).toBe(204);
    expect((await told('re_nobody', 'toString')).statusCode).toBe(204);
  });

  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  it.each([
    ['unsigned', { unsigned: true }],
    [
      'signed with another secret',
      { secret: `whsec_${Buffer.from('another secret for the tests').toString('base64')}` },
    ],
    ['changed after it was signed', { sent: JSON.stringify(event('re_x', 'delivered')) }],
    ['re-spaced after it was signed', { sent: JSON.stringify(event('re_x', 'bounced'), null, 1) }],
    ['replayed after more than five minutes', { signedAt: minutesAgo(6) }],
    ['from more than five minutes ahead', { signedAt: minutesAgo(-6) }],
  ] as [string, ForgingByResend][])('is refused where it is %s', async (_, forging) => {
    const { id, carrierId } = await taken('email');
    expect((await told(carrierId, 'bounced', {}, `evt_${++count}`, forging)).statusCode).toBe(403);
    expect((await row(id)).state).toBe('sent');
  });

  it('within its five minutes is good', async () => {
    const { id, carrierId } = await taken('email');
    expect((await told(carrierId, 'delivered', {}, 'evt_late', { signedAt: minutesAgo(4) })).statusCode).toBe(204);
    expect((await row(id)).state).toBe('delivered');
  });

  it('is not even looked at when it is too large or no JSON', async () => {
    expect((await told('re_x', 'delivered', { more: 'x'.repeat(70_000) })).statusCode).toBe(413);
    const form = await app.inject({
      method: 'POST',
      url: '/webhooks/resend',
      payload: 'a=1',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.statusCode).toBe(415);
  });
});
