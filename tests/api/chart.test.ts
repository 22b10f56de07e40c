import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { instantAt } from '../../domain/book/rules/localTime.ts';
import { readChart } from '../../domain/chart/read.ts';
import { depart } from '../../domain/departures/depart.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { buildAppointment, buildPatient, buildPlanned, inDays, timeZone } from '../builders.ts';
import { signIn } from '../desk.ts';
import {
  app,
  built,
  db,
  elsewhere,
  filled,
  manager,
  patient,
  planned,
  plansOf,
  provider,
  receptionist,
  rows,
  url,
  useChart,
} from './chartDesk.ts';

useChart();

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
        linkSentAt: new Date(instantAt('2026-11-24', 620, timeZone)),
        linkExpiresAt: new Date(instantAt('2026-12-09', 0, timeZone)),
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
      ['  ', 'This is required.'],
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
