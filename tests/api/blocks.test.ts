import { describe, expect, it } from 'vitest';
import { inDays } from '../builders.ts';
import {
  ahead,
  built,
  day,
  elsewhere,
  made,
  onDay,
  provider,
  receptionist,
  stranger,
  useBookDesk,
} from './bookDesk.ts';

useBookDesk();

describe('blocked time', () => {
  const block = (more: Record<string, string | boolean> = {}) => ({
    reason: 'absence',
    provider: built.providers[0]!.id,
    chair: '',
    day: day(),
    from: '09:00',
    untilDay: day(),
    until: '12:00',
    note: '',
    ...more,
  });

  it('is made by the form, and given back from its entry', async () => {
    expect((await receptionist.get(`/book/blocks/new?day=${day()}`)).body).toContain(
      `name="untilDay" value="${day()}"`,
    );
    expect((await receptionist.post('/book/blocks', block({ allDay: true }))).statusCode).toBe(303);
    const [entry] = await onDay();
    expect(entry).toMatchObject({
      kind: 'block',
      startsAt: inDays(built, ahead, 0),
      endsAt: inDays(built, ahead, 1440),
    });
    expect((await receptionist.get(`/book?day=${day()}`)).body).toContain(`/book/blocks/${entry!.id}/cancellation`);
    expect((await stranger.post(`/book/blocks/${entry!.id}/cancellation`)).statusCode).toBe(404);
    expect((await provider.post(`/book/blocks/${entry!.id}/cancellation`)).statusCode).toBe(403);
    expect((await receptionist.post(`/book/blocks/${entry!.id}/cancellation`)).statusCode).toBe(303);
    expect((await onDay())[0]!.status).toBe('cancelled');
  });

  it('stands in every column where it closes the whole location, and under an id of its own in each', async () => {
    expect((await receptionist.post('/book/blocks', block({ reason: 'closure', provider: '' }))).statusCode).toBe(303);
    const [entry] = await onDay();
    for (const by of ['provider', 'chair']) {
      const { body } = await receptionist.get(`/book?day=${day()}&by=${by}`);
      const ids = [...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
      expect(ids.filter((id) => id.includes(entry!.id)).length).toBeGreaterThan(1);
      expect(ids).toContain(`entry-${entry!.id}`);
    }
  });

  it('over appointments asks first, with how many', async () => {
    await made();
    const asked = await receptionist.post('/book/blocks', block({ note: 'Course' }), { partial: true });
    expect([
      asked.statusCode,
      asked.body.includes('1 appointment or held time stands there.'),
      asked.body.includes('Course'),
    ]).toEqual([409, true, true]);
    expect((await receptionist.post('/book/blocks', block({ overlap: true }))).statusCode).toBe(303);
  });

  it.each([
    ['until', { until: '09:00' }, 'The end must be after the beginning.'],
    ['untilDay', { untilDay: '2020-01-01' }, 'The end must be after the beginning.'],
    ['untilDay', { day: '2020-01-01', untilDay: '2020-01-02' }, 'This date has passed.'],
    ['untilDay', { untilDay: '2099-01-01' }, 'At most 31 days at once.'],
    ['reason', { reason: 'holiday' }, 'Choose one of the list.'],
  ])('with a wrong %s is not accepted: %j', async (field, more, message) => {
    const { statusCode, body } = await receptionist.post('/book/blocks', block({ ...more, note: 'Kept' }), {
      partial: true,
    });
    expect([
      statusCode,
      body.includes(message),
      body.includes('Kept'),
      body.includes(`id="field-${field}-error"`),
    ]).toEqual([422, true, true, true]);
    expect(await onDay()).toEqual([]);
  });

  it('is not the provider’s to make, nor over another practice’s chair', async () => {
    expect((await provider.get('/book/blocks/new')).statusCode).toBe(403);
    expect((await provider.post('/book/blocks', block())).statusCode).toBe(403);
    expect((await receptionist.post('/book/blocks', block({ chair: elsewhere.chairs[0]!.id }))).statusCode).toBe(422);
  });
});
