import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { changeAppointment } from '../../domain/book/appointments.ts';
import { writeAppointment } from '../../domain/bookings/steps.ts';
import { confirmationMessages } from '../../domain/messages/automatic.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { formats } from '../../locales/formats.ts';
import { testKeys, timeZone } from '../builders.ts';
import { type Browser, visitor } from '../desk.ts';
import { tokenFor } from '../efforts.ts';
import { fingerprint } from '../fingerprint.ts';
import {
  app,
  built,
  db,
  en,
  entriesOf,
  holding,
  inTx,
  nl,
  patientsBrowser,
  phone,
  sent,
  startsIn,
  stateOf,
  usePatients,
} from './patientsBrowser.ts';

usePatients();

describe('the patient’s way', () => {
  it('leads from the message to the thank-you page, and there again by a second click, a reload and going back', async () => {
    const { bookingId, token, patient } = await sent();
    const browser = patientsBrowser();
    const link = `/b/${token}`;

    const times = await browser.get(link);
    expect(times.statusCode).toBe(200);
    for (const text of ['Wilhelmientje', 'Dr Noor Beekman', en.minutes(30), 'Canal House', 'Amsterdam', phone]) {
      expect(times.body).toContain(text);
    }
    // Of the file no more than the first name.
    for (const text of ['Quaadgras', '1961', 'Zesendertig', patient.email!, patient.mobile!]) {
      expect(times.body).not.toContain(text);
    }
    const starts = startsIn(times.body);
    expect(starts.length).toBeGreaterThan(20);
    expect(starts.slice(0, 3)).toEqual(starts.slice(3, 6));

    const held = await browser.post(`${link}/hold`, { startsAt: starts[4]!, from: '' });
    expect(held.statusCode).toBe(303);
    expect(held.headers.location).toBe(`${link}/confirmation`);
    const startsAt = new Date(Number(starts[4]));
    expect((await entriesOf(bookingId)).map(({ kind, status, startsAt: at }) => [kind, status, at])).toEqual([
      ['hold', 'held', startsAt],
    ]);

    const check = await browser.get(`${link}/confirmation`);
    const f = formats('en', timeZone);
    for (const text of [
      'Noor Beekman',
      f.longDay(startsAt),
      f.time(startsAt),
      en.minutes(30),
      'Voorbeeldkade 1',
      'data-held-until',
      en.keepLonger,
    ]) {
      expect(check.body).toContain(text);
    }
    // Coming to the link again leads to the time that is kept.
    expect((await browser.get(link)).headers.location).toBe(`${link}/confirmation`);

    const yes = await browser.post(`${link}/confirmation`);
    expect(yes.statusCode).toBe(303);
    expect(await stateOf(bookingId)).toBe('confirmed');
    const thanks = await browser.get(yes.headers.location!);
    expect(thanks.body).toMatch(/look out for our confirmation by (SMS or email|email or SMS)/);
    const after = await fingerprint(db.sql);
    for (let again = 0; again < 3; again++) {
      expect((await browser.post(`${link}/confirmation`)).headers.location).toBe(`${link}/confirmation`);
      expect((await browser.get(`${link}/confirmation`)).body).toContain(f.longDay(startsAt));
      expect((await browser.get(link)).headers.location).toBe(`${link}/confirmation`);
      expect((await browser.post(`${link}/hold`, { startsAt: starts[9]! })).statusCode).toBe(409);
    }
    expect(await fingerprint(db.sql)).toEqual(after);

    await inTx((tx) => writeAppointment(tx, bookingId));
    expect((await browser.get(`${link}/confirmation`)).body).toContain(f.longDay(startsAt));
    expect((await browser.post(`${link}/confirmation`)).statusCode).toBe(303);
  });

  it.each(['stands', 'ran out and was given up'])(
    'answers a double tap, and a yes whose answer was lost, with the appointment: the time %s',
    async (how) => {
      for (const alone of [true, false]) {
        const { browser, link, bookingId, startsAt } = await holding();
        expect((await browser.get(`${link}/confirmation`)).statusCode).toBe(200);
        if (how !== 'stands') {
          await db.database
            .update(tables.bookEntries)
            .set({ status: 'lapsed', heldUntil: new Date(Date.now() - 1_000) })
            .where(eq(tables.bookEntries.bookingId, bookingId));
        }
        // What the browser knows before it is answered.
        const cookies = [...browser.cookies];
        const yes = () => browser.post(`${link}/confirmation`);
        if (alone) await yes();
        else
          for (const { headers } of await Promise.all([yes(), yes()]))
            expect(headers.location).toBe(`${link}/confirmation`);
        browser.cookies.clear();
        for (const [name, value] of cookies) browser.cookies.set(name, value);
        expect((await yes()).headers.location).toBe(`${link}/confirmation`);
        expect((await browser.get(`${link}/confirmation`)).body).toContain(formats('en', timeZone).longDay(startsAt));
        expect(await stateOf(bookingId)).toBe('confirmed');
      }
    },
  );

  it('takes the calendar file along from the thank-you page and from the confirmation’s link', async () => {
    const { browser, link, bookingId, startsAt } = await holding();
    expect((await browser.get(`${link}/appointment.ics`)).statusCode).toBe(404);
    await browser.post(`${link}/confirmation`);
    const stamp = startsAt
      .toISOString()
      .replace(/[-:]|\.000/g, '')
      .slice(0, 15);
    const expectFile = async (url: string, by: Browser) => {
      const file = await by.get(url);
      expect(file.statusCode).toBe(200);
      expect(file.headers).toMatchObject({
        'content-type': 'text/calendar; charset=utf-8; method=PUBLISH',
        'cache-control': 'no-store',
        'content-disposition': 'attachment; filename="appointment.ics"',
        'referrer-policy': 'no-referrer',
      });
      expect(file.body).toContain('BEGIN:VEVENT');
      expect(file.body).toContain(stamp.slice(0, 8));
      for (const text of ['Quaadgras', 'Wilhelmientje', 'Zesendertig']) expect(file.body).not.toContain(text);
    };
    await expectFile(`${link}/appointment.ics`, browser);
    expect((await patientsBrowser().get(`${link}/appointment.ics`)).statusCode).toBe(404);

    await inTx((tx) => writeAppointment(tx, bookingId));
    await inTx((tx) => confirmationMessages(tx, testKeys, bookingId));
    const theirs = `/a/${await tokenFor(db, bookingId, 'appointment')}`;
    const page = await patientsBrowser().get(theirs);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain(formats('en', timeZone).longDay(startsAt));
    await expectFile(`${theirs}/appointment.ics`, patientsBrowser());
    // Each link is good for its own purpose.
    expect((await patientsBrowser().get(theirs.replace('/a/', '/b/'))).statusCode).toBe(404);
    expect((await patientsBrowser().get(link.replace('/b/', '/a/'))).statusCode).toBe(404);

    await db.database
      .update(tables.bookEntries)
      .set({ status: 'cancelled' })
      .where(eq(tables.bookEntries.bookingId, bookingId));
    const cancelled = await patientsBrowser().get(theirs);
    expect(cancelled.body).toContain(en.cancelled);
    expect((await patientsBrowser().get(`${theirs}/appointment.ics`)).statusCode).toBe(404);
  });

  it('names whom the book names, also when the plan changes or the desk moves the appointment', async () => {
    const beekman = built.providers[0]!;
    const winter = built.providers[1]!;
    await db.database.update(tables.providers).set({ picture: Buffer.from('picture'), pictureType: 'image/webp' });
    const { browser, link, bookingId, planned, startsAt } = await holding();
    await browser.post(`${link}/confirmation`);
    await inTx((tx) => writeAppointment(tx, bookingId));
    const expectProvider = async (
      by: Browser,
      page: string,
      name: string,
      { id }: { id: string },
      sequence: number,
    ) => {
      const other = name === 'Dr Noor Beekman' ? 'Winter' : 'Beekman';
      const { body } = await by.get(page);
      expect(body).toContain(name);
      expect(body).toContain(`/providers/${id}/picture`);
      expect(body).not.toContain(other);
      const file = (await by.get(`${page.replace('/confirmation', '')}/appointment.ics`)).body.replace(/\r\n /g, '');
      expect(file).toContain(name);
      expect(file).not.toContain(other);
      expect(file).toContain(`SEQUENCE:${sequence}\r\n`);
    };
    await expectProvider(browser, `${link}/confirmation`, 'Dr Noor Beekman', beekman, 0);
    const { plannedAppointments } = tables;
    await db.database
      .update(plannedAppointments)
      .set({ providerId: winter.id })
      .where(eq(plannedAppointments.id, planned.id));
    await expectProvider(browser, `${link}/confirmation`, 'Dr Noor Beekman', beekman, 0);
    await db.database
      .update(plannedAppointments)
      .set({ providerId: beekman.id })
      .where(eq(plannedAppointments.id, planned.id));

    const [entry] = await entriesOf(bookingId);
    await inTx((tx) => changeAppointment(tx, built.staff, entry!.id, { providerId: winter.id }));
    await expectProvider(browser, `${link}/confirmation`, 'Sam Winter', winter, 1);
    await inTx((tx) => confirmationMessages(tx, testKeys, bookingId));
    const [email] = await db.sql`
      select attachments from messages where booking_id = ${bookingId} and kind = 'confirmation' and channel = 'email'`;
    expect(email!.attachments[0].content).toContain('SEQUENCE:1\r\n');
    const later = new Date(startsAt.getTime() + 90 * 60_000);
    await inTx((tx) => changeAppointment(tx, built.staff, entry!.id, { startsAt: later }));
    const theirs = `/a/${await tokenFor(db, bookingId, 'appointment')}`;
    await expectProvider(patientsBrowser(), theirs, 'Sam Winter', winter, 2);
  });

  it('is in the language of the patient’s file, and can be switched', async () => {
    const { token } = await sent('nl');
    const browser = patientsBrowser({ 'accept-language': 'en' });
    const link = `/b/${token}`;
    expect((await browser.get(link)).body).toContain('<html lang="nl">');
    expect((await browser.get(link)).body).toContain(nl.soonest);
    const switched = await browser.post(`${link}/language`, { language: 'en' });
    expect(switched.headers.location).toBe(link);
    expect((await browser.get(link)).body).toContain(en.soonest);
    await browser.post(`${link}/language`, { language: 'nl' });
    expect((await browser.get(link)).body).toContain(nl.soonest);
    expect((await patientsBrowser().get(`/b/${(await sent(null)).token}`)).body).toContain('<html lang="en">');
  });

  it('keeps no copy, is in no index and says nowhere from where the patient came', async () => {
    const { browser, link } = await holding();
    for (const url of [
      link,
      `${link}?choose=1`,
      `${link}/confirmation`,
      '/b/AAAAAAAAAAAAAAAAAAAAAA',
      '/a/AAAAAAAAAAAAAAAAAAAAAA',
    ]) {
      const { headers } = await browser.get(url);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
    }
  });
});

describe('reading a link', () => {
  it('changes nothing, however often mail scanners do it', async () => {
    const { token, bookingId } = await sent();
    const { link } = await holding();
    const booked = await holding();
    await booked.browser.post(`${booked.link}/confirmation`);
    const before = await fingerprint(db.sql);
    for (let again = 0; again < 50; again++) {
      const remoteAddress = `203.0.113.${again + 1}`;
      for (const url of [`/b/${token}`, `/b/${token}/confirmation`, link, `${link}/confirmation`, booked.link]) {
        for (const method of ['GET', 'HEAD'] as const) {
          expect((await app.inject({ method, url, remoteAddress })).statusCode).toBeLessThan(500);
        }
      }
    }
    expect(await fingerprint(db.sql)).toEqual(before);
    expect(await stateOf(bookingId)).toBe('link_sent');
  });

  it('needs no GET where something changes', async () => {
    const { link } = await holding();
    for (const url of [`${link}/hold`, `${link}/hold/extension`, `${link}/language`]) {
      expect((await patientsBrowser().get(url)).statusCode).toBe(404);
    }
  });
});

describe('whoever guesses links', () => {
  it('is slowed down, while a patient elsewhere still gets in', async () => {
    const { token } = await sent();
    const guesser = visitor(app, {}, '192.0.2.66');
    const answers = new Set<number>();
    let last = await guesser.get('/b/AAAAAAAAAAAAAAAAAAAAAA');
    for (let guess = 0; guess < 130; guess++) {
      last = await guesser.get(`/b/${String(guess).padStart(22, 'A')}`);
      answers.add(last.statusCode);
    }
    expect([...answers]).toEqual([404, 429]);
    expect(last.body).toContain('Too many tries');
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
    // By other ways neither, not even with a good link.
    expect((await guesser.get(`/a/${'B'.repeat(22)}`)).statusCode).toBe(429);
    expect((await guesser.get(`/b/${token}`)).statusCode).toBe(429);
    expect((await patientsBrowser().get(`/b/${token}`)).statusCode).toBe(200);
  });
});
