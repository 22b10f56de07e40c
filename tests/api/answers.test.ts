import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { texts } from '../../locales/texts.ts';
import { inDays } from '../builders.ts';
import { signIn, visitor } from '../desk.ts';
import { buildSent, tokenFor } from '../efforts.ts';
import { fingerprint } from '../fingerprint.ts';
import { app, built, db, desk, useReception } from './reception.ts';

useReception();

const phone = '+31 20 000 0000';
let address = 0;
const patientsBrowser = () => visitor(app, {}, `198.51.101.${++address}`);

async function sent(language: 'en' | 'nl' = 'en') {
  const visit = await buildSent(db, built, { patient: { firstName: 'Wilhelmientje', language } });
  return { ...visit, link: `/b/${visit.token}`, browser: patientsBrowser() };
}
const bookingNow = async (id: string) =>
  (await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, id)))[0]!;
const rowOf = async (id: string, category: string, by = desk) => {
  const { body } = await by.get(`/follow-up?category=${category}`);
  return new RegExp(`<li[^>]* id="follow-up-${id}".*?<div class="actions">.*?</div>`, 's').exec(body)?.[0] ?? '';
};

describe.each(['en', 'nl'] as const)('instead of choosing a time, in %s,', (language) => {
  const t = texts(language).patientLinks;
  it.each([
    ['no_time_suits', 'unbooked'],
    ['call_me', 'call_requested'],
  ] as const)(
    'the patient says %s: kind words, a row for the desk, and the link stays good',
    async (answer, category) => {
      const { link, browser, followUpId, patient, bookingId } = await sent(language);
      expect((await browser.get(link)).body).toContain(t.answers[answer]);
      const said = await browser.post(`${link}/answer`, { answer });
      expect([said.statusCode, said.headers.location]).toEqual([303, `${link}/answer`]);
      const page = await browser.get(`${link}/answer`);
      for (const text of [t.answered[answer].title, t.answered[answer].text, t.ratherNotWait(phone)]) {
        expect(page.body).toContain(text);
      }
      expect(page.body).not.toContain('Wilhelmientje');

      const row = await rowOf(followUpId, category);
      expect(row).toContain(texts('en').patientLinks.answers[answer]);
      expect(row).toContain(texts('en').followUp.afterAnswer[answer]);
      expect(row).toContain(patient.mobile);

      const again = await browser.get(link);
      expect(again.body).toContain(t.answeredBefore[answer]);
      const start = /name="startsAt" value="(\d+)"/.exec(again.body)![1]!;
      expect((await browser.post(`${link}/hold`, { startsAt: start })).statusCode).toBe(303);
      expect((await browser.post(`${link}/confirmation`)).statusCode).toBe(303);
      expect((await bookingNow(bookingId)).state).toBe('confirmed');
      expect((await browser.post(`${link}/answer`, { answer })).statusCode).toBe(409);
    },
  );

  it('somebody else says that it is not for them: asked once, then the link leads nowhere and names nobody', async () => {
    const { link, browser, followUpId, bookingId, token } = await sent(language);
    const asks = await browser.get(`${link}/not-for-me`);
    expect(asks.body).toContain(t.notForMe.title);
    expect((await bookingNow(bookingId)).answer).toBeNull();
    const said = await browser.post(`${link}/answer`, { answer: 'not_for_me' });
    expect([said.statusCode, said.headers.location]).toEqual([303, `${link}/answer`]);
    for (const url of [link, `${link}/answer`, `${link}/not-for-me`, `${link}/confirmation`]) {
      const page = await browser.get(url);
      expect(page.body).toContain(t.closed.not_for_me.title);
      for (const text of ['Wilhelmientje', 'Beekman', 'startsAt']) expect(page.body).not.toContain(text);
    }
    expect((await browser.post(`${link}/hold`, { startsAt: inDays(built, 9, 600).getTime() })).statusCode).toBe(409);
    expect(await rowOf(followUpId, 'wrong_contact')).toContain(texts('en').patientLinks.answers.not_for_me);

    // Reception corrects the contact and sends it again: by a link of its own.
    expect((await desk.post(`/follow-up/${followUpId}/link`, { channels: ['email'] })).statusCode).toBe(303);
    expect(await rowOf(followUpId, 'olb_link_sent')).not.toContain(texts('en').patientLinks.answers.not_for_me);
    expect((await bookingNow(bookingId)).reminderTimes).not.toEqual([]);
    const fresh = await tokenFor(db, bookingId);
    expect(fresh).not.toBe(token);
    expect((await patientsBrowser().get(`/b/${fresh}`)).body).toContain('Wilhelmientje');
    expect((await browser.get(link)).body).toContain(t.closed.replaced.title);
  });
});

describe('an answer', () => {
  it('given again changes nothing, by a second click, a reload and going back', async () => {
    const { link, browser } = await sent();
    await browser.get(link);
    for (const answer of ['call_me', 'not_for_me']) {
      expect((await browser.post(`${link}/answer`, { answer })).statusCode).toBe(303);
      const after = await fingerprint(db.sql);
      for (let again = 0; again < 3; again++) {
        expect((await browser.post(`${link}/answer`, { answer })).headers.location).toBe(`${link}/answer`);
        expect((await browser.get(`${link}/answer`)).statusCode).toBe(200);
      }
      expect(await fingerprint(db.sql)).toEqual(after);
    }
    // Whoever said that it is not for them does not ask to be called.
    expect((await browser.post(`${link}/answer`, { answer: 'call_me' })).headers.location).toBe(`${link}/answer`);
    expect((await browser.get(`${link}/answer`)).body).toContain(texts('en').patientLinks.closed.not_for_me.title);
  });

  it('takes the place of another, and is said to the desk in its own words', async () => {
    const { link, browser, followUpId } = await sent();
    await browser.get(link);
    await browser.post(`${link}/answer`, { answer: 'call_me' });
    await browser.post(`${link}/answer`, { answer: 'no_time_suits' });
    expect(await rowOf(followUpId, 'call_requested')).toBe('');
    expect(await rowOf(followUpId, 'unbooked')).toContain('No time suits');
    const [dutch] = await db.database
      .insert(tables.users)
      .values({ ...built.users.receptionist, id: undefined, email: 'balie@example.com', language: 'nl' })
      .returning();
    expect(await rowOf(followUpId, 'unbooked', await signIn(app, dutch!))).toContain('Antwoordde “Geen tijd past mij”');
  });

  it('is none before it was given: its page leads to the times', async () => {
    const { link, browser } = await sent();
    expect((await browser.get(`${link}/answer`)).headers.location).toBe(link);
  });

  it('must be one of them, and needs the form’s token and a link', async () => {
    const { link, browser, bookingId } = await sent();
    await browser.get(link);
    for (const fields of [
      {},
      { answer: '' },
      { answer: 'perhaps' },
      { answer: ['call_me', 'not_for_me'] },
      { answer: 'call_me', more: 'x' },
    ]) {
      expect((await browser.post(`${link}/answer`, fields)).statusCode).toBe(422);
    }
    expect(
      (
        await app.inject({
          method: 'POST',
          url: `${link}/answer`,
          payload: 'answer=call_me',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).statusCode,
    ).toBe(403);
    const unknown = `/b/${'A'.repeat(22)}`;
    for (const url of [`${unknown}/answer`, `${unknown}/not-for-me`])
      expect((await patientsBrowser().get(url)).statusCode).toBe(404);
    expect((await browser.post(`${unknown}/answer`, { answer: 'call_me' })).statusCode).toBe(404);
    expect((await bookingNow(bookingId)).answer).toBeNull();
  });

  it('comes too late once the time is confirmed: the page says that it is booked', async () => {
    const { link, browser, bookingId } = await sent();
    await browser.get(link);
    await db.database.transaction((tx) => hold(tx, bookingId, inDays(built, 11, 600)));
    await db.database.transaction((tx) => confirm(tx, bookingId));
    const late = await browser.post(`${link}/answer`, { answer: 'call_me' });
    expect([late.statusCode, late.body.includes(texts('en').patientLinks.closed.booked.title)]).toEqual([409, true]);
    expect((await bookingNow(bookingId)).answer).toBeNull();
  });

  it('is read without changing anything', async () => {
    const { link, browser } = await sent();
    const before = await fingerprint(db.sql);
    for (const url of [`${link}/answer`, `${link}/not-for-me`]) {
      for (const method of ['GET', 'HEAD'] as const) await app.inject({ method, url });
    }
    expect(await fingerprint(db.sql)).toEqual(before);
    expect((await browser.get(link)).statusCode).toBe(200);
  });
});
