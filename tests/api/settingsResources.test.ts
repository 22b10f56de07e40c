import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPractice, inDays, password } from '../builders.ts';
import { type Browser, buildTestApp, signIn, visitor } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

type Fields = Record<string, string | boolean | string[]>;

let db: FreshDatabase;
let built: BuiltPractice;
let elsewhere: BuiltPractice;
let app: FastifyInstance;
let manager: Browser;

beforeAll(async () => {
  db = await freshDatabase();
  app = await buildTestApp(db);
});
beforeEach(async () => {
  built = await buildPractice(db);
  elsewhere = await buildPractice(db);
  manager = await signIn(app, built.users.manager);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

/** Every case: the form with one wrong field comes back with 422, the error and what else was typed. */
async function refuses(path: string, fields: Fields, cases: [string, string | string[], string][], kept: string) {
  for (const [field, value, error] of cases) {
    const { statusCode, body } = await manager.post(path, { ...fields, [field]: value });
    expect([field, value, statusCode]).toEqual([field, value, 422]);
    expect(body).toContain(error);
    expect(body).toContain(kept);
  }
}

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
      ['name', ' ', 'This is needed.'],
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
          ['name', '', 'This is needed.'],
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
        ['daysAhead', '', 'This is needed.'],
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

describe('services', () => {
  const fields = { code: 'K1', nameEn: 'Crown', nameNl: 'Kroon', estimatedTime: '1:15', active: true };

  it('are added and changed, with an Estimated Time that may be zero', async () => {
    expect((await manager.post('/settings/services', fields)).statusCode).toBe(303);
    const page = (await manager.get('/settings/services')).body;
    expect(page).toContain('1:15');
    const [, id] = /services\/([0-9a-f-]{36})"[^>]*>K1/.exec(page)!;
    await manager.post(`/settings/services/${id}`, { ...fields, estimatedTime: '0:00', active: false });
    const [service] = await db.database.select().from(tables.services).where(eq(tables.services.id, id!));
    expect(service).toMatchObject({ code: 'K1', estimatedMinutes: 0, active: false });
  });

  it('refuse what does not fit', async () => {
    const cases: [string, string, string][] = [
      ['code', '', 'This is needed.'],
      ['code', 'K 1', 'This value does not fit.'],
      ['code', 'x1', 'Another service has this code.'],
      ['nameNl', '', 'This is needed.'],
      ['estimatedTime', '45', 'hours and minutes'],
      ['estimatedTime', '25:00', 'at most 8 hours'],
      ['estimatedTime', '', 'This is needed.'],
    ];
    await refuses('/settings/services', fields, cases, 'value="Crown"');
    await refuses(`/settings/services/${built.services[0]!.id}`, fields, cases, 'value="Crown"');
    expect((await manager.get('/settings/services')).body).not.toContain('Crown');
  });
});

describe('users', () => {
  const fields = (more: Fields = {}): Fields => ({
    name: 'Kim Zomer',
    email: `kim.${built.practice.id}@example.org`,
    role: 'receptionist',
    language: 'nl',
    providerId: '',
    locationId: built.location.id,
    active: true,
    ...more,
  });
  const secret = 'twelve characters at least';
  const path = () => `/settings/users/${built.users.receptionist.id}`;
  const signsIn = async (email: string, typed: string) =>
    (await visitor(app, {}, `10.0.0.${Math.floor(Math.random() * 250)}`).post('/sign-in', { email, password: typed }))
      .statusCode === 303;

  it('are added, and can sign in with the password that they were given', async () => {
    expect((await manager.post('/settings/users', fields({ password: secret }))).statusCode).toBe(303);
    expect((await manager.get('/settings/users')).body).toContain('Kim Zomer');
    expect(await signsIn(fields().email as string, secret)).toBe(true);
  });

  it('refuse what does not fit, and give no password back', async () => {
    const cases: [string, string, string][] = [
      ['name', '', 'This is needed.'],
      ['email', 'kim', 'This is not an email address.'],
      ['email', elsewhere.users.manager.email.toUpperCase(), 'Another user signs in with this address.'],
      ['role', 'owner', 'Choose one of the list.'],
      ['language', 'fr', 'Choose one of the list.'],
      ['providerId', elsewhere.providers[0]!.id, 'Choose one of the list.'],
      ['locationId', elsewhere.location.id, 'Choose one of the list.'],
    ];
    await refuses('/settings/users', fields({ name: 'Kept', password: secret }), cases.slice(1), 'value="Kept"');
    await refuses(path(), fields({ name: 'Kept' }), cases.slice(1), 'value="Kept"');
    await refuses('/settings/users', fields({ password: secret }), cases.slice(0, 1), 'example.org');
    for (const short of ['', 'elevenchars']) {
      const { statusCode, body } = await manager.post('/settings/users', fields({ password: short }));
      expect(statusCode).toBe(422);
      expect(body).toContain(short ? 'Too short: at least 12' : 'This is needed.');
      expect(body).not.toContain('elevenchars');
    }
    const { body } = await manager.post('/settings/users', fields({ name: '', password: secret }));
    expect(body).not.toContain(secret);
    expect((await manager.get('/settings/users')).body).not.toContain('Kept');
  });

  it('who may no longer sign in are signed out at once', async () => {
    const desk = await signIn(app, built.users.receptionist);
    expect((await desk.get('/patients')).statusCode).toBe(200);
    const { email, name } = built.users.receptionist;
    expect((await manager.post(path(), fields({ name, email, active: false }))).statusCode).toBe(303);
    expect((await desk.get('/patients')).headers.location).toContain('/sign-in');
    expect(await signsIn(email, password)).toBe(false);
    const rows = await db.database
      .select()
      .from(tables.sessions)
      .where(eq(tables.sessions.userId, built.users.receptionist.id));
    expect(rows).toEqual([]);
    expect((await manager.get('/settings/users')).body).toContain('May not sign in');
  });

  it('with another role have it at their next page', async () => {
    const desk = await signIn(app, built.users.receptionist);
    expect((await desk.get('/settings')).statusCode).toBe(403);
    const { email, name } = built.users.receptionist;
    await manager.post(path(), fields({ name, email, role: 'manager' }));
    expect((await desk.get('/settings')).statusCode).toBe(303);
  });

  it('can’t demote or deactivate themselves', async () => {
    const { id, email, name } = built.users.manager;
    const own = fields({ name, email, role: 'manager' });
    await refuses(`/settings/users/${id}`, own, [['role', 'receptionist', 'You can’t take this from yourself']], name);
    const { statusCode, body } = await manager.post(`/settings/users/${id}`, { ...own, active: false });
    expect(statusCode).toBe(422);
    expect(body).toContain('You can’t take this from yourself');
    expect((await manager.get('/settings')).statusCode).toBe(303);
  });

  it('get a new password, and are signed out elsewhere', async () => {
    const desk = await signIn(app, built.users.receptionist);
    const short = await manager.post(`${path()}/password`, { password: 'elevenchars' }, { partial: true });
    expect(short.statusCode).toBe(422);
    expect(short.body).toContain('Too short: at least 12');
    expect(short.body).not.toContain('elevenchars');
    expect((await desk.get('/patients')).statusCode).toBe(200);
    expect((await manager.post(`${path()}/password`, { password: secret })).statusCode).toBe(303);
    expect((await desk.get('/patients')).headers.location).toContain('/sign-in');
    expect(await signsIn(built.users.receptionist.email, password)).toBe(false);
    expect(await signsIn(built.users.receptionist.email, secret)).toBe(true);
  });

  it('stay where they are when they set their own', async () => {
    const elsewhereSignedIn = await signIn(app, built.users.manager);
    await manager.post(`/settings/users/${built.users.manager.id}/password`, { password: secret });
    expect((await manager.get('/settings/users')).statusCode).toBe(200);
    expect((await elsewhereSignedIn.get('/settings/users')).headers.location).toContain('/sign-in');
  });
});
