import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { buildPatient, inDays } from '../builders.ts';
import { built, db, elsewhere, type Fields, manager, refuses, useSettings } from './settingsDesk.ts';

useSettings();

describe('providers', () => {
  const path = () => `/settings/providers/${built.providers[0]!.id}`;
  const online = (more: Fields = {}): Fields => ({
    bookable: true,
    daysAhead: '60',
    earliestNoticeMinutes: '1440',
    chair: [built.chairs[1]!.id, '', built.chairs[0]!.id],
    ...more,
  });

  it('are added, and then their page is open', async () => {
    const done = await manager.post('/settings/providers', { title: '', name: 'Kim Zomer', colour: '5', active: true });
    expect(done.headers.location).toMatch(/^\/settings\/providers\/[0-9a-f-]{36}$/);
    const { body } = await manager.get(done.headers.location as string);
    for (const text of ['Kim Zomer', 'Not bookable online', 'Now set when the provider works'])
      expect(body).toContain(text);
  });

  it('refuse a name that is missing and a colour that is none', async () => {
    const fields = { title: 'Dr kept', name: 'Kim', colour: '1', active: true };
    for (const at of ['/settings/providers', path()]) {
      await refuses(
        at,
        fields,
        [
          ['name', '', 'This is required.'],
          ['colour', '9', 'Choose one of the list.'],
        ],
        'value="Dr kept"',
      );
    }
  });

  it('who no longer treat keep their appointments, and that is said', async () => {
    const patient = await buildPatient(db, built);
    await db.database.insert(tables.bookEntries).values({
      practiceId: built.practice.id,
      locationId: built.location.id,
      kind: 'appointment',
      status: 'booked',
      patientId: patient.id,
      providerId: built.providers[0]!.id,
      chairId: built.chairs[0]!.id,
      startsAt: inDays(built, 2, 600),
      endsAt: inDays(built, 2, 630),
    });
    expect((await manager.post(path(), { title: 'Dr', name: 'Noor', colour: '1' })).statusCode).toBe(303);
    await manager.post(`/settings/chairs/${built.chairs[0]!.id}`, { name: 'Chair 1', position: '1' });
    for (const page of [path(), '/settings/providers', '/settings/chairs', `/settings/chairs/${built.chairs[0]!.id}`])
      expect((await manager.get(page)).body).toContain('1 appointment is still to come');
    const [entry] = await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.patientId, patient.id));
    expect(entry!.status).toBe('booked');
  });

  it('are configured for online booking, with chairs in order', async () => {
    expect((await manager.post(`${path()}/online-booking`, online())).statusCode).toBe(303);
    const chairs = await db.database
      .select()
      .from(tables.providerOnlineChairs)
      .where(eq(tables.providerOnlineChairs.providerId, built.providers[0]!.id))
      .orderBy(tables.providerOnlineChairs.position);
    expect(chairs.map(({ chairId }) => chairId)).toEqual([built.chairs[1]!.id, built.chairs[0]!.id]);
    expect((await manager.get(path())).body).toContain('Bookable online');
    await manager.post(`${path()}/online-booking`, online({ bookable: false, chair: [] }));
    expect((await manager.get(path())).body).toContain('Not bookable online');
  });

  it('refuse a configuration that could not work, kept as filled', async () => {
    await refuses(
      `${path()}/online-booking`,
      online(),
      [
        ['daysAhead', '366', 'too small or too large'],
        ['daysAhead', '', 'This is required.'],
        ['chair', ['', ''], 'Choose at least one chair'],
        ['chair', [built.chairs[0]!.id, built.chairs[0]!.id], 'Choose each chair only once.'],
        ['chair', ['nowhere'], 'Choose one of the list.'],
        ['chair', [elsewhere.chairs[0]!.id], 'Choose one of the list.'],
        ['practiceId', elsewhere.practice.id, 'This form has changed.'],
      ],
      '<option value="1440" selected',
    );
    await refuses(
      `${path()}/online-booking`,
      online(),
      [['earliestNoticeMinutes', '20161', 'too small or too large']],
      'value="60"',
    );
    const [row] = await db.database
      .select()
      .from(tables.providerOnlineBooking)
      .where(eq(tables.providerOnlineBooking.providerId, built.providers[0]!.id));
    expect(row!.daysAhead).toBe(365);
  });

  it('have working hours, set in a window', async () => {
    const hours = `${path()}/working-hours/${built.location.id}`;
    expect((await manager.get(hours, { partial: true })).body).toMatch(/^<section/);
    expect((await manager.get(hours)).body).toMatch(/^<!doctype html>.*value="00:00–24:00"/s);
    await refuses(hours, { day1: '8:00-12:00' }, [['day5', '9-17', 'Write the hours such as']], 'value="8:00-12:00"');
    const done = await manager.post(hours, { day1: '8:00-12:00' }, { partial: true });
    expect([done.statusCode, done.headers['hx-redirect']]).toEqual([204, path()]);
    const body = (await manager.get(path())).body;
    expect(body).toContain('08:00–12:00');
    expect(body).toContain('does not work');
  });

  it('can’t work at two places at once', async () => {
    const address = { name: 'West', street: 'Weg 1', postalCode: '1', city: 'Utrecht', phone: '030 000 0000' };
    await manager.post('/settings/locations', address);
    const [, west] = /working-hours\/([0-9a-f-]{36})"[^>]*>[^<]*Edit <span[^>]*>[^<]*in West/.exec(
      (await manager.get(path())).body,
    )!;
    await refuses(
      `${path()}/working-hours/${west}`,
      {},
      [['day4', '8:00-12:00', 'works at another location then']],
      'value="8:00-12:00"',
    );
  });
});
