import type { FastifyInstance } from 'fastify';
import { parse } from 'node-html-parser';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { buildPatient, buildPractice } from '../builders.ts';
import { buildTestApp, visitor } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { readReach } from '../reach.ts';

let db: FreshDatabase;
let app: FastifyInstance | undefined;

beforeAll(async () => {
  db = await freshDatabase();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
});
afterAll(() => db?.drop());

const twilio = { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'x', TWILIO_FROM: '+15005550006' };
const resend = { RESEND_API_KEY: 're_test', RESEND_FROM: 'book@example.com' };

async function start(env: Record<string, string> = {}) {
  app = await buildTestApp(db, env);
  return visitor(app);
}

const received = (more: Partial<typeof tables.demoInbox.$inferInsert> = {}) =>
  db.database
    .insert(tables.demoInbox)
    .values({
      id: crypto.randomUUID(),
      channel: 'sms',
      recipient: '+31600000001',
      sender: 'Smiles',
      body: 'Choose a time: http://localhost:3000/b/abc Prefer to call?',
      ...more,
    })
    .returning();

describe('the demo inbox', () => {
  it('says so when nothing has come yet', async () => {
    const patient = await start();
    expect((await patient.get('/inbox')).body).toContain('No messages yet.');
  });

  it('has a switch for each carrier’s bad day, and says which message never arrived', async () => {
    const patient = await start(resend);
    const page = parse((await patient.get('/inbox')).body);
    expect(page.querySelectorAll('select[name="mood"]').map((select) => select.id)).toEqual(['mood-sms']);
    expect((await patient.post('/inbox/carriers', { channel: 'sms', mood: 'bouncing' })).statusCode).toBe(303);
    expect((await patient.post('/inbox/carriers', { channel: 'sms', mood: 'furious' })).statusCode).toBe(422);
    await received({ mood: 'bouncing', recipient: '+31600000077' });
    await received({ receivedAt: new Date(Date.now() + 60_000), body: 'Not here yet' });
    const after = await patient.get('/inbox');
    expect(parse(after.body).querySelector('option[selected]')!.getAttribute('value')).toBe('bouncing');
    expect(after.body).toContain('never arrived');
    expect(after.body).not.toContain('Not here yet');
    await db.database.delete(tables.demoInbox);
    await db.database.delete(tables.demoCarriers);
  });

  it('lets the patient answer an SMS: STOP ends them', async () => {
    const built = await buildPractice(db);
    const { mobile, id } = await buildPatient(db, built);
    const [message] = await received({ recipient: mobile! });
    const patient = await start();
    expect((await patient.post(`/inbox/${message!.id}/reply`, { body: 'stop' })).statusCode).toBe(303);
    expect((await readReach(db.database, built.practice.id, id)).sms).toBe('opted_out');
    expect((await patient.post(`/inbox/${crypto.randomUUID()}/reply`, { body: 'stop' })).statusCode).toBe(404);
    await db.database.delete(tables.demoInbox);
  });

  it('shows each message as a telephone or mailbox would, the newest first, its link to be followed', async () => {
    await received();
    await received({
      channel: 'email',
      recipient: 'robin@example.com',
      subject: 'Your appointment',
      body: '<script>alert(1)</script>',
      receivedAt: new Date(Date.now() + 5),
    });
    const { body } = await (await start()).get('/inbox');
    expect(body).toContain('<a href="http://localhost:3000/b/abc">');
    expect(body).toContain('Your appointment');
    expect(body).toContain('&lt;script>alert(1)');
    expect(body).not.toContain('<script>alert');
    expect(body.indexOf('robin@example.com')).toBeLessThan(body.indexOf('+31600000001'));
  });

  it('hands out an attachment, and only what is there', async () => {
    const content = 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n';
    const attachment = { filename: 'appointment.ics', content, contentType: 'text/calendar; charset=utf-8' };
    const [message] = await received({ channel: 'email', attachments: [attachment] });
    const patient = await start();
    const url = `/inbox/${message!.id}/attachments`;
    const file = await patient.get(`${url}/0`);
    expect([file.statusCode, file.body]).toEqual([200, content]);
    expect(file.headers['content-type']).toBe('text/calendar; charset=utf-8');
    expect(file.headers['content-disposition']).toBe('attachment; filename="appointment.ics"');
    for (const wrong of ['1', '-1', 'length', '__proto__']) {
      expect((await patient.get(`${url}/${wrong}`)).statusCode).toBe(404);
    }
    expect((await patient.get(`/inbox/${crypto.randomUUID()}/attachments/0`)).statusCode).toBe(404);
  });

  it('is there while one of the channels has no carrier', async () => {
    expect((await (await start(twilio)).get('/inbox')).statusCode).toBe(200);
    await app!.close();
    expect((await (await start(resend)).get('/inbox')).statusCode).toBe(200);
  });

  it('is not there where both carriers are set up', async () => {
    const patient = await start({ ...twilio, ...resend });
    expect((await patient.get('/inbox')).statusCode).toBe(404);
  });

  it('is never there in production, whatever the keys', async () => {
    const [message] = await received({ attachments: [{ filename: 'a', content: 'b', contentType: 'text/plain' }] });
    const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://book.example.com' };
    for (const env of [production, { ...production, ...twilio }]) {
      const patient = await start(env);
      expect((await patient.get('/inbox')).statusCode).toBe(404);
      expect((await patient.get(`/inbox/${message!.id}/attachments/0`)).statusCode).toBe(404);
      await app!.close();
    }
  });
});
