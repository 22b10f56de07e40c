import { describe, expect, it } from 'vitest';
import { buildAppointment, buildPatient, inDays } from '../builders.ts';
import {
  ahead,
  built,
  change,
  day,
  db,
  elsewhere,
  filled,
  made,
  onDay,
  patient,
  provider,
  receptionist,
  stranger,
  useBookDesk,
} from './bookDesk.ts';

useBookDesk();

describe('a new appointment', () => {
  it('is made in two steps without scripts: whom, then when', async () => {
    const asked = `/book/appointments/new?day=${day()}&start=10:15&provider=${built.providers[1]!.id}`;
    await receptionist.get(asked);
    const found = await receptionist.post(asked, { q: 'oosterb' });
    expect(found.statusCode).toBe(303);
    expect(found.headers.location).not.toMatch(/oosterb/i);
    const first = await receptionist.get(String(found.headers.location));
    expect(first.body).toContain('Wilhelmina Oosterbaan');
    const link = /href="(\/book\/appointments\/new\?[^"]*patient=[^"]*)"/
      .exec(first.body)![1]!
      .replaceAll('&amp;', '&');
    const second = await receptionist.get(link);
    expect(second.body).toMatch(/name="start" value="10:15"/);
    expect(second.body).toContain(`value="${built.providers[1]!.id}" selected`);
    const { statusCode, headers } = await receptionist.post('/book/appointments', filled());
    const [entry] = await onDay();
    expect([statusCode, headers.location]).toEqual([303, `/book?day=${day()}#entry-${entry!.id}`]);
    expect(entry).toMatchObject({
      patientId: patient.id,
      startsAt: inDays(built, ahead, 600),
      description: 'Check-up',
    });
  });

  it('is found by the patient’s number too', async () => {
    const { body } = await receptionist.post('/book/appointments/new', { q: patient.number }, { partial: true });
    expect(body).toContain('Oosterbaan');
    expect(body).toMatch(/^<section class="window-content"/);
  });

  it.each([
    ['length', '0:00', 'The length must be at least one minute.'],
    ['length', '25:00', 'The length can be at most 8 hours.'],
    ['length', 'long', 'Write the length as hours and minutes'],
    ['length', '', 'This is required.'],
    ['start', '25:10', 'Write the time as hours and minutes'],
    ['day', '2020-02-30', 'This is not a date.'],
    ['day', '2020-02-03', 'This date has passed.'],
    ['provider', 'nobody', 'Choose one of the list.'],
    ['description', 'x'.repeat(201), 'This is too long.'],
  ])('with the %s %s is not accepted, and stays as it was filled', async (field, value, message) => {
    const { statusCode, body } = await receptionist.post(
      '/book/appointments',
      filled({ note: 'Kept as typed', [field]: value }),
      { partial: true },
    );
    expect(statusCode).toBe(422);
    expect(body).toContain(message);
    expect(body).toContain('Kept as typed');
    expect(body).toContain(`id="field-${field}-error"`);
    expect(await onDay()).toEqual([]);
  });

  it('takes neither unknown fields nor what belongs to another practice', async () => {
    const post = async (more: Record<string, string>) =>
      (await receptionist.post('/book/appointments', filled(more))).statusCode;
    expect(await post({ surprise: 'x' })).toBe(422);
    expect(await post({ provider: elsewhere.providers[0]!.id })).toBe(422);
    expect(await post({ chair: elsewhere.chairs[0]!.id })).toBe(422);
    expect(await post({ patient: (await buildPatient(db, elsewhere)).id })).toBe(404);
    expect(await post({ patient: 'nobody' })).toBe(422);
    expect((await stranger.get(`/book/appointments/new?patient=${patient.id}`)).statusCode).toBe(404);
    expect(await onDay()).toEqual([]);
  });

  it('where something stands says what, and is made over it only when that is ticked', async () => {
    await made();
    const rival = await buildPatient(db, built);
    const taken = await receptionist.post('/book/appointments', filled({ patient: rival.id, start: '10:15' }), {
      partial: true,
    });
    expect(taken.statusCode).toBe(409);
    expect(taken.body).toMatch(/10:00–10:30.*Wilhelmina Oosterbaan/);
    expect(taken.body).toContain('name="overlap"');
    const over = await receptionist.post(
      '/book/appointments',
      filled({ patient: rival.id, start: '10:15', overlap: true }),
    );
    expect(over.statusCode).toBe(303);
    expect((await onDay()).map(({ overlapAllowed }) => overlapAllowed)).toEqual([false, true]);
  });

  it('for a patient who comes at that time already says with whom, and is made all the same when that is ticked', async () => {
    await made();
    const second = { provider: built.providers[1]!.id, chair: built.chairs[1]!.id, start: '10:15', note: 'Kept' };
    const warned = await receptionist.post('/book/appointments', filled(second));
    expect(warned.statusCode).toBe(409);
    expect(warned.body).toContain('The patient has an appointment already:');
    expect(warned.body).toMatch(/10:00–10:30.*Dr Noor Beekman/);
    expect(warned.body).toContain('Kept');
    expect(warned.body).not.toContain('name="overlap"');
    expect(await onDay()).toHaveLength(1);
    expect((await receptionist.post('/book/appointments', filled({ ...second, twice: true }))).statusCode).toBe(303);
    expect((await onDay()).map(({ overlapAllowed }) => overlapAllowed)).toEqual([false, false]);
  });
});

describe('an appointment that stands', () => {
  it('is changed by the form, which shows it as it is', async () => {
    const id = await made({ note: 'Anxious' });
    const form = await receptionist.get(`/book/appointments/${id}/edit`);
    expect(form.body).toMatch(/name="start" value="10:00"/);
    expect(form.body).toContain('Anxious');
    const { statusCode } = await receptionist.post(
      `/book/appointments/${id}/edit`,
      change({ start: '11:00', length: '1:00', chair: '' }),
    );
    expect(statusCode).toBe(303);
    expect((await onDay())[0]).toMatchObject({
      startsAt: inDays(built, ahead, 660),
      endsAt: inDays(built, ahead, 720),
    });
    const faulty = await receptionist.post(`/book/appointments/${id}/edit`, change({ length: '25:00', note: 'Kept' }));
    expect([faulty.statusCode, faulty.body.includes('Kept')]).toEqual([422, true]);
    expect((await receptionist.post(`/book/appointments/${id}/edit`, change({ day: '2020-01-01' }))).statusCode).toBe(
      422,
    );
  });

  it('is moved and lengthened as by the mouse, or answered with a notice', async () => {
    const id = await made();
    await made({ start: '12:00', patient: (await buildPatient(db, built)).id });
    const move = (fields: Record<string, string | number>) =>
      receptionist.post(`/book/appointments/${id}/move`, fields, { partial: true });
    expect((await move({ day: day(), minute: 630, provider: built.providers[1]!.id })).statusCode).toBe(204);
    expect((await move({ minutes: 45 })).statusCode).toBe(204);
    expect((await onDay())[0]).toMatchObject({
      providerId: built.providers[1]!.id,
      startsAt: inDays(built, ahead, 630),
      endsAt: inDays(built, ahead, 675),
    });
    const taken = await move({ day: day(), minute: 725, provider: built.providers[0]!.id });
    expect(taken.statusCode).toBe(409);
    expect(taken.body).toMatch(/class="problem".*This time is not free\./s);
    for (const wrong of [
      { minute: 600 },
      { day: day(), minute: 1440 },
      { minutes: 0 },
      { minutes: 481 },
      { surprise: 1 },
    ]) {
      expect((await move(wrong as never)).statusCode).toBe(422);
    }
  });

  it('is not moved onto another of its patient’s by mistake, neither by the form nor by the mouse', async () => {
    await made();
    const other = { provider: built.providers[1]!.id, chair: built.chairs[1]!.id };
    const id = await made({ ...other, start: '11:00' });
    const warned = await receptionist.post(`/book/appointments/${id}/edit`, change({ ...other, start: '10:15' }));
    expect([warned.statusCode, warned.body.includes('name="twice"')]).toEqual([409, true]);
    const minute = { day: day(), minute: '615' };
    const dragged = await receptionist.post(`/book/appointments/${id}/move`, minute, { partial: true });
    expect([dragged.statusCode, dragged.body.includes('has another appointment')]).toEqual([409, true]);
    const twice = change({ ...other, start: '10:15', twice: true });
    expect((await receptionist.post(`/book/appointments/${id}/edit`, twice)).statusCode).toBe(303);
  });

  it('is cancelled, and its time is free', async () => {
    const id = await made();
    const { statusCode, headers } = await receptionist.post(`/book/appointments/${id}/cancellation`);
    expect([statusCode, headers.location]).toEqual([303, `/book?day=${day()}`]);
    expect((await onDay())[0]!.status).toBe('cancelled');
    expect((await receptionist.post(`/book/appointments/${id}/edit`, change())).statusCode).toBe(409);
    expect((await receptionist.get(`/book/appointments/${id}/edit`)).statusCode).toBe(409);
  });

  it('changes its state also at the hands of the provider', async () => {
    const { id } = await buildAppointment(db, built, patient.id);
    const set = (status: string, partial = false) =>
      provider.post(`/book/appointments/${id}/state`, { status }, { partial });
    expect((await set('arrived')).statusCode).toBe(303);
    expect((await set('in_chair', true)).statusCode).toBe(204);
    expect((await set('did_not_attend', true)).statusCode).toBe(409);
    expect((await set('departed', true)).statusCode).toBe(422);
    expect((await set('cancelled', true)).statusCode).toBe(422);
    const future = await made();
    const early = await receptionist.post(
      `/book/appointments/${future}/state`,
      { status: 'arrived' },
      { partial: true },
    );
    expect([early.statusCode, early.body.includes('cannot be set to this state')]).toEqual([409, true]);
  });

  it('is nothing to another practice, and only its state is the provider’s', async () => {
    const id = await made();
    const url = `/book/appointments/${id}`;
    const ways: [string, Record<string, string | number>][] = [
      [`${url}/edit`, change() as Record<string, string>],
      [`${url}/move`, { minutes: 20 }],
      [`${url}/cancellation`, {}],
      [`${url}/state`, { status: 'booked' }],
    ];
    for (const [path, fields] of ways)
      expect([path, (await stranger.post(path, fields)).statusCode]).toEqual([path, 404]);
    for (const [path, fields] of ways.slice(0, 3))
      expect([path, (await provider.post(path, fields)).statusCode]).toEqual([path, 403]);
    expect((await provider.post('/book/appointments', filled())).statusCode).toBe(403);
    expect((await provider.get('/book/appointments/new')).statusCode).toBe(403);
    expect((await onDay()).map(({ status, startsAt }) => [status, startsAt])).toEqual([
      ['booked', inDays(built, ahead, 600)],
    ]);
  });
});
