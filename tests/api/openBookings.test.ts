import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enterWorker, workerLeaves } from '../../domain/engine/workers.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPractice } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { buildDeparting, buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
let manager: Browser;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  app = await buildTestApp(db, { TEMPORAL_UI_URL: 'http://localhost:8233' });
  manager = await signIn(app, built.users.manager);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

/** The ids of the bookings that a page shows, in its order. */
const shown = (body: string) => [...body.matchAll(/id="booking-([0-9a-f-]{36})"/g)].map(([, id]) => id);

/** Its message to the workflow was refused. */
const park = (bookingId: string) =>
  db.database
    .update(tables.workflowMessages)
    .set({ parkedAt: new Date(), lastError: 'no such attribute' })
    .where(eq(tables.workflowMessages.bookingId, bookingId));

describe('the Bookings page', () => {
  it('shows stage, next step and workflow of each booking under way, what needs attention first', async () => {
    const departing = await buildDeparting(db, built);
    const sent = await buildSent(db, built);
    await park(sent.bookingId);
    const { body } = await manager.get('/bookings');
    expect(shown(body)).toEqual([sent.bookingId, departing.bookingId]);
    expect(body).toContain('The patient is leaving: the departure task waits for the receptionist.');
    expect(body).toContain('The booking link was sent: waiting for the patient to choose a time.');
    expect(body).toContain('Next: a reminder, ');
    expect(body).toContain('A message to the workflow was refused');
    expect(body).toContain('no such attribute');
    expect(body).toContain(`http://localhost:8233/namespaces/default/workflows/booking-${sent.bookingId}`);
  });

  it('says it in Dutch, in the same order', async () => {
    await db.database.update(tables.users).set({ language: 'nl' }).where(eq(tables.users.id, built.users.manager.id));
    const { body } = await manager.get('/bookings');
    expect(body).toContain('De boekingslink is verstuurd: de patiënt moet nog een tijd kiezen.');
    expect(body).toContain('Een bericht aan de workflow is geweigerd');
    await db.database.update(tables.users).set({ language: 'en' }).where(eq(tables.users.id, built.users.manager.id));
  });

  it('wears a badge in the head of every page while something needs attention', async () => {
    const { body } = await manager.get('/book');
    expect(body).toMatch(/<span class="count alarm" data-count="bookings">1<\/span>/);
    const calm = await buildPractice(db);
    const other = await signIn(app, calm.users.manager);
    expect((await other.get('/book')).body).toMatch(/data-count="bookings" hidden>0</);
  });

  it('says on every page, to managers, that no worker is at work, and what waits for one', async () => {
    const receptionist = await signIn(app, built.users.receptionist);
    expect((await receptionist.get('/book')).body).not.toContain('No worker is at work.');
    expect((await manager.get('/book')).body).toContain('No worker is at work.');
    expect((await manager.get('/bookings', { partial: true })).body).toMatch(
      /<p class="notice" role="alert">.*ends of links and days wait until one is started/s,
    );
    const id = await enterWorker(db.sql, { host: 'one', pid: 1, build: '' });
    for (const page of ['/book', '/bookings'])
      expect((await manager.get(page)).body).not.toContain('No worker is at work.');
    await workerLeaves(db.sql, id);
  });

  it('says what is overdue and what to do, in both languages', async () => {
    const { bookingId } = await buildDeparting(db, built);
    await db.database
      .update(tables.bookings)
      .set({ departureEndsAt: new Date(Date.now() - 6 * 60_000) })
      .where(eq(tables.bookings.id, bookingId));
    expect((await manager.get('/bookings?attention=1')).body).toContain(
      'Overdue: its time came more than five minutes',
    );
    await db.database.update(tables.users).set({ language: 'nl' }).where(eq(tables.users.id, built.users.manager.id));
    expect((await manager.get('/bookings?attention=1')).body).toContain('Te laat: het moment is meer dan vijf minuten');
    await db.database.update(tables.users).set({ language: 'en' }).where(eq(tables.users.id, built.users.manager.id));
    await db.database
      .update(tables.bookings)
      .set({ state: 'withdrawn', closedAt: new Date(), settledAt: new Date() })
      .where(eq(tables.bookings.id, bookingId));
  });

  it('is narrowed down by attention, stage and provider', async () => {
    const { bookingId } = await buildSent(db, built, { planned: { providerId: built.providers[1]!.id } });
    expect(shown((await manager.get('/bookings?attention=1')).body)).toHaveLength(1);
    expect(shown((await manager.get('/bookings?stage=departing')).body)).toHaveLength(1);
    expect(shown((await manager.get(`/bookings?provider=${built.providers[1]!.id}`)).body)).toEqual([bookingId]);
    const part = await manager.get('/bookings?stage=departing', { partial: true });
    expect(part.body).toMatch(/^<div id="open-bookings"/);
    expect((await manager.get('/bookings?stage=nonsense&provider=x&patient=y')).statusCode).toBe(200);
  });

  it('finds a patient without a name in the address', async () => {
    const patient = await buildPatient(db, built, { firstName: 'Odilia', lastName: 'Fennema' });
    const found = await manager.post('/bookings/patient', { name: 'fennema' });
    expect(found.headers.location).toBe(`/bookings?patient=${patient.id}`);
    expect(shown((await manager.get(found.headers.location!)).body)).toEqual([]);
    const none = await manager.post('/bookings/patient', { name: 'nobody at all' });
    expect(none.statusCode).toBe(422);
    expect(none.body).toContain('No patient fits.');
    expect((await manager.post('/bookings/patient', { name: '' })).body).toContain('This is required.');
  });

  it.each(['provider', 'receptionist'] as const)('is not for a %s', async (role) => {
    const browser = await signIn(app, built.users[role]);
    expect((await browser.get('/bookings')).statusCode).toBe(403);
    expect((await browser.get('/book')).body).not.toContain('href="/bookings"');
    const { bookingId } = await buildSent(db, built);
    expect((await browser.post(`/bookings/${bookingId}/closing`, { reason: 'x' })).statusCode).toBe(403);
  });
});

describe('what a manager does about a booking', () => {
  it('asks for a reason to close it, and keeps it on the Patient File', async () => {
    const { bookingId, patient } = await buildSent(db, built);
    expect((await manager.get(`/bookings/${bookingId}/closing`)).body).toContain('Close with a reason');
    const empty = await manager.post(`/bookings/${bookingId}/closing`, { reason: ' ' });
    expect(empty.statusCode).toBe(422);
    expect(empty.body).toContain('This is required.');
    const done = await manager.post(`/bookings/${bookingId}/closing`, { reason: 'Moved to another town' });
    expect(done.headers.location).toBe('/bookings');
    expect((await manager.get('/bookings')).body).toContain('The booking is closed.');
    expect((await manager.get(`/patients/${patient.id}`)).body).toContain('(Moved to another town)');
  });

  it('goes back to the list as it was filtered', async () => {
    const { bookingId } = await buildSent(db, built);
    const headers = { referer: 'http://localhost/bookings?stage=link_sent' };
    const tried = await manager.post(`/bookings/${bookingId}/attempt`, {}, { headers });
    expect(tried.headers.location).toBe('/bookings?stage=link_sent');
    expect((await manager.get('/bookings')).body).toContain('It is tried again now.');
  });

  it('gives it to the desk, where reception finds it with the note', async () => {
    const { bookingId } = await buildSent(db, built);
    expect((await manager.get(`/bookings/${bookingId}/desk`)).body).toContain('stands on Follow Up as Unbooked');
    await manager.post(`/bookings/${bookingId}/desk`, { note: 'Prefers a call at noon' });
    const desk = await signIn(app, built.users.receptionist);
    expect((await desk.get('/follow-up?category=unbooked')).body).toContain('Prefers a call at noon');
  });

  it('sends the link again from a window that shows it', async () => {
    const { bookingId } = await buildSent(db, built, {}, ['sms']);
    expect((await manager.get(`/bookings/${bookingId}/link`)).body).toContain('name="channels"');
    expect((await manager.post(`/bookings/${bookingId}/link`, {})).statusCode).toBe(422);
    const headers = { referer: 'http://localhost/bookings?stage=link_sent' };
    for (const said of ['The message is on its way.', 'It is on its way already']) {
      const sent = await manager.post(`/bookings/${bookingId}/link`, { channels: ['email'] }, { headers });
      expect([sent.statusCode, sent.headers.location]).toEqual([303, '/bookings?stage=link_sent']);
      expect((await manager.get('/bookings')).body).toContain(said);
    }
  });

  it('warns where no contact is on file, collects it, and ends on the list as it was filtered', async () => {
    const { bookingId, patient } = await buildSent(db, built);
    await db.database
      .update(tables.patients)
      .set({ email: null, mobile: null })
      .where(eq(tables.patients.id, patient.id));
    const at = '/bookings?stage=link_sent';
    const warning = await manager.get(`/bookings/${bookingId}/link`, { headers: { referer: `http://localhost${at}` } });
    expect(warning.body).toContain(`/patients/${patient.id}/edit?back=${encodeURIComponent(at)}`);
    const collect = `/bookings/${bookingId}/contacts?back=${encodeURIComponent(at)}`;
    expect(warning.body).toContain(collect);
    expect((await manager.get(collect)).body).toContain('name="contactOwner"');
    const wrong = await manager.post(collect, { mobile: '', email: 'nobody', contactOwner: 'patient' });
    expect([wrong.statusCode, wrong.body.includes('This is not an email address.')]).toEqual([422, true]);
    const saved = await manager.post(collect, { mobile: '', email: 'new@example.com', contactOwner: 'patient' });
    expect(saved.headers.location).toBe(at);
    expect((await manager.get(`/bookings/${bookingId}/link`)).body).toContain('new@example.com');
  });
});
