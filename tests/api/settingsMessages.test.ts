import { asc, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { resendLink } from '../../domain/bookings/sendLink.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { buildPatient, testKeys } from '../builders.ts';
import { signIn } from '../desk.ts';
import { buildDeparting, buildSent, leftLongAgo } from '../efforts.ts';
import { bookedOnline } from './rightForms/patientLinks.ts';
import { app, built, db, elsewhere, manager, useSettings } from './settingsDesk.ts';

useSettings();

const url = '/settings/messages/link-sms';
const texts = { textEn: 'Hi {first}, book here: {link}', textNl: 'Hallo {voornaam}, boek hier: {link}' };
const words = (body: string) => body.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const history = () =>
  db.database
    .select()
    .from(tables.messageTemplates)
    .where(eq(tables.messageTemplates.practiceId, built.practice.id))
    .orderBy(asc(tables.messageTemplates.id));
const messagesOf = (bookingId: string) =>
  db.database
    .select()
    .from(tables.messages)
    .where(eq(tables.messages.bookingId, bookingId))
    .orderBy(asc(tables.messages.number));

describe('the texts of messages', () => {
  it('are the defaults until somebody writes others, and say so', async () => {
    const list = (await manager.get('/settings/messages')).body;
    expect(list.match(/Default text/g)).toHaveLength(12);
    expect(list).toContain('{praktijk}: kies online een tijd voor {voornaam|uw bezoek}');
    const page = await manager.get(url);
    expect(page.body).toContain('Nobody has changed this message yet');
    expect(page.body).not.toContain('Back to the default');
  });

  it('are changed in both languages, audited, and told who did', async () => {
    const saved = await manager.post(url, texts);
    expect([saved.statusCode, saved.headers.location]).toEqual([303, url]);
    expect((await history()).map(({ language, body }) => [language, body])).toEqual([
      ['en', texts.textEn],
      ['nl', texts.textNl],
    ]);
    const page = (await manager.get(url)).body;
    expect(page).toContain('The manager changed the English text');
    expect(page).toContain(texts.textNl);
    expect((await manager.get('/settings/messages')).body.match(/Own text since/g)).toHaveLength(2);
    const audited = await db.sql`
      select user_id, details from audit_entries where practice_id = ${built.practice.id} and action = 'template.changed' order by id`;
    expect(audited).toMatchObject([
      {
        user_id: built.users.manager.id,
        details: { kind: 'link', channel: 'sms', language: 'en', toDefault: false },
      },
      { details: { language: 'nl' } },
    ]);
  });

  it('changed twice the same way are changed once', async () => {
    await manager.post(url, texts);
    await manager.post(url, { ...texts, textEn: `  ${texts.textEn}\r\n ` });
    expect(await history()).toHaveLength(2);
  });

  it('that colleagues change at once are both in the history, and one counts', async () => {
    await Promise.all([1, 2, 3, 4].map((n) => manager.post(url, { ...texts, textEn: `{link} ${n}` })));
    const english = (await history()).filter(({ language }) => language === 'en');
    expect(english).toHaveLength(4);
    expect(english.filter(({ replacedAt }) => replacedAt === null)).toHaveLength(1);
  });

  it.each([
    ['textEn', '', 'This is required.'],
    ['textEn', 'Hi {first}', 'The link is missing'],
    ['textEn', '{link} {lastname}', '{lastname} is not one of the fields of this text.'],
    ['textNl', '{link} {first}', '{first} is not one of the fields of this text.'],
    ['textEn', '{link} {', 'A brace stands alone'],
    ['textEn', '{link} [', 'The square brackets'],
    ['textEn', '{link} {link}', 'only once'],
    ['textEn', '{link} Привет', 'An SMS can’t carry these letters.'],
    ['textEn', `{link} ${'x'.repeat(120)}`, 'does not fit one SMS: '],
    ['textEn', 'x'.repeat(481), 'This is too long.'],
  ])('are refused with %s %s, at the field and as filled', async (field, text, error) => {
    const answer = await manager.post(url, { ...texts, [field]: text });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toMatch(new RegExp(`id="field-${field}-error"`));
    expect(words(answer.body)).toContain(error);
    expect(answer.body).toContain(field === 'textEn' ? texts.textNl : texts.textEn);
    if (text !== '') expect(words(answer.body)).toContain(text.slice(0, 480));
    expect(await history()).toEqual([]);
  });

  it('are refused in the reader’s language', async () => {
    const { users } = tables;
    await db.database.update(users).set({ language: 'nl' }).where(eq(users.id, built.users.manager.id));
    const dutch = await signIn(app, built.users.manager);
    const { statusCode, body } = await dutch.post(url, { ...texts, textNl: '{achternaam}: {link}' });
    expect([statusCode, body.includes('{achternaam} is geen veld van deze tekst.')]).toEqual([422, true]);
  });

  it('are measured by the longest names on file, and only Latin ones', async () => {
    const room = 160 - app.configuration.linkKeys.urlLength! - ' '.length;
    await buildPatient(db, built, { firstName: 'Wilhelmina' });
    await buildPatient(db, built, { firstName: 'Мария-Александра-Екатерина' });
    const fits = (letters: number) => ({ ...texts, textEn: `{first} ${'x'.repeat(letters)}{link}` });
    const preview = await manager.post(url, { ...fits(room - 8), step: 'preview' });
    expect(preview.body).toMatch(/Wilhelmi\b|Wilhelmi x/);
    expect(preview.body).toContain('Names lose letters');
    expect((await manager.post(url, fits(room - 5))).statusCode).toBe(422);
    expect((await manager.post(url, fits(room - 6))).statusCode).toBe(303);
  });

  it('are shown as a patient would get them, without being saved', async () => {
    for (const partial of [false, true]) {
      const { statusCode, body } = await manager.post(url, { ...texts, step: 'preview' }, { partial });
      expect(statusCode).toBe(200);
      expect(body).toContain('Hi Robin, book here: http');
      expect(body).toContain('Hallo Robin, boek hier: http');
      expect(body.includes('<html')).toBe(!partial);
    }
    const wrong = await manager.post(url, { ...texts, textEn: 'Hi {first}', step: 'preview' }, { partial: true });
    expect([wrong.statusCode, wrong.body.includes('No preview yet: The link is missing')]).toEqual([200, true]);
    expect(wrong.body).toContain('Hallo Robin');
    expect(await history()).toEqual([]);
  });

  it('of an email have a subject, and both are kept', async () => {
    const email = {
      subjectEn: 'Time for\r\n you at {practice}',
      textEn: 'Dear {first},\r\n\r\n\r\nBook: {link}  ',
      subjectNl: 'Kies een tijd',
      textNl: '{link}',
    };
    expect((await manager.post('/settings/messages/link-email', { ...email, subjectNl: ' ' })).statusCode).toBe(422);
    expect((await manager.post('/settings/messages/link-email', email)).statusCode).toBe(303);
    expect((await history())[0]).toMatchObject({
      subject: 'Time for you at {practice}',
      body: 'Dear {first},\n\nBook: {link}',
    });
  });

  it('go back to the default in one language, once', async () => {
    await manager.post(url, texts);
    for (let n = 0; n < 2; n++) expect((await manager.post(`${url}/default`, { language: 'nl' })).statusCode).toBe(303);
    expect((await history()).map(({ body, replacedAt }) => [body, replacedAt === null])).toEqual([
      [texts.textEn, true],
      [texts.textNl, false],
      [null, true],
    ]);
    expect((await manager.get(url)).body).toContain('The manager went back to the default text in Dutch');
    expect((await manager.post(`${url}/default`, { language: 'fr' })).statusCode).toBe(422);
  });

  it('of earlier stand in the form again, to be saved', async () => {
    await manager.post(url, texts);
    await manager.post(url, { ...texts, textEn: 'Newer: {link}' });
    const [older] = await history();
    const page = (await manager.get(`${url}?version=${older!.id}`)).body;
    expect(page).toContain('stands in the form. Save to use it.');
    expect(/<textarea[^>]*name="textEn"[^>]*>([^<]*)/.exec(page)?.[1]).toBe(texts.textEn);
    expect(page).toContain(`href="${url}?version=${older!.id}"`);
    expect((await manager.get(`/settings/messages/reminder-sms?version=${older!.id}`)).statusCode).toBe(404);
    const theirs = await signIn(app, elsewhere.users.manager);
    expect((await theirs.get(`${url}?version=${older!.id}`)).statusCode).toBe(404);
    expect((await theirs.get(url)).body).not.toContain(texts.textEn);
  });

  it('are there for messages that there are', async () => {
    for (const none of ['link', 'link-fax', 'nothing-sms', '__proto__', 'link-sms-x'])
      expect((await manager.get(`/settings/messages/${none}`)).statusCode).toBe(404);
  });
});

describe('a message', () => {
  beforeEach(async () => {
    await manager.post(url, texts);
  });

  it('is written by the practice’s text, as the preview at the desk says', async () => {
    const { taskId } = await buildDeparting(db, built, { patient: { firstName: 'Kim', language: 'nl' } });
    const desk = await signIn(app, built.users.receptionist);
    expect((await desk.get(`/departure-tasks/${taskId}/link`)).body).toContain('Hallo Kim, boek hier: ');
    await desk.post(`/departure-tasks/${taskId}/link`, { channels: ['sms', 'email'] });
    const [task] = await db.database.select().from(tables.departureTasks).where(eq(tables.departureTasks.id, taskId));
    const sent = await messagesOf(task!.bookingId);
    expect(sent.find(({ channel }) => channel === 'sms')?.body).toBe('Hallo Kim, boek hier: {link}');
    expect(sent.find(({ channel }) => channel === 'email')?.subject).toContain(
      'Kies een tijd voor uw volgende afspraak',
    );
  });

  it('keeps the text it was written with; the next one has the new text', async () => {
    const { bookingId, followUpId } = await buildSent(db, built, {}, ['sms']);
    await manager.post(url, { ...texts, textEn: 'New words for {first}: {link}' });
    expect((await messagesOf(bookingId))[0]!.body).toBe('Hi Robin, book here: {link}');
    await leftLongAgo(db, bookingId);
    await db.database.transaction((tx) => resendLink(tx, testKeys, built.staff, followUpId, ['sms']));
    expect((await messagesOf(bookingId)).map(({ body }) => body)).toEqual([
      'Hi Robin, book here: {link}',
      'New words for Robin: {link}',
    ]);
  });

  it('that confirms is written by its own text', async () => {
    const confirmation = { textEn: '{first}: {day}, {time}. See you!', textNl: '{voornaam}: {dag}, {tijd}. Tot dan!' };
    expect((await manager.post('/settings/messages/confirmation-sms', confirmation)).statusCode).toBe(303);
    const { bookingId } = await bookedOnline(db, built);
    const [text] = (await messagesOf(bookingId)).filter((one) => one.kind === 'confirmation' && one.channel === 'sms');
    expect(text!.body).toMatch(/^Robin: \w{3} \d+ \w{3,4}, \d\d:\d\d\. See you!$/);
  });

  it('of another practice has the default', async () => {
    const { bookingId } = await buildSent(db, elsewhere, {}, ['sms']);
    expect((await messagesOf(bookingId))[0]!.body).toContain('choose a time for Robin with');
  });
});
