import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { cancelAppointment } from '../../domain/book/attendance.ts';
import { answerLink } from '../../domain/bookings/answer.ts';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { resendLink } from '../../domain/bookings/sendLink.ts';
import { expireLink, moveOffFollowUp, writeAppointment } from '../../domain/bookings/steps.ts';
import { changePlannedAppointment } from '../../domain/chart/planned.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { texts } from '../../locales/texts.ts';
import { buildPractice, testKeys } from '../builders.ts';
import { buildTestApp, visitor } from '../desk.ts';
import { freshDatabase } from '../engines/database.ts';
import { fingerprint } from '../fingerprint.ts';
import {
  built,
  db,
  en,
  entriesOf,
  expectNothingPersonal,
  holding,
  inTx,
  nextTime,
  nl,
  patientsBrowser,
  phone,
  sent,
  usePatients,
} from './patientsBrowser.ts';

usePatients();

describe('a link that leads no further', () => {
  it('is nobody’s when it was cut short or never given', async () => {
    const { token } = await sent();
    // Whose it might be nobody can say.
    await buildPractice(db);
    const others = [
      token.slice(0, -1),
      `${token}A`,
      token.toLowerCase(),
      'A'.repeat(22),
      '%20',
      `${token.slice(0, 21)}.`,
      'x'.repeat(99),
    ];
    for (const other of others) {
      const browser = patientsBrowser();
      for (const url of [`/b/${other}`, `/b/${other}/confirmation`, `/a/${other}`, `/b/${other}/appointment.ics`]) {
        const { statusCode, body } = await browser.get(url);
        expect([url, statusCode]).toEqual([url, 404]);
        for (const text of ['Brightside', phone, '4321', 'Canal', 'Wilhelmientje']) expect(body).not.toContain(text);
      }
      for (const url of [`/b/${other}/hold`, `/b/${other}/confirmation`, `/b/${other}/hold/extension`]) {
        expect(
          (await browser.post(url, url.endsWith('hold') ? { startsAt: nextTime().getTime() } : {})).statusCode,
        ).toBe(404);
      }
    }
    expect((await patientsBrowser().get('/b/AAAAAAAAAAAAAAAAAAAAAA')).body).toContain(en.closed.unknown.title);
    const dutch = patientsBrowser({ 'accept-language': 'nl' });
    expect((await dutch.get('/b/AAAAAAAAAAAAAAAAAAAAAA')).body).toContain(nl.closed.unknown.title);
  });

  it('says whom to call where only one practice can be meant', async () => {
    const alone = await freshDatabase();
    await buildPractice(alone, { phone: '+31 20 000 0007' });
    const itsApp = await buildTestApp(alone);
    const { body } = await visitor(itsApp).get('/b/AAAAAAAAAAAAAAAAAAAAAA');
    expect(body).toContain('+31 20 000 0007');
    await itsApp.close();
    await alone.drop();
  });

  const ways: Record<
    'booked' | 'cancelled' | 'not_for_me' | 'expired' | 'replaced' | 'withdrawn',
    ((visit: Awaited<ReturnType<typeof sent>>) => Promise<unknown>)[]
  > = {
    booked: [
      async ({ bookingId }) => {
        await inTx((tx) => hold(tx, bookingId, nextTime()));
        await inTx((tx) => confirm(tx, bookingId));
      },
      async ({ bookingId }) => {
        await inTx((tx) => hold(tx, bookingId, nextTime()));
        await inTx((tx) => confirm(tx, bookingId));
        await inTx((tx) => writeAppointment(tx, bookingId));
        await inTx((tx) => moveOffFollowUp(tx, bookingId));
      },
      ({ bookingId }) =>
        inTx((tx) =>
          bookAtDesk(tx, built.staff, bookingId, {
            providerId: built.providers[0]!.id,
            chairIds: [built.chairs[0]!.id],
            startsAt: nextTime(),
            minutes: 30,
          }),
        ),
    ],
    cancelled: [
      async ({ bookingId }) => {
        await inTx((tx) => hold(tx, bookingId, nextTime()));
        await inTx((tx) => confirm(tx, bookingId));
        await inTx((tx) => writeAppointment(tx, bookingId));
        await inTx((tx) => moveOffFollowUp(tx, bookingId));
        const [entry] = await entriesOf(bookingId);
        await inTx((tx) => cancelAppointment(tx, built.staff, entry!.id));
      },
    ],
    not_for_me: [({ bookingId }) => inTx((tx) => answerLink(tx, bookingId, 'not_for_me'))],
    expired: [
      ({ bookingId }) =>
        db.database
          .update(tables.bookings)
          .set({ linkExpiresAt: new Date(Date.now() - 1) })
          .where(eq(tables.bookings.id, bookingId)),
      async ({ bookingId }) => {
        await db.database
          .update(tables.bookings)
          .set({ linkExpiresAt: new Date(Date.now() - 1) })
          .where(eq(tables.bookings.id, bookingId));
        await inTx((tx) => expireLink(tx, bookingId));
      },
    ],
    replaced: [
      async ({ bookingId, followUpId }) => {
        await db.database
          .update(tables.bookings)
          .set({ linkExpiresAt: new Date(Date.now() - 1) })
          .where(eq(tables.bookings.id, bookingId));
        await inTx((tx) => expireLink(tx, bookingId));
        await inTx((tx) => resendLink(tx, testKeys, built.staff, followUpId, ['email']));
      },
    ],
    withdrawn: [
      ({ planned }) => inTx((tx) => changePlannedAppointment(tx, built.staff, planned.id, { toBeBooked: false })),
    ],
  };

  for (const [why, befalls] of Object.entries(ways) as [keyof typeof ways, (typeof ways)['booked']][]) {
    it(`is kind and gives nothing away when it is ${why}`, async () => {
      for (const befall of befalls) {
        for (const language of ['en', 'nl'] as const) {
          const visit = await sent(language);
          const link = `/b/${visit.token}`;
          await befall(visit);
          const before = await fingerprint(db.sql);
          const browser = patientsBrowser();
          const { title, text } = texts(language).bookings.closed[why];
          for (const url of [link, `${link}/confirmation`]) {
            const page = await browser.get(url);
            expect(page.statusCode).toBe(200);
            for (const there of [title, text, phone, 'Brightside Dental', `<html lang="${language}">`])
              expect(page.body).toContain(there);
            expectNothingPersonal(page, visit.patient);
          }
          const tries = [
            await browser.post(`${link}/hold`, { startsAt: nextTime().getTime() }),
            await browser.post(`${link}/hold/extension`),
            ...(why === 'booked' ? [] : [await browser.post(`${link}/confirmation`)]),
          ];
          for (const tried of tries) {
            expect(tried.statusCode).toBe(409);
            expect(tried.body).toContain(title);
            expectNothingPersonal(tried, visit.patient);
          }
          expect(await fingerprint(db.sql)).toEqual(before);
          // Switched, and still nothing more.
          const other = language === 'en' ? 'nl' : 'en';
          expect((await browser.post(`${link}/language`, { language: other })).headers.location).toBe(link);
          expect((await browser.get(link)).body).toContain(texts(other).bookings.closed[why].title);
        }
      }
    });
  }

  it('shows the appointment only in the browser that confirmed it', async () => {
    const one = await holding();
    const other = await holding();
    await one.browser.post(`${one.link}/confirmation`);
    await other.browser.post(`${other.link}/confirmation`);
    const curious = patientsBrowser();
    // A proof for one appointment, carried over to another's link by hand, proves nothing.
    for (const [name, value] of other.browser.cookies) curious.cookies.set(name, value);
    for (const url of [one.link, `${one.link}/confirmation`]) {
      const page = await curious.get(url);
      expect(page.body).toContain(en.closed.booked.title);
      expectNothingPersonal(page, one.patient);
    }
    expect((await curious.get(`${one.link}/appointment.ics`)).statusCode).toBe(404);
  });
});
