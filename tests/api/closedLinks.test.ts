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
import { depart } from '../../domain/departures/depart.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { texts } from '../../locales/texts.ts';
import { buildPractice, testKeys } from '../builders.ts';
import { buildTestApp, visitor } from '../desk.ts';
import { buildVisit, tokenFor } from '../efforts.ts';
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
  stateOf,
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

  type Sent = Awaited<ReturnType<typeof sent>>;
  const endLink = async ({ bookingId }: Sent) => {
    await db.database
      .update(tables.bookings)
      .set({ linkExpiresAt: new Date(Date.now() - 1) })
      .where(eq(tables.bookings.id, bookingId));
    await inTx((tx) => expireLink(tx, bookingId));
  };
  const atDesk = ({ bookingId }: Sent) =>
    inTx((tx) =>
      bookAtDesk(tx, built.staff, bookingId, {
        providerId: built.providers[0]!.id,
        chairIds: [built.chairs[0]!.id],
        startsAt: nextTime(),
      }),
    );
  const cancelled = async ({ bookingId }: Sent) => {
    await inTx((tx) => hold(tx, bookingId, nextTime()));
    await inTx((tx) => confirm(tx, bookingId));
    await inTx((tx) => writeAppointment(tx, bookingId));
    await inTx((tx) => moveOffFollowUp(tx, bookingId));
    const [entry] = await entriesOf(bookingId);
    await inTx((tx) => cancelAppointment(tx, built.staff, entry!.id));
  };
  const leaveAgain = async ({ patient, planned }: Sent) => {
    const { id } = await buildVisit(db, built, patient.id);
    expect((await inTx((tx) => depart(tx, built.staff, id))).bookingIds).toHaveLength(1);
    const efforts = await db.database
      .select()
      .from(tables.bookings)
      .where(eq(tables.bookings.plannedAppointmentId, planned.id));
    expect(efforts.map(({ state }) => state)).toContain('departing');
  };
  const openRow = async ({ planned }: Sent) => {
    const rows = await db.database
      .select()
      .from(tables.followUps)
      .where(eq(tables.followUps.plannedAppointmentId, planned.id));
    return rows.find(({ closedAt }) => closedAt === null);
  };
  const ways: Record<
    'booked' | 'cancelled' | 'not_for_me' | 'expired' | 'replaced' | 'withdrawn',
    ((visit: Sent) => Promise<unknown>)[]
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
      atDesk,
      // The patient did not use the link, and was booked by telephone.
      async (visit) => {
        await endLink(visit);
        await atDesk(visit);
      },
      async (visit) => {
        await cancelled(visit);
        await atDesk(visit);
      },
    ],
    cancelled: [
      cancelled,
      // The patient leaves once more, and is sent nothing.
      async (visit) => {
        await cancelled(visit);
        await leaveAgain(visit);
      },
    ],
    not_for_me: [({ bookingId }) => inTx((tx) => answerLink(tx, bookingId, 'not_for_me'))],
    expired: [
      ({ bookingId }) =>
        db.database
          .update(tables.bookings)
          .set({ linkExpiresAt: new Date(Date.now() - 1) })
          .where(eq(tables.bookings.id, bookingId)),
      endLink,
      // None of these sends another link.
      async (visit) => {
        await endLink(visit);
        await leaveAgain(visit);
      },
      async (visit) => {
        await endLink(visit);
        const booked = await atDesk(visit);
        if (!booked.taken) await inTx((tx) => cancelAppointment(tx, built.staff, booked.entryId));
      },
    ],
    replaced: [
      async (visit) => {
        await endLink(visit);
        await inTx((tx) => resendLink(tx, testKeys, built.staff, visit.followUpId, ['email']));
      },
      async (visit) => {
        await cancelled(visit);
        const { id } = (await openRow(visit))!;
        await inTx((tx) => resendLink(tx, testKeys, built.staff, id, ['email']));
      },
      async ({ bookingId, followUpId }) => {
        await inTx((tx) => answerLink(tx, bookingId, 'not_for_me'));
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
          const { title, text } = texts(language).patientLinks.closed[why];
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
            await browser.post(`${link}/confirmation`),
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
          expect((await browser.get(link)).body).toContain(texts(other).patientLinks.closed[why].title);
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

  it('says to no stranger’s yes when the appointment is', async () => {
    const { link, browser, patient, bookingId } = await holding();
    await browser.post(`${link}/confirmation`);
    const finder = patientsBrowser();
    // Its language form has the token that every form needs.
    await finder.get(link);
    for (let again = 0; again < 2; again++) {
      const tried = await finder.post(`${link}/confirmation`);
      expect(tried.statusCode).toBe(409);
      expect(tried.body).toContain(en.closed.booked.title);
      expectNothingPersonal(tried, patient);
      expectNothingPersonal(await finder.get(`${link}/confirmation`), patient);
      expect((await finder.get(`${link}/appointment.ics`)).statusCode).toBe(404);
      await inTx((tx) => writeAppointment(tx, bookingId));
    }
  });

  it('confirms nothing, and shows nothing, once it was replaced, whoever had which time by it', async () => {
    const { link, browser: stranger, patient, bookingId, followUpId } = await holding();
    const startsAt = nextTime();
    await stranger.post(`${link}/hold`, { startsAt: startsAt.getTime() });
    expect((await stranger.get(`${link}/confirmation`)).statusCode).toBe(200);
    await inTx((tx) => answerLink(tx, bookingId, 'not_for_me'));
    await inTx((tx) => resendLink(tx, testKeys, built.staff, followUpId, ['email']));
    const theirs = `/b/${await tokenFor(db, bookingId)}`;
    const own = patientsBrowser();
    expect((await own.post(`${theirs}/hold`, { startsAt: startsAt.getTime() })).statusCode).toBe(303);

    const early = await stranger.post(`${link}/confirmation`);
    expect(early.statusCode).toBe(409);
    expect(early.body).toContain(en.closed.replaced.title);
    expectNothingPersonal(early, patient);
    expect(await stateOf(bookingId)).toBe('link_sent');

    expect((await own.post(`${theirs}/confirmation`)).statusCode).toBe(303);
    await stranger.get(link);
    for (const late of [await stranger.post(`${link}/confirmation`), await stranger.get(`${link}/confirmation`)]) {
      expect(late.body).toContain(en.closed.booked.title);
      expectNothingPersonal(late, patient);
    }
    expect((await stranger.get(`${link}/appointment.ics`)).statusCode).toBe(404);
    expect((await own.get(`${theirs}/confirmation`)).body).toContain('Beekman');
  });

  it('shows who saw a time only that one', async () => {
    const { link, browser, patient, startsAt } = await holding();
    const finder = patientsBrowser();
    expect((await finder.get(`${link}/confirmation`)).body).toContain('Beekman');
    await browser.post(`${link}/hold`, { startsAt: startsAt.getTime() + 3_600_000 * 30 });
    await browser.post(`${link}/confirmation`);
    expect((await browser.get(`${link}/confirmation`)).body).toContain('Beekman');
    await finder.get(link);
    for (const page of [await finder.post(`${link}/confirmation`), await finder.get(`${link}/confirmation`)]) {
      expect(page.body).toContain(en.closed.booked.title);
      expectNothingPersonal(page, patient);
    }
  });
});
