import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { buildPlanned, inDays } from '../builders.ts';
import { buildVisit } from '../efforts.ts';
import { asItStands, inTheChair, settings } from './departureDesk.ts';
import { built, db, desk, useReception } from './reception.ts';

useReception();

const plannedNow = async (id: string) =>
  (await db.database.select().from(tables.plannedAppointments).where(eq(tables.plannedAppointments.id, id)))[0]!;
const treats = (active: boolean) =>
  db.database.update(tables.providers).set({ active }).where(eq(tables.providers.id, built.providers[0]!.id));
const errorAt = (field: string, words: string) => new RegExp(`id="field-${field}-error"[^>]*>${words}`);

describe('the departure window', () => {
  it('shows what is planned, and brings what is ticked to the Departure Task List', async () => {
    const { person, plan, url } = await inTheChair({ description: 'Crown preparation' });
    const window = await desk.get(url, { partial: true });
    expect(window.body).toContain('Crown preparation');
    await desk.post(url, asItStands(plan.id, { [`description.${plan.id}`]: 'Crown preparation' }));
    const list = await desk.get('/departure-tasks');
    expect(list.body).toContain(person.lastName);
    expect(list.body).toContain('0:30');
  });

  it('asks once when nothing is ticked, and then takes it for an answer', async () => {
    const { person, plan, url } = await inTheChair();
    const fields = asItStands(plan.id, { [`book.${plan.id}`]: undefined });
    const asked = await desk.post(url, fields);
    expect(asked.statusCode).toBe(422);
    expect(asked.body).toContain('name="nothing"');
    expect((await desk.post(url, { ...fields, nothing: 'on' })).statusCode).toBe(303);
    expect(await db.database.select().from(tables.bookings).where(eq(tables.bookings.patientId, person.id))).toEqual(
      [],
    );
  });

  it.each([['25:00'], ['0:00'], ['an hour']])('keeps the form as filled when the length is %s', async (length) => {
    const { plan, url, appointment } = await inTheChair();
    const answer = await desk.post(
      url,
      asItStands(plan.id, { [`length.${plan.id}`]: length, [`note.${plan.id}`]: 'Kept as typed' }),
    );
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain(`value="${length}"`);
    expect(answer.body).toContain('Kept as typed');
    const [entry] = await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.id, appointment.id));
    expect(entry!.status).toBe('in_chair');
  });

  it('keeps the provider of a plan who has left', async () => {
    const { plan, url } = await inTheChair();
    const provider = built.providers[0]!;
    await treats(false);
    try {
      const { body } = await desk.get(url);
      expect(body).toContain(`<option value="${provider.id}" selected>Dr Noor Beekman (no longer offered)</option>`);
      expect((await desk.post(url, asItStands(plan.id))).statusCode).toBe(303);
      expect(await plannedNow(plan.id)).toMatchObject({ providerId: provider.id, requirementVersion: 1 });
    } finally {
      await treats(true);
    }
  });

  it('says at its field what the plan does not take, and keeps what was typed', async () => {
    const { plan, url, appointment } = await inTheChair({ expectedMinutesOverride: 60, providerId: null });
    await db.database.insert(tables.plannedServices).values({
      practiceId: built.practice.id,
      plannedAppointmentId: plan.id,
      serviceId: built.services[1]!.id,
      estimatedMinutes: 460,
    });
    const typed = { [`note.${plan.id}`]: 'Kept as typed', [`provider.${plan.id}`]: '' };
    const long = await desk.post(url, asItStands(plan.id, typed));
    expect(long.statusCode).toBe(422);
    expect(long.body).toContain('Kept as typed');
    expect(long.body).toMatch(errorAt(`length.${plan.id}`, 'The length can be at most 8 hours.'));

    await treats(false);
    try {
      const provider = { [`length.${plan.id}`]: '1:00', [`provider.${plan.id}`]: built.providers[0]!.id };
      const gone = await desk.post(url, asItStands(plan.id, { ...typed, ...provider }));
      expect(gone.statusCode).toBe(422);
      expect(gone.body).toContain('Kept as typed');
      expect(gone.body).toMatch(errorAt(`provider.${plan.id}`, 'This provider no longer treats.'));
    } finally {
      await treats(true);
    }
    expect(await plannedNow(plan.id)).toMatchObject({ providerId: null, expectedMinutesOverride: 60, note: '' });
    const [entry] = await db.sql`select status from book_entries where id = ${appointment.id}`;
    expect(entry!.status).toBe('in_chair');
  });

  it('leaves alone what was planned while it was open', async () => {
    const { person, plan, url } = await inTheChair();
    const fields = asItStands(plan.id);
    const later = await buildPlanned(db, built, person.id, { note: 'Shade A2', toBeBooked: false });
    expect((await desk.post(url, fields)).statusCode).toBe(303);
    expect(await plannedNow(later.id)).toMatchObject({ note: 'Shade A2', providerId: later.providerId });
  });

  it('is one departure for two appointments of one day', async () => {
    const { person, plan, appointment, url } = await inTheChair();
    const second = await buildVisit(db, built, person.id);
    await desk.post(url, asItStands(plan.id));
    await desk.post(`/book/appointments/${second.id}/departure`, {});
    const departures = await db.database
      .select()
      .from(tables.departures)
      .where(eq(tables.departures.patientId, person.id));
    expect(departures).toHaveLength(1);
    const entries = await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.patientId, person.id));
    expect(entries.map(({ status }) => status)).toEqual(['departed', 'departed']);
    expect(entries.map(({ id }) => id).sort()).toEqual([appointment.id, second.id].sort());
  });

  it('is not there for an appointment of another day', async () => {
    const { appointment, url } = await inTheChair();
    await db.database
      .update(tables.bookEntries)
      .set({ startsAt: inDays(built, 1, 600), endsAt: inDays(built, 1, 630) })
      .where(eq(tables.bookEntries.id, appointment.id));
    expect((await desk.get(url)).statusCode).toBe(409);
  });

  it('brings no tasks where the practice has no Appointment Workflow', async () => {
    const { person, plan, url } = await inTheChair();
    await settings.workflow(false);
    await desk.post(url, asItStands(plan.id));
    await settings.workflow(true);
    expect(await db.database.select().from(tables.bookings).where(eq(tables.bookings.patientId, person.id))).toEqual(
      [],
    );
  });
});
