import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { depart } from '../../domain/departures/depart.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { buildAppointment } from '../builders.ts';
import {
  built,
  db,
  elsewhere,
  filled,
  now,
  patient,
  planned,
  plansOf,
  provider,
  rows,
  url,
  useChart,
} from './chartDesk.ts';

useChart();

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
