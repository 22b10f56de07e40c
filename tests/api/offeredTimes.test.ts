import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { addDays, localDay } from '../../domain/book/rules/localTime.ts';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { changePlannedAppointment } from '../../domain/chart/planned.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays, timeZone } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { db, en, nl, patientsBrowser, startsIn, usePatients } from './patientsBrowser.ts';

usePatients();

type Online = Partial<typeof tables.providerOnlineBooking.$inferInsert>;

/** A patient of a practice of its own, with the link to choose by. */
async function choosing({ language = 'en', online = {} }: { language?: 'en' | 'nl'; online?: Online } = {}) {
  const built = await buildPractice(db);
  const configure = (change: Online) =>
    db.database
      .update(tables.providerOnlineBooking)
      .set(change)
      .where(eq(tables.providerOnlineBooking.providerId, built.providers[0]!.id));
  await configure({ bookable: true, ...online });
  const { token, planned } = await buildSent(db, built, { patient: { language } });
  return { built, planned, configure, browser: patientsBrowser(), link: `/b/${token}` };
}

/** Nobody works before that day, counted from today. */
const closeUntil = (built: BuiltPractice, day: number) =>
  db.database.insert(tables.bookEntries).values({
    practiceId: built.practice.id,
    locationId: built.location.id,
    kind: 'block',
    status: 'booked',
    blockReason: 'closure',
    startsAt: inDays(built, 0, 0),
    endsAt: inDays(built, day, 0),
  });

const dayOf = (start: string | undefined) => localDay(Number(start), timeZone);
const today = () => localDay(Date.now(), timeZone);
const phone = '+31 20 000 0000';

describe('a provider who is not booked online any more while links are out', () => {
  it.each([
    ['en', en],
    ['nl', nl],
  ] as const)('is offered no longer: the page says whom to call (%s)', async (language, words) => {
    const { configure, browser, link } = await choosing({ language });
    const starts = startsIn((await browser.get(link)).body);
    expect(starts.length).toBeGreaterThan(20);
    await configure({ bookable: false });

    const refused = await browser.post(`${link}/hold`, { startsAt: starts[0]! });
    expect(refused.statusCode).toBe(409);
    expect(refused.body).toContain(words.notOffered);
    expect(refused.body).not.toContain(words.taken);
    const again = await browser.get(link);
    expect(again.statusCode).toBe(200);
    const later = await browser.get(`${link}?from=${addDays(today(), 20)}`);
    for (const { body } of [refused, again, later]) {
      expect(body).toContain(words.noTimesAtAll(phone));
      expect(body).toContain(words.answers.call_me);
      expect(startsIn(body)).toEqual([]);
      expect(body).not.toContain('?from=');
    }

    await configure({ bookable: true });
    expect((await browser.post(`${link}/hold`, { startsAt: starts[0]! })).statusCode).toBe(303);
  });

  it('keeps a time that is out of the offer by now apart from a lost race, and shows what is offered', async () => {
    const { built, configure, browser, link } = await choosing();
    await configure({ daysAhead: 30 });
    const late = await browser.post(`${link}/hold`, { startsAt: inDays(built, 60, 600).getTime() });
    expect(late.statusCode).toBe(409);
    expect(late.body).toContain(en.notOffered);
    expect(late.body).not.toContain(en.taken);
    expect(dayOf(startsIn(late.body)[0])).toBe(addDays(today(), 1));
  });
});

describe('a yes to a time', () => {
  const holdOf = ({ practice }: BuiltPractice) =>
    and(eq(tables.bookEntries.practiceId, practice.id), eq(tables.bookEntries.kind, 'hold'));

  it('that has come by now is refused: the patient chooses again', async () => {
    const { built, browser, link } = await choosing();
    const [startsAt] = startsIn((await browser.get(link)).body);
    await browser.post(`${link}/hold`, { startsAt: startsAt! });
    await db.database
      .update(tables.bookEntries)
      .set({ startsAt: inDays(built, -1, 600), endsAt: inDays(built, -1, 630) })
      .where(holdOf(built));
    const refused = await browser.post(`${link}/confirmation`, {});
    expect(refused.statusCode).toBe(409);
    expect(refused.body).toContain(en.lapsed);
    expect(startsIn(refused.body).length).toBeGreaterThan(3);
    const [hold] = await db.database.select().from(tables.bookEntries).where(holdOf(built));
    expect(hold!.status).toBe('held');
  });

  it.each(['held', 'lapsed'] as const)(
    'whose hold ran out, and is %s, is refused once the provider is not booked online any more',
    async (status) => {
      const { built, configure, browser, link } = await choosing();
      const [startsAt] = startsIn((await browser.get(link)).body);
      await browser.post(`${link}/hold`, { startsAt: startsAt! });
      await db.database
        .update(tables.bookEntries)
        .set({ status, heldUntil: new Date(Date.now() - 1_000) })
        .where(holdOf(built));
      await configure({ bookable: false });
      const refused = await browser.post(`${link}/confirmation`, {});
      expect(refused.statusCode).toBe(409);
      expect(refused.body).toContain(en.noTimesAtAll(phone));
      await configure({ bookable: true });
      expect((await browser.post(`${link}/confirmation`, {})).statusCode).toBe(303);
    },
  );

  it('holds while its minutes last, also where the provider is not booked online any more', async () => {
    const { configure, browser, link } = await choosing();
    const [startsAt] = startsIn((await browser.get(link)).body);
    await browser.post(`${link}/hold`, { startsAt: startsAt! });
    await configure({ bookable: false });
    expect((await browser.post(`${link}/confirmation`, {})).statusCode).toBe(303);
  });

  it('whose hold ran out is taken in another chair where its own is not for patients any more', async () => {
    const { built, browser, link } = await choosing();
    const [startsAt] = startsIn((await browser.get(link)).body);
    await browser.post(`${link}/hold`, { startsAt: startsAt! });
    const [hold] = await db.database
      .update(tables.bookEntries)
      .set({ heldUntil: new Date(Date.now() - 1_000) })
      .where(holdOf(built))
      .returning();
    await db.sql`delete from provider_online_chairs where provider_id = ${hold!.providerId} and chair_id = ${hold!.chairId}`;
    expect((await browser.post(`${link}/confirmation`, {})).statusCode).toBe(303);
    const [confirmed] = await db.database
      .select()
      .from(tables.bookEntries)
      .where(and(holdOf(built), eq(tables.bookEntries.status, 'confirmed')));
    expect(confirmed!.startsAt).toEqual(hold!.startsAt);
    expect(confirmed!.chairId).not.toBe(hold!.chairId);
  });
});

describe('a time that is wished for', () => {
  const at = (built: BuiltPractice, minute: number) => inDays(built, 3, minute).getTime();

  it('lies on the five-minute raster, or flush with what stands in the book', async () => {
    const { built, browser, link } = await choosing();
    const wish = async (minute: number) =>
      (await browser.post(`${link}/hold`, { startsAt: at(built, minute) })).statusCode;
    for (const minute of [541, 543, 549]) expect([minute, await wish(minute)]).toEqual([minute, 409]);
    expect(await wish(545)).toBe(303);
    // Seventeen minutes at the desk end off the raster.
    const beside = await buildSent(db, built, { planned: { expectedMinutesOverride: 17 } });
    await db.database.transaction((tx) =>
      bookAtDesk(tx, built.staff, beside.bookingId, {
        providerId: built.providers[0]!.id,
        chairIds: [built.chairs[0]!.id],
        startsAt: inDays(built, 3, 600),
      }),
    );
    expect(await wish(618)).toBe(409);
    expect(await wish(617)).toBe(303);
  });

  it('may be any that is offered, whatever its length', async () => {
    const { built, planned, browser, link } = await choosing();
    await db.database.transaction((tx) =>
      changePlannedAppointment(tx, built.staff, planned.id, { overrideMinutes: 17 }),
    );
    await closeUntil(built, 2);
    const rival = await buildSent(db, built);
    await db.database.transaction((tx) => hold(tx, rival.bookingId, inDays(built, 2, 600)));
    const starts = startsIn((await browser.get(link)).body);
    expect(starts.some((start) => Number(start) % 300_000 !== 0)).toBe(true);
    for (const startsAt of new Set(starts.slice(0, 40)))
      expect((await browser.post(`${link}/hold`, { startsAt })).statusCode).toBe(303);
  });
});

describe('the next free times', () => {
  it('are the next of all: no later page has any, nor what is shown after a lost race', async () => {
    const { built, browser, link } = await choosing();
    const first = await browser.get(link);
    expect(first.body).toContain(en.soonest);
    expect(startsIn(first.body).slice(0, 3)).toEqual(startsIn(first.body).slice(3, 6));
    const laterFrom = addDays(today(), 15);
    expect(first.body).toContain(`?from=${laterFrom}"`);

    const later = await browser.get(`${link}?from=${laterFrom}`);
    expect(later.body).not.toContain(en.soonest);
    expect(dayOf(startsIn(later.body)[0])).toBe(laterFrom);
    expect(new Set(startsIn(later.body)).size).toBe(startsIn(later.body).length);
    // The way back leads to them again.
    expect(later.body).toContain(`?from=${addDays(today(), 1)}"`);
    expect((await browser.get(`${link}?from=${addDays(today(), 1)}`)).body).toContain(en.soonest);

    const rival = await buildSent(db, built);
    const startsAt = inDays(built, 25, 600).getTime();
    await patientsBrowser().post(`/b/${rival.token}/hold`, { startsAt });
    const lost = await browser.post(`${link}/hold`, { startsAt });
    expect(lost.statusCode).toBe(409);
    expect(lost.body).toContain(en.taken);
    expect(lost.body).not.toContain(en.soonest);
    expect(dayOf(startsIn(lost.body)[0])).toBe(addDays(today(), 25));
  });

  it('are found beyond two full weeks', async () => {
    const { built, browser, link } = await choosing();
    await closeUntil(built, 30);
    const first = await browser.get(link);
    const starts = startsIn(first.body);
    expect(dayOf(starts[0])).toBe(addDays(today(), 30));
    expect(first.body).toContain(en.soonest);
    expect(starts.slice(0, 3)).toEqual(starts.slice(3, 6));
    expect(first.body).not.toContain(en.earlierDays);
    expect(first.body).toContain(`?from=${addDays(today(), 43)}"`);
    // Who asks for some days is shown those.
    const full = await browser.get(`${link}?from=${addDays(today(), 15)}`);
    expect(full.body).toContain(en.noTimes);
    expect(full.body).toContain(en.laterDays);
    expect(startsIn(full.body)).toEqual([]);
  });

  it('are looked for no further than the provider’s days ahead', async () => {
    const { built, browser, link } = await choosing({ online: { daysAhead: 29 } });
    await closeUntil(built, 30);
    const none = await browser.get(link);
    expect(none.statusCode).toBe(200);
    expect(none.body).toContain(en.noTimesAtAll(phone));
    expect(none.body).not.toContain('?from=');
    // The last days have none; that is not to say that there are none at all.
    const last = await browser.get(`${link}?from=${addDays(today(), 29)}`);
    expect(last.body).toContain(en.noTimes);
    expect(last.body).not.toContain(en.noTimesAtAll(phone));
    expect(last.body).toContain(en.earlierDays);
  });
});
