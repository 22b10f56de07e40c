import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { built, db, elsewhere, manager, refuses, useSettings } from './settingsDesk.ts';

useSettings();

describe('locations', () => {
  const address = { name: 'West', street: 'Weg 1', postalCode: '1000 AB', city: 'Utrecht', phone: '030 000 0000' };
  const hoursOf = (locationId: string) =>
    db.database.select().from(tables.openingHours).where(eq(tables.openingHours.locationId, locationId));

  it('are added with opening hours, several periods a day', async () => {
    const done = await manager.post('/settings/locations', { ...address, day1: '13:00-17:00, 8.00-12.00', day7: '' });
    expect([done.statusCode, done.headers.location]).toEqual([303, '/settings/locations']);
    const { body } = await manager.get('/settings/locations');
    expect(body).toContain('Weg 1, 1000 AB Utrecht');
    const [, id] = /locations\/([0-9a-f-]{36})">West/.exec(body)!;
    expect(await hoursOf(id!)).toMatchObject([
      { weekday: 1, fromMinute: 480, untilMinute: 720 },
      { weekday: 1, fromMinute: 780, untilMinute: 1020 },
    ]);
    expect((await manager.get(`/settings/locations/${id}`)).body).toContain('value="08:00–12:00, 13:00–17:00"');
  });

  it('change, closed days and all', async () => {
    const { id } = built.location;
    expect((await manager.post(`/settings/locations/${id}`, { ...address, day3: '0:00-24:00' })).statusCode).toBe(303);
    expect(await hoursOf(id)).toMatchObject([{ weekday: 3, fromMinute: 0, untilMinute: 1440 }]);
  });

  it('refuse what is no address and no hours, and change nothing', async () => {
    const path = `/settings/locations/${built.location.id}`;
    const cases: [string, string, string][] = [
      ['name', ' ', 'This is required.'],
      ['phone', 'x', 'not a telephone number'],
      ['postalCode', '1'.repeat(13), 'This is too long.'],
      ['day2', 'mornings', 'Write the hours such as'],
      ['day2', '12:00-8:00', 'must end after it begins'],
      ['day2', '8:00-12:00, 11:00-13:00', 'These periods overlap.'],
    ];
    await refuses(path, address, cases, 'value="Weg 1"');
    await refuses('/settings/locations', address, cases, 'value="Weg 1"');
    expect(await hoursOf(built.location.id)).toHaveLength(7);
    expect((await manager.get('/settings/locations')).body).not.toContain('West');
  });
});

describe('chairs', () => {
  const fields = () => ({ name: 'Surgery', position: '7', active: true, locationId: built.location.id });

  it('are added and changed in a window', async () => {
    expect((await manager.get('/settings/chairs/new', { partial: true })).body).toMatch(/^<section.*value="3"/s);
    expect((await manager.post('/settings/chairs', fields())).statusCode).toBe(303);
    const [, id] = /chairs\/([0-9a-f-]{36})"[^>]*>Surgery/.exec((await manager.get('/settings/chairs')).body)!;
    expect((await manager.post(`/settings/chairs/${id}`, { name: 'Surgery 2', position: '8' })).statusCode).toBe(303);
    const [chair] = await db.database.select().from(tables.chairs).where(eq(tables.chairs.id, id!));
    expect(chair).toMatchObject({ name: 'Surgery 2', position: 8, active: false, locationId: built.location.id });
  });

  it('refuse what does not fit', async () => {
    await refuses(
      '/settings/chairs',
      fields(),
      [
        ['position', 'first', 'not a whole number'],
        ['position', '1000', 'too small or too large'],
        ['locationId', elsewhere.location.id, 'Choose one of the list.'],
        ['locationId', 'here', 'Choose one of the list.'],
      ],
      'value="Surgery"',
    );
    const { id } = built.chairs[0]!;
    await refuses(
      `/settings/chairs/${id}`,
      { name: 'Surgery', position: '7' },
      [['locationId', built.location.id, 'This form has changed.']],
      'value="Surgery"',
    );
    expect((await manager.get('/settings/chairs')).body).not.toContain('Surgery');
  });
});
