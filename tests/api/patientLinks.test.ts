import { and, eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelAppointment } from '../../domain/book/appointments.ts';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { resendLink } from '../../domain/bookings/sendLink.ts';
import { expireLink, moveOffFollowUp, writeAppointment } from '../../domain/bookings/steps.ts';
import { changePlannedAppointment } from '../../domain/chart/planned.ts';
import { confirmationMessages } from '../../domain/messages/automatic.ts';
import type { Tx } from '../../drizzle/database.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { formats } from '../../locales/formats.ts';
import { texts } from '../../locales/texts.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../builders.ts';
import { type Browser, buildTestApp, visitor } from '../desk.ts';
import { buildSent, tokenFor } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { fingerprint } from '../fingerprint.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db, { name: 'Brightside Dental', phone: '+31 20 000 4321' });
  await db.database.update(tables.locations).set({ phone: '+31 20 000 1234' });
  app = await buildTestApp(db);
});

afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const en = texts('en').bookings;
const nl = texts('nl').bookings;
const phone = '+31 20 000 1234';
const patientOf = { firstName: 'Wilhelmientje', lastName: 'Quaadgras', birthDate: '1961-02-03' };
const planOf = { description: 'Zesendertig crown fitting', note: 'Fears needles' };
const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);

let address = 0;
/** Each browser from an address of its own: links are throttled by address. */
const patientsBrowser = (headers: Record<string, string> = {}): Browser => {
  address++;
  return visitor(app, headers, `198.51.${Math.floor(address / 250)}.${(address % 250) + 1}`);
};

const sent = (language: 'en' | 'nl' | null = 'en') =>
  buildSent(db, built, { patient: { ...patientOf, language }, planned: planOf });

const entriesOf = (bookingId: string) =>
  db.database
    .select()
    .from(tables.bookEntries)
    .where(eq(tables.bookEntries.bookingId, bookingId))
    .orderBy(tables.bookEntries.createdAt, tables.bookEntries.id);
const stateOf = async (id: string) =>
  (await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, id)))[0]!.state;
const startsIn = (body: string) => [...body.matchAll(/name="startsAt" value="(\d+)"/g)].map(([, start]) => start!);
let slot = 0;
/** A start of its own for each test, some days from today. */
const nextTime = () => inDays(built, 4 + Math.floor(++slot / 20), (slot % 20) * 60);

async function holding(language: 'en' | 'nl' | null = 'en') {
  const visit = await sent(language);
  const startsAt = nextTime();
  const browser = patientsBrowser();
  const link = `/b/${visit.token}`;
  const answer = await browser.post(`${link}/hold`, { startsAt: startsAt.getTime() });
  expect(answer.statusCode).toBe(303);
  return { ...visit, startsAt, browser, link };
}

const endHold = (bookingId: string, heldUntil = new Date(Date.now() - 1_000)) =>
  db.database
    .update(tables.bookEntries)
    .set({ heldUntil })
    .where(and(eq(tables.bookEntries.bookingId, bookingId), eq(tables.bookEntries.status, 'held')));

/** Nothing that says whose link it was, or what for. */
function expectNothingPersonal(
  { body }: { body: string },
  { email, mobile }: { email: string | null; mobile: string | null },
) {
  for (const word of [
    'Wilhelmientje',
    'Quaadgras',
    '1961',
    '03/02',
    '03-02',
    'Zesendertig',
    'needles',
    'Filling',
    'Beekman',
    email!,
    mobile!,
  ]) {
    expect(body).not.toContain(word);
  }
}

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
    const f = formats('en', 'Europe/Amsterdam');
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
    expect(page.body).toContain(formats('en', 'Europe/Amsterdam').longDay(startsAt));
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

describe('a link that leads no further', () => {
  it('is nobody’s when it was cut short or never given', async () => {
    const { token } = await sent();
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

  const ways: Record<
    'booked' | 'cancelled' | 'expired' | 'replaced' | 'withdrawn',
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

describe('a time that is kept', () => {
  it('is given back when another is chosen', async () => {
    const { browser, link, bookingId, startsAt } = await holding();
    const other = new Date(startsAt.getTime() + 30 * 60_000);
    expect((await browser.get(`${link}?choose=1`)).body).toContain('name="startsAt"');
    expect((await browser.post(`${link}/hold`, { startsAt: other.getTime() })).statusCode).toBe(303);
    expect((await entriesOf(bookingId)).map(({ status, startsAt: at }) => [status, at])).toEqual([
      ['released', startsAt],
      ['held', other],
    ]);
    // The same again keeps what there is.
    expect((await browser.post(`${link}/hold`, { startsAt: other.getTime() })).statusCode).toBe(303);
    expect(await entriesOf(bookingId)).toHaveLength(2);
  });

  it('is simply taken again when its minutes are over and nobody took it', async () => {
    const { browser, link, bookingId, startsAt } = await holding();
    await endHold(bookingId);
    expect((await browser.post(`${link}/confirmation`)).statusCode).toBe(303);
    expect(await stateOf(bookingId)).toBe('confirmed');

    // Also when somebody else had it in between and gave it back.
    const again = await holding();
    await endHold(again.bookingId);
    const rival = await sent();
    expect(await inTx((tx) => hold(tx, rival.bookingId, again.startsAt))).toMatchObject({ taken: false });
    expect((await entriesOf(again.bookingId))[0]!.status).toBe('lapsed');
    await inTx((tx) => hold(tx, rival.bookingId, new Date(again.startsAt.getTime() + 3_600_000 * 30)));
    expect((await again.browser.post(`${again.link}/confirmation`)).statusCode).toBe(303);
    expect(await stateOf(again.bookingId)).toBe('confirmed');
    expect(startsAt).not.toEqual(again.startsAt);
  });

  it('is answered with the times that are left, at the day of the choice, when somebody took it', async () => {
    const { browser, link, bookingId, startsAt } = await holding();
    await endHold(bookingId);
    const rival = await sent();
    await inTx((tx) => hold(tx, rival.bookingId, startsAt));
    await inTx((tx) => confirm(tx, rival.bookingId));
    const lost = await browser.post(`${link}/confirmation`);
    expect(lost.statusCode).toBe(409);
    expect(lost.body).toContain(en.taken);
    const day = formats('en', 'Europe/Amsterdam').longDay(startsAt);
    const left = startsIn(lost.body);
    expect(left).not.toContain(String(startsAt.getTime()));
    expect(formats('en', 'Europe/Amsterdam').longDay(Number(left[0]))).toBe(day);
    expect(await stateOf(bookingId)).toBe('link_sent');

    const late = await sent();
    const tooLate = await patientsBrowser().post(`/b/${late.token}/hold`, { startsAt: startsAt.getTime() });
    expect(tooLate.statusCode).toBe(409);
    expect(tooLate.body).toContain(en.taken);
    expect(formats('en', 'Europe/Amsterdam').longDay(Number(startsIn(tooLate.body)[0]))).toBe(day);
  });

  it('is not confirmed under a requirement that changed meanwhile: the new length is shown', async () => {
    const { browser, link, bookingId, planned } = await holding();
    await inTx((tx) => changePlannedAppointment(tx, built.staff, planned.id, { overrideMinutes: 50 }));
    const changed = await browser.post(`${link}/confirmation`);
    expect(changed.statusCode).toBe(409);
    for (const text of [en.changed, en.minutes(50), 'name="startsAt"']) expect(changed.body).toContain(text);
    expect(await stateOf(bookingId)).toBe('link_sent');
    expect((await browser.post(`${link}/hold`, { startsAt: startsIn(changed.body)[0]! })).statusCode).toBe(303);
    expect((await browser.post(`${link}/confirmation`)).statusCode).toBe(303);
    const entry = (await entriesOf(bookingId)).at(-1)!;
    expect([entry.status, entry.endsAt.getTime() - entry.startsAt.getTime()]).toEqual(['confirmed', 50 * 60_000]);
  });

  it('can be kept longer twice, and not a third time', async () => {
    const { browser, link, bookingId } = await holding();
    for (let time = 1; time <= 2; time++) {
      const soon = new Date(Date.now() + 30_000);
      await endHold(bookingId, soon);
      expect((await browser.get(`${link}/confirmation`)).body).toContain(en.keepLonger);
      expect((await browser.post(`${link}/hold/extension`)).headers.location).toBe(`${link}/confirmation`);
      const [entry] = await entriesOf(bookingId);
      expect(entry!.heldUntil!.getTime()).toBeGreaterThan(soon.getTime() + 500_000);
      expect(entry!.timesExtended).toBe(time);
    }
    expect((await browser.get(`${link}/confirmation`)).body).not.toContain(en.keepLonger);
    const before = await fingerprint(db.sql);
    expect((await browser.post(`${link}/hold/extension`)).statusCode).toBe(303);
    expect(await fingerprint(db.sql)).toEqual(before);
  });

  it('outlives the link’s own end', async () => {
    const { browser, link, bookingId } = await holding();
    await db.database
      .update(tables.bookings)
      .set({ linkExpiresAt: new Date(Date.now() - 1_000) })
      .where(eq(tables.bookings.id, bookingId));
    expect((await browser.get(`${link}/confirmation`)).statusCode).toBe(200);
    expect((await browser.post(`${link}/confirmation`)).statusCode).toBe(303);
    expect(await stateOf(bookingId)).toBe('confirmed');
  });

  it('must lie within what was offered', async () => {
    const { token, bookingId } = await sent();
    const browser = patientsBrowser();
    const wishes = [
      inDays(built, 0, 1439),
      inDays(built, -3, 600),
      inDays(built, 400, 600),
      new Date(inDays(built, 3, 600).getTime() + 1),
    ];
    for (const wish of wishes) {
      const answer = await browser.post(`/b/${token}/hold`, { startsAt: wish.getTime() });
      expect([wish, answer.statusCode]).toEqual([wish, 409]);
    }
    for (const startsAt of ['', 'now', '1e13', '-1', '99999999999999', '1'.repeat(40)]) {
      expect([409, 422]).toContain((await browser.post(`/b/${token}/hold`, { startsAt })).statusCode);
    }
    expect(await entriesOf(bookingId)).toEqual([]);
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
