import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { inDays } from '../builders.ts';
import { buildVisit } from '../efforts.ts';
import { asItStands, inTheChair, settings } from './departureDesk.ts';
import { built, db, desk, useReception } from './reception.ts';

useReception();

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
