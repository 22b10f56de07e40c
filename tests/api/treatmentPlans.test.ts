import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { readChart } from '../../domain/chart/read.ts';
import { type BuiltPractice, buildPatient, buildPlanned, buildPractice, inDays } from '../builders.ts';
import { type Browser, buildTestApp, signIn, visitor } from '../desk.ts';
import { buildDeparting, buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
let provider: Browser;

beforeAll(async () => {
  db = await freshDatabase();
  app = await buildTestApp(db);
});
beforeEach(async () => {
  built = await buildPractice(db);
  provider = await signIn(app, built.users.provider);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const plansOf = async (patientId: string) => (await readChart(db.sql, built.practice.id, patientId)).plans;
const audited = async (patientId: string) =>
  (await db.sql`select action from audit_entries where patient_id = ${patientId} order by at, id`).map(
    ({ action }) => action,
  );
const planUrl = async (plannedId: string) => {
  const [row] = await db.sql`select treatment_plan_id as id from planned_appointments where id = ${plannedId}`;
  return `/treatment-plans/${row!.id}`;
};

describe('a treatment plan', () => {
  it('is renamed, in its window or over the Chart', async () => {
    const patient = await buildPatient(db, built);
    const { treatmentPlanId } = await buildPlanned(db, built, patient.id);
    const url = `/treatment-plans/${treatmentPlanId}`;
    expect((await provider.get(url, { partial: true })).body).toMatch(/^<section class="window-content"/);
    expect((await provider.get(url)).body).toMatch(/name="name" value="Plan"/);
    for (const [name, message] of [
      [' ', 'This is required.'],
      ['x'.repeat(81), 'This is too long.'],
    ] as const) {
      const refused = await provider.post(url, { name }, { partial: true });
      expect(refused.statusCode).toBe(422);
      expect(refused.body).toContain(message);
    }
    for (let time = 0; time < 2; time++) {
      const { statusCode, headers } = await provider.post(url, { name: ' Crown 36 ' });
      expect([statusCode, headers.location]).toEqual([303, `/patients/${patient.id}/chart`]);
    }
    expect((await plansOf(patient.id)).map(({ name }) => name)).toEqual(['Crown 36']);
    expect((await audited(patient.id)).filter((action) => action === 'plan.renamed')).toHaveLength(1);
  });

  it('is deleted with what is planned in it, after a question', async () => {
    const patient = await buildPatient(db, built);
    const planned = await buildPlanned(db, built, patient.id);
    const url = await planUrl(planned.id);
    expect((await provider.get(`${url}/deletion`)).body).toContain(
      '“Plan” will be deleted, with its planned appointment.',
    );
    expect(await plansOf(patient.id)).toHaveLength(1);
    const { statusCode, headers } = await provider.post(`${url}/deletion`);
    expect([statusCode, headers.location]).toEqual([303, `/patients/${patient.id}/chart`]);
    const { body } = await provider.get(`/patients/${patient.id}/chart`);
    expect(body).toContain('The plan has been deleted.');
    expect(body).toContain('No treatment plan yet.');
    expect(await audited(patient.id)).toEqual(expect.arrayContaining(['planned_appointment.deleted', 'plan.deleted']));
    for (const gone of [
      url,
      `${url}/deletion`,
      `${url}/planned-appointments/new`,
      `/planned-appointments/${planned.id}`,
    ])
      expect((await provider.get(gone)).statusCode, gone).toBe(404);
    expect((await provider.post(`${url}/deletion`)).statusCode).toBe(404);
    expect((await provider.post(`${url}/planned-appointments`, { service: [], tooth: [] })).statusCode).toBe(404);
  });

  it('takes links and tasks along, and says so before', async () => {
    const sent = await buildSent(db, built);
    const url = await planUrl(sent.planned.id);
    expect((await provider.get(`${url}/deletion`)).body).toContain('A booking link of it is out');
    expect((await provider.post(`${url}/deletion`)).statusCode).toBe(303);
    const [booking] = await db.sql`select state from bookings where id = ${sent.bookingId}`;
    expect(booking!.state).toBe('withdrawn');
    expect((await visitor(app).get(`/b/${sent.token}`)).body).not.toContain('name="startsAt"');

    const departing = await buildDeparting(db, built);
    const other = await planUrl(departing.planned.id);
    expect((await provider.get(`${other}/deletion`)).body).toContain(
      'Its task on the Departure Task List will go too.',
    );
    expect((await provider.post(`${other}/deletion`)).statusCode).toBe(303);
    expect(
      await db.sql`select 1 from departure_tasks where practice_id = ${built.practice.id} and closed_at is null`,
    ).toEqual([]);
  });

  it('stays while one of its appointments stands in the book or is confirmed, and nothing of it is lost', async () => {
    const sent = await buildSent(db, built);
    const url = await planUrl(sent.planned.id);
    const second = await buildPlanned(db, built, sent.patient.id, { description: 'Second' });
    await db.sql`update planned_appointments set treatment_plan_id = ${sent.planned.treatmentPlanId}, position = 0 where id = ${second.id}`;
    await db.database.transaction((tx) => hold(tx, sent.bookingId, inDays(built, 20, 600)));
    await db.database.transaction((tx) => confirm(tx, sent.bookingId));
    const asked = await provider.get(`${url}/deletion`);
    expect(asked.body).toContain('cannot be deleted');
    expect(asked.body).toContain('The patient has confirmed a time');
    expect(asked.body).not.toMatch(/<button type="submit" class="primary danger"/);
    expect((await provider.post(`${url}/deletion`)).statusCode).toBe(409);
    const [plan] = (await plansOf(sent.patient.id)).filter(({ id }) => url.endsWith(id));
    expect(plan!.appointments).toHaveLength(2);
  });

  it('is nobody’s at the desk, and of no other practice', async () => {
    const patient = await buildPatient(db, built);
    const url = `/treatment-plans/${(await buildPlanned(db, built, patient.id)).treatmentPlanId}`;
    const receptionist = await signIn(app, built.users.receptionist);
    await receptionist.get('/patients');
    const stranger = await signIn(app, (await buildPractice(db)).users.manager);
    await stranger.get('/patients');
    for (const [browser, status] of [
      [receptionist, 403],
      [stranger, 404],
    ] as const) {
      for (const path of [url, `${url}/deletion`]) expect((await browser.get(path)).statusCode).toBe(status);
      expect((await browser.post(url, { name: 'Theirs' })).statusCode).toBe(status);
      expect((await browser.post(`${url}/deletion`)).statusCode).toBe(status);
    }
    expect((await receptionist.get(`/patients/${patient.id}/chart`)).body).not.toContain(url);
    expect((await plansOf(patient.id)).map(({ name }) => name)).toEqual(['Plan']);
  });

  it('is deleted once, and wholly, by colleagues who delete, add and order at the same time', async () => {
    const patient = await buildPatient(db, built);
    const planned = await buildPlanned(db, built, patient.id);
    const url = await planUrl(planned.id);
    await provider.get(url);
    const answers = await Promise.all([
      provider.post(`${url}/deletion`),
      provider.post(`/planned-appointments/${planned.id}/deletion`),
      provider.post(`${url}/planned-appointments`, {
        toBeBooked: false,
        service: [''],
        tooth: [''],
        expectedTime: '',
        description: 'Late',
        note: '',
        providerId: '',
        intervalDays: '',
      }),
      provider.post(`/planned-appointments/${planned.id}/position`, { place: 1 }),
      provider.post(`${url}/deletion`),
    ]);
    for (const { statusCode } of answers) expect([303, 404]).toContain(statusCode);
    expect(await plansOf(patient.id)).toEqual([]);
    const left =
      await db.sql`select 1 from planned_appointments where patient_id = ${patient.id} and deleted_at is null`;
    expect(left).toEqual([]);
  });
});
