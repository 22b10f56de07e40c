import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { changePlannedAppointment } from '../../domain/chart/planned.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { formats } from '../../locales/formats.ts';
import { inDays, timeZone } from '../builders.ts';
import { fingerprint } from '../fingerprint.ts';
import {
  built,
  db,
  en,
  endHold,
  entriesOf,
  holding,
  inTx,
  patientsBrowser,
  sent,
  startsIn,
  stateOf,
  usePatients,
} from './patientsBrowser.ts';

usePatients();

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
    const day = formats('en', timeZone).longDay(startsAt);
    const left = startsIn(lost.body);
    expect(left).not.toContain(String(startsAt.getTime()));
    expect(formats('en', timeZone).longDay(Number(left[0]))).toBe(day);
    expect(await stateOf(bookingId)).toBe('link_sent');

    const late = await sent();
    const tooLate = await patientsBrowser().post(`/b/${late.token}/hold`, { startsAt: startsAt.getTime() });
    expect(tooLate.statusCode).toBe(409);
    expect(tooLate.body).toContain(en.taken);
    expect(formats('en', timeZone).longDay(Number(startsIn(tooLate.body)[0]))).toBe(day);
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
