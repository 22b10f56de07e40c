import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { changePlannedAppointment } from '../../domain/chart/planned.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { buildPlanned } from '../builders.ts';
import { buildVisit } from '../efforts.ts';
import { asItStands, departed, departureInBook, entryNow, inTheChair, taskNow } from './departureDesk.ts';
import { built, db, desk, useReception } from './reception.ts';

useReception();

const bookingsOf = (patientId: string) =>
  db.database.select().from(tables.bookings).where(eq(tables.bookings.patientId, patientId));

describe('a departure', () => {
  it('leaves its reader on the day they were looking at', async () => {
    const { plan, url } = await inTheChair();
    const within = { partial: true, headers: { 'hx-current-url': 'http://localhost/book?by=chair' } };
    expect((await desk.post(url, asItStands(plan.id), within)).headers['hx-redirect']).toBe('/book?by=chair');
  });

  it.each([
    ['one after the other', async (press: () => Promise<number>) => [await press(), await press()]],
    ['at once', (press: () => Promise<number>) => Promise.all([press(), press()])],
  ])('is one departure where OK is pressed twice, %s', async (_how, twice) => {
    const { person, plan, url } = await inTheChair();
    const unticked = await buildPlanned(db, built, person.id, { toBeBooked: false });
    const fields = { ...asItStands(plan.id), ...asItStands(unticked.id, { [`book.${unticked.id}`]: undefined }) };
    expect(await twice(async () => (await desk.post(url, fields)).statusCode)).toEqual([303, 303]);
    expect(await bookingsOf(person.id)).toMatchObject([{ plannedAppointmentId: plan.id, state: 'departing' }]);
  });

  it('leaves what a colleague brought on its way, and books what she left', async () => {
    const { person, plan, url } = await inTheChair();
    const other = await buildPlanned(db, built, person.id);
    const unticked = (id: string) => asItStands(id, { [`book.${id}`]: undefined, [`length.${id}`]: '1:00' });
    await desk.post(url, { ...asItStands(plan.id), ...unticked(other.id) });
    expect((await desk.post(url, { ...unticked(plan.id), ...asItStands(other.id) })).statusCode).toBe(303);
    const both = await bookingsOf(person.id);
    expect(both).toMatchObject([{ state: 'departing' }, { state: 'departing' }]);
    const [kept] =
      await db.sql`select expected_minutes_override, to_be_booked from planned_appointments where id = ${plan.id}`;
    expect(kept).toEqual({ expected_minutes_override: null, to_be_booked: true });
  });

  it('is done already where the colleague has booked at the desk meanwhile', async () => {
    const { plan, url, taskUrl, person } = await departed();
    expect((await desk.post(`${taskUrl}/first-free`)).statusCode).toBe(303);
    expect((await desk.post(url, asItStands(plan.id))).statusCode).toBe(303);
    expect(await bookingsOf(person.id)).toMatchObject([{ state: 'booked_at_desk' }]);
    expect((await desk.get(url)).body).not.toContain(plan.id);
  });

  it('is undone while nothing was sent, and not afterwards', async () => {
    const wrong = await departed();
    expect((await desk.post(`/departures/${wrong.task.departureId}/undo`)).statusCode).toBe(303);
    expect((await taskNow(wrong.task.id)).outcome).toBe('undone');
    expect((await desk.post(`/departures/${wrong.task.departureId}/undo`)).body).toContain('Somebody was first');
    const sent = await departed();
    await desk.post(`${sent.taskUrl}/link`, { channels: ['email'] });
    expect((await desk.post(`/departures/${sent.task.departureId}/undo`)).statusCode).toBe(409);
  });

  it.each([
    ['no scripts', false, 303],
    ['scripts, where the grid draws itself again', true, 204],
  ])('is undone from the book where it brought no task: with %s', async (_how, partial, status) => {
    const { plan, url, appointment } = await inTheChair();
    await desk.post(url, asItStands(plan.id, { [`book.${plan.id}`]: undefined, nothing: 'on' }));
    const found = await departureInBook(appointment.id);
    const undone = await desk.post(found!, {}, { partial });
    expect(undone.statusCode).toBe(status);
    expect((await entryNow(appointment.id)).status).toBe('in_chair');
    expect(await departureInBook(appointment.id)).toBeNull();
    expect((await desk.post(found!)).body).toContain('Somebody was first');
  });

  it('gives each appointment of the day back what it was', async () => {
    const { person, appointment, url, plan } = await inTheChair();
    const later = await buildVisit(db, built, person.id);
    await db.sql`update book_entries set status = 'booked' where id = ${later.id}`;
    await desk.post(url, asItStands(plan.id));
    expect((await entryNow(later.id)).status).toBe('departed');
    await desk.post((await departureInBook(appointment.id))!);
    expect([(await entryNow(appointment.id)).status, (await entryNow(later.id)).status]).toEqual([
      'in_chair',
      'booked',
    ]);
  });

  it('is undone also when one of its planned appointments was unticked since, before any link was sent', async () => {
    const { plan, person, appointment, url } = await inTheChair();
    const other = await buildPlanned(db, built, person.id);
    await desk.post(url, { ...asItStands(plan.id), ...asItStands(other.id) });
    await db.database.transaction((tx) => changePlannedAppointment(tx, built.staff, other.id, { toBeBooked: false }));
    const undo = (await departureInBook(appointment.id))!;
    expect((await desk.get('/departure-tasks')).body).toContain(undo);
    expect((await desk.post(undo)).statusCode).toBe(303);
    expect((await entryNow(appointment.id)).status).toBe('in_chair');
  });

  it('says in the card of the book why it stands', async () => {
    const { taskUrl, appointment } = await departed();
    await desk.post(`${taskUrl}/first-free`);
    const undone = await desk.post((await departureInBook(appointment.id))!, {}, { partial: true });
    expect(undone.statusCode).toBe(409);
    expect(undone.body).toContain('This departure cannot be undone any more');
    expect((await entryNow(appointment.id)).status).toBe('departed');
  });
});
