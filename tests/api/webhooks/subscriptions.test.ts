import type { FastifyInstance } from 'fastify';
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOfToken, unsubscribeToken } from '../../../domain/messages/unsubscribe.ts';
import { type BuiltPractice, buildPractice, testKeys } from '../../builders.ts';
import { buildTestApp, visitor } from '../../desk.ts';
import { buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';
import { readReach } from '../../reach.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;

beforeAll(async () => {
  db = await freshDatabase();
  app = await buildTestApp(db);
  built = await buildPractice(db);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

async function emailed(channel: 'sms' | 'email' = 'email') {
  const { patient, bookingId } = await buildSent(db, built, { patient: { language: 'en' } }, [channel]);
  const [message] = await db.sql<{ id: string }[]>`select id from messages where booking_id = ${bookingId}`;
  const reach = async () => (await readReach(db.database, built.practice.id, patient.id)).email;
  return { patient, reach, messageId: message!.id, url: `/u/${unsubscribeToken(testKeys, message!.id)}` };
}
const click = (
  url: string,
  payload = 'List-Unsubscribe=One-Click',
  type = 'application/x-www-form-urlencoded',
  remoteAddress = '198.51.100.77',
) => app.inject({ method: 'POST', url, payload, headers: { 'content-type': type }, remoteAddress });

describe('the way out of emails', () => {
  it('is one call of the mailbox’s, in either form that the standard allows, and may come again', async () => {
    const first = await emailed();
    for (const _ of [1, 2]) {
      const answer = await click(first.url);
      expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([204, undefined]);
      expect(await first.reach()).toBe('opted_out');
    }
    const second = await emailed();
    const multipart = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n';
    expect((await click(second.url, multipart, 'multipart/form-data; boundary=x')).statusCode).toBe(204);
    expect(await second.reach()).toBe('opted_out');
  });

  it('is not taken by looking, nor by a call that wishes nothing', async () => {
    const { url, reach } = await emailed();
    for (const method of ['GET', 'HEAD'] as const) await app.inject({ method, url });
    expect((await click(url, 'a=b')).statusCode).toBe(400);
    expect(await reach()).toBe('open');
  });

  it('is a page with a button, and with one to come back; it names nobody', async () => {
    const { url, reach, patient } = await emailed();
    const browser = visitor(app);
    const page = await browser.get(url);
    expect(page.statusCode).toBe(200);
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    for (const secret of [patient.lastName, patient.email!, patient.firstName]) expect(page.body).not.toContain(secret);
    const press = async () => {
      const action = parse((await browser.get(url)).body)
        .querySelector('main form')!
        .getAttribute('action')!;
      expect((await browser.post(action)).statusCode).toBe(303);
      return (await browser.get(url)).body;
    };
    expect(await press()).toContain('You get no more emails');
    expect(await reach()).toBe('opted_out');
    expect(await press()).toContain('You get emails from');
    expect(await reach()).toBe('open');
  });

  it('speaks the other language when asked, and stays what it was', async () => {
    const { url, reach } = await emailed();
    const browser = visitor(app);
    const english = await browser.get(url);
    expect(english.body).toContain('<html lang="en">');
    const theSwitch = (body: string) => parse(body).querySelector('.patient-head form')!;
    for (const [language, said] of [
      ['nl', 'U krijgt e-mails van'],
      ['en', 'You get emails from'],
    ] as const) {
      const form = theSwitch((await browser.get(url)).body);
      expect(form.querySelector('[name=language]')!.getAttribute('value')).toBe(language);
      const switched = await browser.post(form.getAttribute('action')!, { language });
      expect([switched.statusCode, switched.headers.location]).toEqual([303, url]);
      const { body } = await browser.get(url);
      expect(body).toContain(`<html lang="${language}">`);
      expect(body).toContain(said);
    }
    expect(await reach()).toBe('open');
  });

  it('can’t be made up, and is slowed down for who tries', async () => {
    const { messageId, url, reach } = await emailed();
    const forged = [
      `/u/${unsubscribeToken({ newest: 'x', secrets: { x: 'another secret of 32 characters!!!' } }, messageId)}`,
      `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`,
      '/u/short',
    ];
    for (const one of forged) {
      expect((await click(one)).statusCode).toBe(404);
      expect((await visitor(app).get(one)).statusCode).toBe(404);
    }
    expect(await reach()).toBe('open');
    const guess = (at: string) => click(at, undefined, undefined, '203.0.113.5');
    for (let i = 0; i < 30; i++) await guess('/u/short');
    expect((await guess(url)).statusCode).toBe(429);
    expect((await click(url)).statusCode).toBe(204);
  });

  it('is that of an email only, and outlives a rotation while its key is on the ring', async () => {
    const sms = await emailed('sms');
    expect((await click(sms.url)).statusCode).toBe(404);
    const rotated = { newest: 'k2', secrets: { k2: 'a newer secret of 32 characters!!!', ...testKeys.secrets } };
    expect(messageOfToken(rotated, unsubscribeToken(testKeys, sms.messageId))).toBe(sms.messageId);
    expect(messageOfToken({ newest: 'k2', secrets: { k2: 'x'.repeat(32) } }, sms.url.slice(3))).toBeNull();
  });
});
