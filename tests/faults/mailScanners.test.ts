import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirm } from '../../domain/bookings/confirm.ts';
import { expireLink, moveOffFollowUp, recordUsage, writeAppointment } from '../../domain/bookings/steps.ts';
import { confirmationMessages } from '../../domain/messages/automatic.ts';
import { unsubscribeToken } from '../../domain/messages/unsubscribe.ts';
import type { Tx } from '../../drizzle/database.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../builders.ts';
import { buildTestApp, visitor } from '../desk.ts';
import { buildSent, tokenFor } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { fingerprint } from '../fingerprint.ts';
import { expectConsistent } from './consistent.ts';

const times = 50;
let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
let slot = 0;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  app = await buildTestApp(db);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);

/** A patient who opened their link, and set a time aside as patients do. */
async function holding() {
  const sent = await buildSent(db, built);
  const browser = visitor(app, {}, `198.51.100.${++slot}`);
  const startsAt = inDays(built, 3, slot * 60);
  await browser.post(`/b/${sent.token}/hold`, { startsAt: startsAt.getTime() });
  return { ...sent, browser, startsAt };
}

async function booked() {
  const { bookingId, ...rest } = await holding();
  await inTx((tx) => confirm(tx, bookingId));
  await writeAppointment(db.database, bookingId);
  await moveOffFollowUp(db.database, bookingId);
  await recordUsage(db.database, bookingId);
  await inTx((tx) => confirmationMessages(tx, testKeys, bookingId));
  return { bookingId, ...rest };
}

async function expired() {
  const sent = await buildSent(db, built);
  await db.sql`update bookings set link_expires_at = now() where id = ${sent.bookingId}`;
  await inTx((tx) => expireLink(tx, sent.bookingId));
  return sent;
}

/** Every address that a message may carry, and those behind it. */
async function everyLink() {
  const [fresh, held, done, over] = [await buildSent(db, built), await holding(), await booked(), await expired()];
  const choosing = [fresh, held, done, over].flatMap(({ token }) =>
    ['', '?choose=1', '/confirmation', '/not-for-me', '/answer', '/appointment.ics'].map(
      (rest) => `/b/${token}${rest}`,
    ),
  );
  const appointment = await tokenFor(db, done.bookingId, 'appointment');
  const emails = await db.sql<{ id: string }[]>`select id from messages where channel = 'email'`;
  return {
    fresh,
    held,
    done,
    urls: [
      ...choosing,
      `/a/${appointment}`,
      `/a/${appointment}/appointment.ics`,
      ...emails.map(({ id }) => `/u/${unsubscribeToken(testKeys, id)}`),
    ],
    forms: [
      ...[fresh, held, done].flatMap(({ token }) =>
        ['hold', 'hold/extension', 'confirmation', 'answer', 'language'].map((form) => `/b/${token}/${form}`),
      ),
      `/a/${appointment}/language`,
      ...emails.flatMap(({ id }) =>
        ['', '/opting-out', '/opting-in'].map((form) => `/u/${unsubscribeToken(testKeys, id)}${form}`),
      ),
    ],
  };
}

describe('fault 20: a mail scanner', () => {
  it('that opens every link fifty times, by GET and by HEAD, changes nothing, and the patients go on', async () => {
    const { urls, fresh, held, done } = await everyLink();
    const before = await fingerprint(db.sql);
    for (let time = 0; time < times; time++) {
      // Some come with many addresses, some with one.
      const remoteAddress = time % 2 ? '192.0.2.1' : `203.0.113.${time + 1}`;
      const asked = urls.flatMap((url) => (['GET', 'HEAD'] as const).map((method) => ({ method, url, remoteAddress })));
      for (const answer of await Promise.all(asked.map((request) => app.inject(request))))
        expect(answer.statusCode).toBeLessThan(500);
    }
    expect(await fingerprint(db.sql)).toEqual(before);

    expect((await held.browser.post(`/b/${held.token}/confirmation`)).statusCode).toBe(303);
    const patient = visitor(app, {}, '198.51.100.250');
    const startsAt = inDays(built, 4, 600).getTime();
    expect((await patient.post(`/b/${fresh.token}/hold`, { startsAt })).statusCode).toBe(303);
    expect((await patient.post(`/b/${fresh.token}/confirmation`)).statusCode).toBe(303);
    const theirs = await tokenFor(db, done.bookingId, 'appointment');
    expect((await visitor(app).get(`/a/${theirs}`)).statusCode).toBe(200);
    await expectConsistent(db.sql);
  }, 120_000);

  it('that posts every form it finds, without the cookie that goes with it or with another’s, changes nothing', async () => {
    const { forms, held } = await everyLink();
    // It reads the pages' tokens, as a program can, but comes back without their cookie, or with one of its own.
    const page = await app.inject({ url: `/b/${held.token}/confirmation`, remoteAddress: '192.0.2.7' });
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)![1]!;
    const foreign = (await app.inject({ url: '/sign-in' })).cookies
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const before = await fingerprint(db.sql);
    const fields = [
      {},
      { _csrf },
      { _csrf, startsAt: String(inDays(built, 5, 600).getTime()), from: '' },
      { _csrf, answer: 'not_for_me' },
      { _csrf, language: 'nl' },
    ];
    for (const url of forms) {
      for (const [i, body] of fields.entries()) {
        const answer = await app.inject({
          method: 'POST',
          url,
          remoteAddress: `203.0.113.${i + 1}`,
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            ...(i % 2 ? { cookie: foreign } : {}),
          },
          payload: new URLSearchParams(body as Record<string, string>).toString(),
        });
        expect([url, answer.statusCode]).toEqual([url, url.match(/^\/u\/[^/]+$/) ? 400 : 403]);
      }
    }
    expect(await fingerprint(db.sql)).toEqual(before);
    expect((await held.browser.post(`/b/${held.token}/confirmation`)).statusCode).toBe(303);
    await expectConsistent(db.sql);
  }, 60_000);
});
