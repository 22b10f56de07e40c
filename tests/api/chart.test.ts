import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readChart } from '../../domain/chart/read.ts';
import { depart } from '../../domain/departures/depart.ts';
import * as tables from '../../drizzle/schema/index.ts';
import {
  type BuiltPractice,
  buildAppointment,
  buildPatient,
  buildPlanned,
  buildPractice,
  inDays,
} from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let elsewhere: BuiltPractice;
let app: FastifyInstance;
let provider: Browser;
let receptionist: Browser;
let manager: Browser;
let patient: Awaited<ReturnType<typeof buildPatient>>;
let planned: Awaited<ReturnType<typeof buildPlanned>>;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  elsewhere = await buildPractice(db);
  app = await buildTestApp(db);
  provider = await signIn(app, built.users.provider);
  receptionist = await signIn(app, built.users.receptionist);
  manager = await signIn(app, built.users.manager);
});
beforeEach(async () => {
  patient = await buildPatient(db, built);
  planned = await buildPlanned(db, built, patient.id);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

/** What a browser sends for an untouched Edit Appointment. */
const filled = (more: Record<string, unknown> = {}) =>
  ({
    toBeBooked: true,
    service: [built.services[0]!.id],
    tooth: [''],
    expectedTime: '',
    description: 'Filling',
    note: '',
    providerId: built.providers[0]!.id,
    intervalDays: '',
    ...more,
  }) as Record<string, string | boolean | string[]>;

const url = () => `/planned-appointments/${planned.id}`;
const plansOf = async () => (await readChart(db.sql, built.practice.id, patient.id)).plans;
const now = async () => (await plansOf())[0]!.appointments[0]!;
const rows = async () =>
  (
    await db.database.select().from(tables.plannedAppointments).where(eq(tables.plannedAppointments.id, planned.id))
  )[0]!;

describe('the Chart', () => {
  it('shows plans, planned appointments with their Expected Time, and what is To Be Booked', async () => {
    const { statusCode, body } = await provider.get(`/patients/${patient.id}/chart`);
    expect(statusCode).toBe(200);
    for (const text of [
      'Chart',
      patient.lastName,
      'Filling',
      '0:30',
      'To Be Booked',
      'Dr Noor Beekman',
      'Add a planned appointment',
    ]) {
      expect(body).toContain(text);
    }
  });

  it('speaks Dutch to who reads Dutch', async () => {
    const [nl] = await db.database
      .insert(tables.users)
      .values({ ...built.users.provider, id: undefined, email: `nl.${patient.id}@example.org`, language: 'nl' })
      .returning();
    const { body } = await (await signIn(app, nl!)).get(`/patients/${patient.id}/chart`);
    for (const text of ['Behandelkaart', 'Te boeken', 'Verwachte tijd', 'Vulling']) expect(body).toContain(text);
  });

  it('is only read at the reception', async () => {
    const { body } = await receptionist.get(`/patients/${patient.id}/chart`);
    expect(body).toContain('To Be Booked');
    expect(body).not.toContain('planned-appointments');
    expect(body).not.toContain('treatment-plans');
    for (const path of [
      url(),
      `${url()}/deletion`,
      `/treatment-plans/${planned.treatmentPlanId}/planned-appointments/new`,
    ]) {
      expect((await receptionist.get(path)).statusCode).toBe(403);
    }
    for (const path of [
      url(),
      `${url()}/deletion`,
      `${url()}/position`,
      `/patients/${patient.id}/treatment-plans`,
      `/treatment-plans/${planned.treatmentPlanId}/planned-appointments`,
    ]) {
      expect((await receptionist.post(path, filled())).statusCode).toBe(403);
    }
    expect(await rows()).toMatchObject({ requirementVersion: 1, deletedAt: null });
  });

  it('gives htmx the plans alone', async () => {
    const { body } = await provider.get(`/patients/${patient.id}/chart`, { partial: true });
    expect(body).toMatch(/^<div id="chart"/);
  });

  it('says where a planned appointment stands: in the book, on the list, with the patient', async () => {
    const visit = await buildAppointment(db, built, patient.id, 0);
    await db.database.transaction((tx) => depart(tx, built.staff, visit.id));
    expect((await provider.get(`/patients/${patient.id}/chart`)).body).toContain('On the Departure Task List');
    await db.database
      .update(tables.bookings)
      .set({
        state: 'link_sent',
        linkSentAt: new Date('2026-11-24T09:20:00Z'),
        linkExpiresAt: new Date('2026-12-08T23:00:00Z'),
      })
      .where(eq(tables.bookings.plannedAppointmentId, planned.id));
    const sent = (await provider.get(`/patients/${patient.id}/chart`)).body;
    expect(sent).toContain('OLB Link Sent');
    expect(sent).toContain('10:20');
    expect(sent).toContain('8 December');
    await db.database.insert(tables.bookEntries).values({
      practiceId: built.practice.id,
      locationId: built.location.id,
      kind: 'appointment',
      status: 'booked',
      madeBy: 'online',
      patientId: patient.id,
      providerId: built.providers[0]!.id,
      chairId: built.chairs[0]!.id,
      startsAt: inDays(built, 3, 560),
      endsAt: inDays(built, 3, 590),
      plannedAppointmentId: planned.id,
    });
    const booked = (await provider.get(`/patients/${patient.id}/chart`)).body;
    expect(booked).toMatch(/Booked online for .*09:20/);
    expect(booked).not.toContain('To Be Booked');
    expect((await provider.get(url())).body).toContain('does not change that appointment');
  });

  it('renders what was typed as text, whatever it looks like', async () => {
    const script = '<script>alert(1)</script>"\'&';
    await provider.post(url(), filled({ description: script, note: script }));
    await provider.post(`/patients/${patient.id}/treatment-plans`, { name: script });
    for (const path of [`/patients/${patient.id}/chart`, url(), `${url()}/deletion`]) {
      const { body } = await provider.get(path);
      expect(body).not.toContain('<script>alert');
      expect(body).toContain('&lt;script>alert(1)');
    }
  });
});

describe('a new plan', () => {
  it('is created with its name', async () => {
    const { statusCode, headers } = await manager.post(`/patients/${patient.id}/treatment-plans`, {
      name: ' Crown 36 ',
    });
    expect([statusCode, headers.location]).toEqual([303, `/patients/${patient.id}/chart`]);
    expect((await plansOf()).map(({ name }) => name)).toEqual(['Crown 36', 'Plan']);
  });

  it('needs a name that is not endless', async () => {
    const long = 'x'.repeat(81);
    for (const [name, error] of [
      ['  ', 'This is needed.'],
      [long, 'This is too long.'],
    ] as const) {
      const { statusCode, body } = await provider.post(`/patients/${patient.id}/treatment-plans`, { name });
      expect(statusCode).toBe(422);
      expect(body).toContain(error);
      expect(body).toContain(`value="${name}"`);
    }
    expect(await plansOf()).toHaveLength(1);
  });
});

describe('Edit Appointment', () => {
  it('opens as a window, and without scripts as a page', async () => {
    const part = await provider.get(url(), { partial: true });
    expect(part.body).toMatch(/^<section/);
    for (const text of [
      'Edit Appointment',
      'Book this Appointment',
      'Sum of the services: 0:30',
      'F1 Filling',
      'As the practice (1 day)',
    ]) {
      expect(part.body).toContain(text);
    }
    expect((await provider.get(url())).body).toMatch(/^<!doctype html>.*Edit Appointment/s);
  });

  it('saves all that is entered and goes back to the Chart', async () => {
    const [filling, xray] = built.services;
    const { statusCode, headers } = await provider.post(url(), {
      ...filled(),
      toBeBooked: false,
      service: [xray!.id, filling!.id],
      tooth: ['', '36'],
      expectedTime: '1:15',
      description: ' Big filling ',
      note: 'Shade A2',
      providerId: built.providers[1]!.id,
      intervalDays: '14',
    });
    expect([statusCode, headers.location]).toEqual([303, `/patients/${patient.id}/chart`]);
    expect(await now()).toMatchObject({
      toBeBooked: false,
      overrideMinutes: 75,
      sumMinutes: 40,
      minutes: 75,
      description: 'Big filling',
      note: 'Shade A2',
      providerId: built.providers[1]!.id,
      intervalDays: 14,
      services: [
        { serviceId: xray!.id, tooth: '' },
        { serviceId: filling!.id, tooth: '36' },
      ],
    });
    expect((await rows()).requirementVersion).toBe(2);
  });

  it('tells htmx to go on to the Chart', async () => {
    const { statusCode, headers } = await provider.post(url(), filled(), { partial: true });
    expect([statusCode, headers['hx-redirect']]).toEqual([204, `/patients/${patient.id}/chart`]);
  });

  it('ends the effort to book when it is unticked', async () => {
    const visit = await buildAppointment(db, built, patient.id, 60);
    await db.database.transaction((tx) => depart(tx, built.staff, visit.id));
    await provider.post(url(), filled({ toBeBooked: false }));
    const [booking] = await db.database
      .select()
      .from(tables.bookings)
      .where(eq(tables.bookings.plannedAppointmentId, planned.id));
    expect(booking!.state).toBe('withdrawn');
  });

  it('says that the patient was first when it is unticked after the confirmation', async () => {
    const visit = await buildAppointment(db, built, patient.id, 120);
    await db.database.transaction((tx) => depart(tx, built.staff, visit.id));
    await db.database
      .update(tables.bookings)
      .set({ state: 'confirmed' })
      .where(eq(tables.bookings.plannedAppointmentId, planned.id));
    const { statusCode, body } = await provider.post(url(), filled({ toBeBooked: false }));
    expect(statusCode).toBe(409);
    expect(body).toContain('booked already');
    expect((await now()).toBeBooked).toBe(true);
  });

  it('comes back as filled, with one more service, one less, or the new sum, and changes nothing', async () => {
    const [filling, xray] = built.services;
    const typed = filled({
      expectedTime: '9:99',
      note: 'half typed',
      service: [filling!.id, xray!.id],
      tooth: ['36', ''],
    });
    const added = await provider.post(url(), { ...typed, step: 'add' });
    expect(added.statusCode).toBe(200);
    expect(added.body.match(/name="service"/g)).toHaveLength(3);
    for (const text of ['value="9:99"', 'half typed', 'value="36"', 'Sum of the services: 0:40'])
      expect(added.body).toContain(text);
    const removed = await provider.post(url(), { ...typed, step: 'remove-0' }, { partial: true });
    expect(removed.body.match(/name="service"/g)).toHaveLength(1);
    expect(removed.body).toContain('Sum of the services: 0:10');
    expect(removed.body).not.toContain('value="36"');
    const counted = await provider.post(url(), { ...typed, step: 'recount' }, { partial: true });
    expect(counted.body).toContain('Sum of the services: 0:40');
    expect(await rows()).toMatchObject({ requirementVersion: 1, note: '' });
  });

  it('reads no service where none was chosen', async () => {
    await provider.post(url(), filled({ service: ['', built.services[1]!.id, ''], tooth: ['11', '12', ''] }));
    expect((await now()).services).toMatchObject([{ code: 'X1', tooth: '12' }]);
    await provider.post(url(), filled({ service: [], tooth: [] }));
    expect(await now()).toMatchObject({ services: [], minutes: 0 });
  });

  it.each([
    ['expectedTime', '0:00', 'at least one minute'],
    ['expectedTime', '25:00', 'at most 8 hours'],
    ['expectedTime', '8:01', 'at most 8 hours'],
    ['expectedTime', '45', 'hours and minutes'],
    ['expectedTime', '1:75', 'hours and minutes'],
    ['expectedTime', '-1:00', 'hours and minutes'],
    ['intervalDays', '8', 'Choose one of the list.'],
    ['providerId', 'nobody', 'Choose one of the list.'],
    ['description', 'x'.repeat(201), 'This is too long.'],
    ['note', 'x'.repeat(2001), 'This is too long.'],
    ['tooth', '49', 'two digits'],
  ])('refuses %s %s at its field, kept as filled', async (field, value, error) => {
    const { statusCode, body } = await provider.post(url(), filled({ description: 'Kept as typed', [field]: value }));
    expect(statusCode).toBe(422);
    expect(body).toContain(error);
    expect(body).toContain(field === 'description' ? value : 'Kept as typed');
    expect(await rows()).toMatchObject({ requirementVersion: 1, description: 'Filling' });
  });

  it('refuses services that together are longer than a day’s appointment', async () => {
    const service = Array.from({ length: 17 }, () => built.services[0]!.id);
    const { statusCode, body } = await provider.post(url(), filled({ service, tooth: service.map(() => '') }));
    expect(statusCode).toBe(422);
    expect(body).toContain('at most 8 hours');
    expect((await now()).services).toHaveLength(1);
  });

  it('refuses services and providers of another practice, and fields that it does not know', async () => {
    const strangers = [
      filled({ service: [elsewhere.services[0]!.id] }),
      filled({ service: ['not an id'] }),
      filled({ providerId: elsewhere.providers[0]!.id }),
      filled({ practiceId: elsewhere.practice.id }),
      filled({ step: 'anything' }),
    ];
    for (const fields of strangers) expect((await provider.post(url(), fields)).statusCode).toBe(422);
    expect(await rows()).toMatchObject({ requirementVersion: 1, providerId: built.providers[0]!.id });
  });

  it('adds a planned appointment to a plan, with the provider’s own name chosen', async () => {
    const path = `/treatment-plans/${planned.treatmentPlanId}/planned-appointments`;
    const { body } = await provider.get(`${path}/new`);
    expect(body).toContain('New planned appointment');
    expect(body).toMatch(new RegExp(`<option value="${built.providers[0]!.id}" selected`));
    expect((await provider.post(path, filled({ expectedTime: '0:00' }))).statusCode).toBe(422);
    expect((await provider.post(path, filled({ step: 'add' }))).body.match(/name="service"/g)).toHaveLength(2);
    expect((await provider.post(path, filled({ description: 'Second' }))).statusCode).toBe(303);
    expect((await plansOf())[0]!.appointments.map(({ description }) => description)).toEqual(['Filling', 'Second']);
  });
});

describe('the order of a plan', () => {
  it('changes by one place, at once for htmx and by a redirect without scripts', async () => {
    const path = `/treatment-plans/${planned.treatmentPlanId}/planned-appointments`;
    await provider.post(path, filled({ description: 'Second' }));
    const order = async () => (await plansOf())[0]!.appointments.map(({ description }) => description);
    const part = await provider.post(`${url()}/position`, { place: 2 }, { partial: true });
    expect(part.body).toMatch(/^<div id="chart".*Second.*Filling/s);
    expect(await order()).toEqual(['Second', 'Filling']);
    const { statusCode, headers } = await provider.post(`${url()}/position`, { place: 1 });
    expect([statusCode, headers.location]).toEqual([303, `/patients/${patient.id}/chart#planned-${planned.id}`]);
    expect(await order()).toEqual(['Filling', 'Second']);
    expect((await provider.post(`${url()}/position`, { place: 'last' })).statusCode).toBe(422);
  });
});

describe('deletion', () => {
  it('asks first, then takes the planned appointment out of its plan', async () => {
    const asked = await provider.get(`${url()}/deletion`);
    expect(asked.body).toContain('“Filling” will be taken out of the plan.');
    expect((await plansOf())[0]!.appointments).toHaveLength(1);
    const { statusCode, headers } = await provider.post(`${url()}/deletion`);
    expect([statusCode, headers.location]).toEqual([303, `/patients/${patient.id}/chart`]);
    expect((await plansOf())[0]!.appointments).toEqual([]);
    expect((await provider.get(url())).statusCode).toBe(404);
  });

  it('says what goes with it, or why it cannot be', async () => {
    const visit = await buildAppointment(db, built, patient.id, 180);
    await db.database.transaction((tx) => depart(tx, built.staff, visit.id));
    expect((await provider.get(`${url()}/deletion`)).body).toContain(
      'Its task on the Departure Task List will go too.',
    );
    await db.database
      .update(tables.bookings)
      .set({ state: 'confirmed' })
      .where(eq(tables.bookings.plannedAppointmentId, planned.id));
    const { body } = await provider.get(`${url()}/deletion`, { partial: true });
    expect(body).toContain('The patient has confirmed a time');
    expect(body).not.toContain('type="submit"');
    expect((await provider.post(`${url()}/deletion`)).statusCode).toBe(409);
  });
});

describe('another practice', () => {
  it('has nothing that can be seen or changed', async () => {
    const stranger = await buildPatient(db, elsewhere);
    const theirs = await buildPlanned(db, elsewhere, stranger.id);
    const paths = [
      `/patients/${stranger.id}/chart`,
      `/planned-appointments/${theirs.id}`,
      `/planned-appointments/${theirs.id}/deletion`,
      `/treatment-plans/${theirs.treatmentPlanId}/planned-appointments/new`,
    ];
    for (const path of paths) expect([path, (await provider.get(path)).statusCode]).toEqual([path, 404]);
    const posts: [string, Record<string, string | boolean | string[]>][] = [
      [`/patients/${stranger.id}/treatment-plans`, { name: 'Mine' }],
      [`/planned-appointments/${theirs.id}`, filled()],
      [`/planned-appointments/${theirs.id}/deletion`, {}],
      [`/planned-appointments/${theirs.id}/position`, { place: '1' }],
      [`/treatment-plans/${theirs.treatmentPlanId}/planned-appointments`, filled()],
    ];
    for (const [path, fields] of posts)
      expect([path, (await provider.post(path, fields)).statusCode]).toEqual([path, 404]);
    expect((await readChart(db.sql, elsewhere.practice.id, stranger.id)).plans).toMatchObject([
      { appointments: [{ description: 'Filling', note: '' }] },
    ]);
  });
});
