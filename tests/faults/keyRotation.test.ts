import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { LinkKeys } from '../../domain/bookings/links.ts';
import { resendLink } from '../../domain/bookings/sendLink.ts';
import { type Delivery, deliver } from '../../domain/messages/deliver.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { createCarriers } from '../../gateways/carriers.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../builders.ts';
import { buildTestApp, search, signIn, visitor } from '../desk.ts';
import { buildSent, leftLongAgo, tokenFor } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { eventually, startTestWorker } from '../engines/worker.ts';
import { type ResendStandIn, startResendStandIn } from '../gateways/resendStandIn.ts';
import { startTwilioStandIn, type TwilioStandIn } from '../gateways/twilioStandIn.ts';
import { expectConsistent } from './consistent.ts';

const [oldSession, newSession] = ['a-secret-for-tests-of-32-characters!', 'the-session-secret-after-the-change!!'];
const newSecret = 'the-secret-of-links-after-the-change!!';
/** As docs/production.md has it, in its second round: the new one first, the old one kept. */
const rotated: LinkKeys = { newest: 'k2', secrets: { k2: newSecret, ...testKeys.secrets } };
/** In its first round: the new one behind. */
const known: LinkKeys = { newest: 'k1', secrets: { ...testKeys.secrets, k2: newSecret } };
const afterwards: LinkKeys = { newest: 'k2', secrets: { k2: newSecret } };
const env = (keys: LinkKeys, sessions: string[]) => ({
  SESSION_SECRETS: sessions.join(','),
  LINK_SECRETS: Object.entries(keys.secrets)
    .map(([id, secret]) => `${id}:${secret}`)
    .join(','),
});

let db: FreshDatabase;
let built: BuiltPractice;
let before: FastifyInstance;
let after: FastifyInstance;
let twilio: TwilioStandIn;
let resend: ResendStandIn;
let slot = 0;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  before = await buildTestApp(db, env(testKeys, [oldSession]));
  after = await buildTestApp(db, env(rotated, [newSession, oldSession]));
  [twilio, resend] = await Promise.all([startTwilioStandIn(), startResendStandIn()]);
});
afterAll(async () => {
  await Promise.all([before?.close(), after?.close(), twilio?.stop(), resend?.stop()]);
  await db?.drop();
});

const delivery = (keys: LinkKeys): Delivery => ({
  database: db.database,
  carriers: createCarriers({ twilio: twilio.settings, resend: resend.settings }, db.sql),
  keys,
  publicUrl: 'https://v.example',
});
const messagesOf = (bookingId: string) =>
  db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
const nextTime = () => inDays(built, 3, ++slot * 60).getTime();

async function book(app: FastifyInstance, token: string) {
  const patient = visitor(app, {}, `198.51.100.${++slot}`);
  expect((await patient.get(`/b/${token}`)).statusCode).toBe(200);
  expect((await patient.post(`/b/${token}/hold`, { startsAt: nextTime() })).statusCode).toBe(303);
  expect((await patient.post(`/b/${token}/confirmation`)).statusCode).toBe(303);
}

describe('fault 21: when the keys of links are changed', () => {
  it('links that are out lead on, before, while and after both keys are there', async () => {
    const [first, second, third] = [await buildSent(db, built), await buildSent(db, built), await buildSent(db, built)];
    const without = await buildTestApp(db, env(afterwards, [newSession]));
    onTestFinished(() => without.close());
    await book(before, first.token);
    await book(after, second.token);
    // Found by its hash alone: also a key that was dropped too early closes no link in a patient's hand.
    await book(without, third.token);
    await expectConsistent(db.sql);
  });

  it('a time set aside before is confirmed after, with the form that was open', async () => {
    const { token } = await buildSent(db, built);
    const patient = visitor(before);
    await patient.post(`/b/${token}/hold`, { startsAt: nextTime() });
    const open = await patient.get(`/b/${token}/confirmation`);
    const moved = visitor(after);
    for (const [name, value] of patient.cookies) moved.cookies.set(name, value);
    const cookie = [...moved.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const said = await after.inject({
      method: 'POST',
      url: `/b/${token}/confirmation`,
      headers: { host: 'localhost', cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ _csrf: /name="_csrf" value="([^"]+)"/.exec(open.body)![1]! }).toString(),
    });
    expect(said.statusCode).toBe(303);
    await expectConsistent(db.sql);
  });

  it('what waited to leave carries the link it was promised, and who gets it again gets the same', async () => {
    const { bookingId, followUpId, token } = await buildSent(db, built);
    const ids = (await messagesOf(bookingId)).map(({ id }) => id);
    expect(await deliver(delivery(rotated), async () => ids)).toBeNull();
    expect(twilio.messages.at(-1)!.body).toContain(`/b/${token}`);
    expect(resend.emails.at(-1)!.text).toContain(`/b/${token}`);
    await leftLongAgo(db, bookingId);
    await db.database.transaction((tx) => resendLink(tx, rotated, built.staff, followUpId, ['email']));
    expect(await tokenFor(db, bookingId)).toBe(token);
  });

  it('an email whose answer was lost before is the very same letter after, and goes out once', async () => {
    const { bookingId } = await buildSent(db, built, {}, ['email']);
    const [{ id } = { id: '' }] = await messagesOf(bookingId);
    const count = resend.emails.length;
    resend.failNext('reset after');
    await expect(deliver(delivery(testKeys), async () => [id])).rejects.toMatchObject({ kind: 'uncertain' });
    expect(await deliver(delivery(rotated), async () => [id])).toBeNull();
    expect(resend.emails).toHaveLength(count + 1);
    expect(await messagesOf(bookingId)).toMatchObject([{ state: 'sent', carrierId: resend.emails.at(-1)!.id }]);
    const wayOut = /\/u\/[\w-]{44}/.exec(resend.emails.at(-1)!.text!)![0];
    for (const app of [before, after]) expect((await app.inject({ url: wayOut })).statusCode).toBe(200);
  });

  it('a worker that lacks a link’s key says so and sends nothing; with the key back the message leaves', async () => {
    const { bookingId, token, patient } = await buildSent(db, built, {}, ['sms']);
    const received = () => twilio.messages.filter(({ to }) => to === patient.mobile).map(({ body }) => body);
    const lacking = await startTestWorker(db, delivery(afterwards));
    await eventually(
      () => db.sql`select reason from failing_steps where reason = 'link_key'`,
      (rows) => rows.length > 0,
      30_000,
    );
    await lacking.stop();
    expect(received()).toEqual([]);
    expect(await messagesOf(bookingId)).toMatchObject([{ state: 'sending', attempts: 0, uncertainSince: null }]);
    const ids = (await messagesOf(bookingId)).map(({ id }) => id);
    expect(await deliver(delivery(rotated), async () => ids)).toBeNull();
    expect(received()).toEqual([expect.stringContaining(`/b/${token}`)]);
    await expectConsistent(db.sql);
  }, 60_000);
});

describe('fault 21: when the secret of sessions is changed', () => {
  it('who was signed in stays so, with the form that was open and the search that was shown', async () => {
    const desk = await signIn(before, built.users.receptionist);
    await buildSent(db, built, { patient: { lastName: 'Oudewater' } });
    const { headers } = await desk.post('/patients/search', { q: 'Oudewater' });
    const results = String(headers.location);
    const cookies = [...desk.cookies];
    const form = await desk.get('/patients/new');
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(form.body)![1]!;

    const moved = visitor(after);
    for (const [name, value] of cookies) moved.cookies.set(name, value);
    const cookie = cookies.map(([name, value]) => `${name}=${value}`).join('; ');
    expect((await moved.get(results)).body).toContain('Oudewater');
    const said = await after.inject({
      method: 'POST',
      url: '/language',
      headers: { host: 'localhost', cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ _csrf, language: 'nl', to: '/patients' }).toString(),
    });
    expect([said.statusCode, said.headers.location]).toEqual([303, '/patients']);
    expect((await search(moved, 'Oudewater')).body).toContain('Oudewater');
  });

  it('who came in by the new one is known to processes that only have it behind, and to none that lack it', async () => {
    const behind = await buildTestApp(db, env(known, [oldSession, newSession]));
    onTestFinished(() => behind.close());
    const desk = await signIn(after, built.users.receptionist);
    const through = async (app: FastifyInstance) => {
      const moved = visitor(app);
      for (const [name, value] of desk.cookies) moved.cookies.set(name, value);
      return (await moved.get('/patients')).statusCode;
    };
    expect(await through(behind)).toBe(200);
    expect(await through(before)).toBe(303);
  });

  it('and a secret that was dropped ends what it signed, in words and not in a fault', async () => {
    const desk = await signIn(before, built.users.receptionist);
    const without = await buildTestApp(db, env(rotated, [newSession]));
    onTestFinished(() => without.close());
    const stranger = visitor(without);
    for (const [name, value] of desk.cookies) stranger.cookies.set(name, value);
    const answer = await stranger.get('/patients');
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/sign-in?to=%2Fpatients']);
    expect((await stranger.get('/sign-in')).statusCode).toBe(200);
    await signIn(without, built.users.receptionist);
  });
});
