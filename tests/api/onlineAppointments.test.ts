import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, instantAt, localDay } from '../../domain/book/rules/localTime.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPractice, inDays } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { buildBookedOnline } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

const temporalUi = 'https://temporal.example.com';
let db: FreshDatabase;
let app: FastifyInstance;
let built: BuiltPractice;
let desk: Browser;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  app = await buildTestApp(db, { TEMPORAL_UI_URL: temporalUi, TEMPORAL_NAMESPACE: 'practices' });
  desk = await signIn(app, built.users.receptionist);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

let slot = 0;

/** An appointment that a patient confirmed some days ago (0 is today), for a time to come. */
async function bookedOnline(daysAgo = 0, provider = 0) {
  const day = 5 + Math.floor(slot / 40);
  const startsAt = inDays(built, day, (slot++ % 40) * 30);
  const zone = built.practice.timeZone;
  const confirmedAt = daysAgo === 0 ? new Date() : new Date(instantAt(dayAgo(daysAgo), 12 * 60, zone));
  return buildBookedOnline(db, built, { startsAt, confirmedAt, provider });
}
const today = () => localDay(Date.now(), built.practice.timeZone);
const dayAgo = (days: number) => addDays(today(), -days);
const bodyOf = async (query = '', browser = desk) => (await browser.get(`/online-appointments${query}`)).body;

describe('Online Appointments', () => {
  it('lists what patients booked online, with the way to the book', async () => {
    const { patient, entryId, startsAt } = await bookedOnline();
    const body = await bodyOf();
    expect(body).toContain(patient.lastName);
    expect(body).toContain('Planned Treatment Bookings');
    const day = localDay(startsAt.getTime(), built.practice.timeZone);
    expect(body).toContain(`href="/book/entries/${entryId}"`);
    expect((await desk.get(`/book/entries/${entryId}`)).headers.location).toBe(`/book?day=${day}#entry-${entryId}`);
    expect((await desk.get(`/book?day=${day}`)).body).toContain(`id="entry-${entryId}"`);
  });

  it('does not list what was booked at the desk', async () => {
    const { patient, entryId } = await bookedOnline();
    await db.database.update(tables.bookEntries).set({ madeBy: 'desk' }).where(eq(tables.bookEntries.id, entryId));
    expect(await bodyOf()).not.toContain(patient.lastName);
  });

  it('says so when there are more than it shows', async () => {
    const busy = await buildPractice(db);
    const { id: patientId } = await buildPatient(db, busy);
    await db.sql`
      insert into book_entries (practice_id, location_id, kind, status, provider_id, chair_id, patient_id, starts_at, ends_at, made_by, overlap_allowed, description)
      select ${busy.practice.id}, ${busy.location.id}, 'appointment', 'booked', ${busy.providers[0]!.id}, ${busy.chairs[0]!.id}, ${patientId},
        ${inDays(busy, 3, 600)}, ${inDays(busy, 3, 630)}, 'online', true, 'The ' || n || 'th' from generate_series(1, 501) n`;
    const body = await bodyOf('', await signIn(app, busy.users.receptionist));
    expect([body.includes('The 501th'), body.includes('The 2th'), body.includes('The 1th')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(body).toContain('Only the newest 500 are shown');
    expect(await bodyOf()).not.toContain('are shown');
  });

  it('filters by the days on which they were booked, both included; a month unless something else is asked', async () => {
    const [now, past, before] = [await bookedOnline(), await bookedOnline(10), await bookedOnline(40)];
    const shown = async (query: string) => {
      const body = await bodyOf(query);
      return [now, past, before].map(({ patient }) => body.includes(patient.lastName));
    };
    expect(await shown('')).toEqual([true, true, false]);
    expect(await shown(`?from=${dayAgo(50)}&until=${today()}`)).toEqual([true, true, true]);
    expect(await shown(`?from=${dayAgo(10)}&until=${dayAgo(10)}`)).toEqual([false, true, false]);
    expect(await shown(`?from=${dayAgo(50)}&until=${dayAgo(11)}`)).toEqual([false, false, true]);
  });

  it('counts the day of the patient’s yes, not of the choice before it', async () => {
    const { patient, entryId } = await bookedOnline();
    await db.database
      .update(tables.bookEntries)
      .set({ createdAt: new Date(Date.now() - 3 * 86_400_000) })
      .where(eq(tables.bookEntries.id, entryId));
    expect(await bodyOf(`?from=${today()}&until=${today()}`)).toContain(patient.lastName);
    expect(await bodyOf(`?from=${dayAgo(4)}&until=${dayAgo(2)}`)).not.toContain(patient.lastName);
  });

  it('filters by provider, and keeps the filter', async () => {
    const [first, second] = [await bookedOnline(0, 0), await bookedOnline(0, 1)];
    const body = await bodyOf(`?provider=${built.providers[1]!.id}`);
    expect([body.includes(first.patient.lastName), body.includes(second.patient.lastName)]).toEqual([false, true]);
    expect(body).toMatch(new RegExp(`<option value="${built.providers[1]!.id}" selected`));
    const list = await desk.get(`/online-appointments?provider=${built.providers[1]!.id}`, { partial: true });
    expect(list.body).toMatch(/^<div id="online-appointments"/);
  });

  it.each(['from=yesterday', 'until=2026-02-30', 'provider=1', 'from=2030-01-01&until=2020-01-01'])(
    'does without a filter that does not fit: %s',
    async (query) => {
      expect((await desk.get(`/online-appointments?${query}`)).statusCode).toBe(200);
    },
  );

  it('leads a manager to the workflow, and a receptionist not', async () => {
    const { bookingId } = await bookedOnline();
    const address = `${temporalUi}/namespaces/practices/workflows/${workflowIdOf(bookingId)}`;
    expect(await bodyOf('', await signIn(app, built.users.manager))).toContain(address);
    expect(await bodyOf()).not.toContain(temporalUi);
  });

  it('says what has become of an appointment', async () => {
    const { entryId } = await bookedOnline();
    await db.database
      .update(tables.bookEntries)
      .set({ status: 'did_not_attend' })
      .where(eq(tables.bookEntries.id, entryId));
    expect(await bodyOf()).toContain('Did not attend');
  });

  it('speaks Dutch to who reads Dutch', async () => {
    const [dutch] = await db.database
      .insert(tables.users)
      .values({ ...built.users.receptionist, id: undefined, email: 'balie@example.com', language: 'nl' })
      .returning();
    const body = await bodyOf('', await signIn(app, dutch!));
    expect(body).toContain('Online afspraken');
    expect(body).toContain('Geplande behandeling boekingen');
  });

  it('shows no other practice’s', async () => {
    const { patient } = await bookedOnline();
    const other = await buildPractice(db);
    const stranger = await signIn(app, other.users.receptionist);
    expect(await bodyOf('', stranger)).not.toContain(patient.lastName);
    expect(await bodyOf(`?provider=${built.providers[0]!.id}`, stranger)).not.toContain(patient.lastName);
  });

  it('is not there where the practice hides the tab, nor for providers', async () => {
    expect((await (await signIn(app, built.users.provider)).get('/online-appointments')).statusCode).toBe(403);
    const hides = await buildPractice(db, { onlineAppointmentsTab: false });
    const browser = await signIn(app, hides.users.receptionist);
    expect((await browser.get('/online-appointments')).statusCode).toBe(404);
    expect((await browser.get('/follow-up')).body).not.toContain('/online-appointments');
    expect((await desk.get('/follow-up')).body).toContain('/online-appointments');
  });
});
