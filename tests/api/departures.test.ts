import { describe, expect, it } from 'vitest';
import { asItStands, departed, departureInBook, entryNow, inTheChair, taskNow } from './departureDesk.ts';
import { desk, useReception } from './reception.ts';

useReception();

describe('a departure', () => {
  it('leaves its reader on the day they were looking at', async () => {
    const { plan, url } = await inTheChair();
    const within = { partial: true, headers: { 'hx-current-url': 'http://localhost/book?by=chair' } };
    expect((await desk.post(url, asItStands(plan.id), within)).headers['hx-redirect']).toBe('/book?by=chair');
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

  it('says in the card of the book why it stands', async () => {
    const { taskUrl, appointment } = await departed();
    await desk.post(`${taskUrl}/first-free`);
    const undone = await desk.post((await departureInBook(appointment.id))!, {}, { partial: true });
    expect(undone.statusCode).toBe(409);
    expect(undone.body).toContain('This departure cannot be undone any more');
    expect((await entryNow(appointment.id)).status).toBe('departed');
  });
});
